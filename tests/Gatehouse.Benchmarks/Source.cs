using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Benchmarks;

/// <summary>Clients with addresses of their own, spread over 127.0.0.0/8, so that the limits of one address are those of one
/// person.</summary>
internal static class Source
{
    private static int count;

    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns its handler.")]
    public static HttpClient Next(Uri server)
    {
        var number = Interlocked.Increment(ref count);
        var own = new IPEndPoint(new IPAddress([127, (byte)(1 + (number >> 16)), (byte)(number >> 8), (byte)number]), 0);
        return new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    try
                    {
                        socket.Bind(new IPEndPoint(own.Address.MapToIPv6(), 0));
                        await socket.ConnectAsync(
                            new IPEndPoint(IPAddress.Loopback.MapToIPv6(), context.DnsEndPoint.Port),
                            cancellationToken
                        );
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            }
        )
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }
}
