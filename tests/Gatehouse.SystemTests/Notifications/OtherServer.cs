using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Says the same to everybody, which need not be HTTP, and hangs up.</summary>
internal sealed class OtherServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly byte[] answer;
    private readonly Task talking;

    public OtherServer(string answer)
    {
        this.answer = Encoding.ASCII.GetBytes(answer);
        listener.Start();
        Url = $"http://{listener.LocalEndpoint}/";
        talking = TalkAsync();
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await talking;
        listener.Dispose();
    }

    private async Task TalkAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[64 * 1024]);
                await stream.WriteAsync(answer);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}
