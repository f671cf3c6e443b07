using System.Collections.Concurrent;
using System.Net.Sockets;
using Npgsql;

namespace Gatehouse.SystemTests.Core.Postgres;

/// <summary>Stands between the program and PostgreSQL and can be cut, or carry nothing for a while.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cable").FullName;
    private readonly ConcurrentDictionary<Socket, bool> ends = new();
    private readonly UnixDomainSocketEndPoint server;
    private readonly int port;
    private Socket? listener;
    private volatile TaskCompletionSource? silence;

    public Cable(string connectionString)
    {
        var real = new NpgsqlConnectionStringBuilder(connectionString);
        port = real.Port;
        server = new UnixDomainSocketEndPoint(Path.Combine(real.Host!, $".s.PGSQL.{port}"));
    }

    private string SocketFile => Path.Combine(folder, $".s.PGSQL.{port}");

    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = folder }.ConnectionString;

    public void Mend()
    {
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketFile));
        listener.Listen(100);
        _ = AcceptAsync(listener);
    }

    public void Cut()
    {
        listener?.Dispose();
        File.Delete(SocketFile);
        foreach (var end in ends.Keys)
            end.Dispose();
        ends.Clear();
    }

    /// <summary>From now on everything is accepted and nothing answered, as by a server that is stopped or whose disk hangs.</summary>
    public void Hang() => silence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        var ended = silence;
        silence = null;
        ended?.SetResult();
    }

    public ValueTask DisposeAsync()
    {
        Resume();
        Cut();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(Socket from)
    {
        try
        {
            while (true)
            {
                var near = await from.AcceptAsync();
                var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await far.ConnectAsync(server);
                (ends[near], ends[far]) = (true, true);
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0; )
            {
                if (silence is { } silent)
                    await silent.Task;
                for (var sent = 0; sent < read; )
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or one side hung up.
        }

        from.Dispose();
        to.Dispose();
        ends.TryRemove(from, out _);
        ends.TryRemove(to, out _);
    }
}
