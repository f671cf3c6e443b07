using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.SystemTests.Organizations.Domains;

/// <summary>
/// A name server of a test: it answers questions for TXT records over UDP and TCP (RFC 1035, 4.2), or in the way that the test says.
/// </summary>
internal sealed class NameServerStandIn : IAsyncDisposable
{
    private const int MaxDatagram = 512;

    private readonly CancellationTokenSource stop = new();
    private readonly Socket udp;
    private readonly TcpListener tcp;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Task[] work;

    public NameServerStandIn()
    {
        (udp, tcp) = Listen();
        Address = udp.LocalEndPoint!.ToString()!;
        work = [Task.Run(ServeDatagramsAsync), Task.Run(ServeStreamsAsync)];
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>Changes an answer before it is sent; null sends none.</summary>
    public Func<byte[], byte[]?> Distort { get; set; } = answer => answer;

    public ConcurrentQueue<string> Questions { get; } = new();

    public void Put(string name, params string[] values) => texts[name] = values;

    public void Remove(string name) => texts.TryRemove(name, out _);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        tcp.Stop();
        udp.Dispose();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[1500];
        while (!stop.IsCancellationRequested)
        {
            var got = await udp.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), stop.Token);
            var answer = Answer(buffer.AsSpan(0, got.ReceivedBytes));
            if (answer.Length > MaxDatagram)
            {
                // Only that there is more (TC): the client asks again over TCP.
                answer = answer[..QuestionEnd(answer)];
                answer[2] |= 0x02;
                answer.AsSpan(6, 6).Clear();
            }

            if (Distort(answer) is { } sent)
                await udp.SendToAsync(sent, SocketFlags.None, got.RemoteEndPoint, stop.Token);
        }
    }

    private async Task ServeStreamsAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            using var client = await tcp.AcceptTcpClientAsync(stop.Token);
            var stream = client.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, stop.Token);
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, stop.Token);
            if (Distort(Answer(query)) is not { } sent)
                continue;
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)sent.Length);
            await stream.WriteAsync(length, stop.Token);
            await stream.WriteAsync(sent, stop.Token);
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query)
    {
        var end = QuestionEnd(query);
        var name = Name(query);
        Questions.Enqueue(name);
        var known = texts.TryGetValue(name, out var values);
        using var answer = new MemoryStream();
        answer.Write(query[..end]);
        foreach (var value in values ?? [])
        {
            // The name of the question, TXT, IN, one minute.
            answer.Write([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
            var parts = Encoding.ASCII.GetBytes(value).Chunk(255).ToList();
            answer.Write([(byte)((value.Length + parts.Count) >> 8), (byte)(value.Length + parts.Count)]);
            foreach (var part in parts)
            {
                answer.WriteByte((byte)part.Length);
                answer.Write(part);
            }
        }

        var bytes = answer.ToArray();
        // An answer, recursion available, and whether there is such a name.
        (bytes[2], bytes[3]) = (0x81, (byte)(known ? 0x80 : 0x83));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)(values?.Count ?? 0));
        bytes.AsSpan(8, 4).Clear();
        return bytes;
    }

    // The same port for both: what is free over UDP may be taken over TCP, and then another one is tried.
    private static (Socket Udp, TcpListener Tcp) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                var streams = new TcpListener((IPEndPoint)datagrams.LocalEndPoint!);
                streams.Start();
                return (datagrams, streams);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 100)
            {
                datagrams.Dispose();
            }
        }
    }

    private static string Name(ReadOnlySpan<byte> message)
    {
        var labels = new List<string>();
        for (var at = 12; message[at] > 0; at += message[at] + 1)
            labels.Add(Encoding.ASCII.GetString(message.Slice(at + 1, message[at])));
        return string.Join('.', labels);
    }

    // The header, the name, and two numbers.
    private static int QuestionEnd(ReadOnlySpan<byte> message)
    {
        var at = 12;
        while (message[at] > 0)
            at += message[at] + 1;
        return at + 5;
    }
}
