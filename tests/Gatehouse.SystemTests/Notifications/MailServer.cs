using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>A mail server that is not ours: aiosmtpd (Debian's python3-aiosmtpd) in a process of its own.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<JsonElement> said = new();
    private readonly Task reading;

    private MailServer(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    public int Port => said.First().GetProperty("port").GetInt32();

    /// <summary>All that it took, in that order.</summary>
    public IEnumerable<JsonElement> AllMails => said.Where(s => s.TryGetProperty("to", out _));

    public IReadOnlyList<JsonElement> Mails(string to) => [.. AllMails.Where(mail => mail.GetProperty("to")[0].GetString() == to)];

    public int Rejections(string to) => said.Count(s => s.TryGetProperty("refused", out var refused) && refused.GetString() == to);

    /// <param name="options">As smtp_server.py takes them.</param>
    public static async Task<MailServer> StartAsync(int port = 0, params string[] options)
    {
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Notifications", "smtp_server.py"));
        start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        foreach (var option in options)
            start.ArgumentList.Add(option);

        var server = new MailServer(Process.Start(start)!);
        await TestApp.EventuallyAsync(() => Task.FromResult(!server.said.IsEmpty), "the mail server listens");
        return server;
    }

    /// <summary>The mail number <paramref name="number"/> to the address, waiting for it.</summary>
    public async Task<JsonElement> MailAsync(string to, int number = 1)
    {
        await TestApp.EventuallyAsync(() => Task.FromResult(Mails(to).Count >= number), $"mail number {number}");
        return Mails(to)[number - 1];
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5)))
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
            process.Kill();
        await reading;
        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            said.Enqueue(JsonDocument.Parse(line).RootElement);
    }
}
