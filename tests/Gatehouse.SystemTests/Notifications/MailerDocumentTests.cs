using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>The example by which docs/operations/mailer.md verifies a message, run on messages.</summary>
[Collection<OneMailer>]
[Trait("Speed", "Slow")]
public sealed partial class MailerDocumentTests(MailerApp running)
{
    private const string Call = """

        import json, sys
        for secret, headers, body in json.load(sys.stdin):
            print(verify(secret, headers, body.encode()))
        """;

    [Fact]
    public async Task The_documented_example_accepts_a_message_and_no_changed_one()
    {
        await using var app = await MailerApp.StartAsync(running.Server.Url, ("Mail:Signing:PreviousSecret", Other));
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        await TestApp.EventuallyAsync(() => Task.FromResult(running.Server.To(email).Count == 1), "the message is posted");
        var message = running.Server.To(email)[0];

        var headers = message.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal);
        var old = new Dictionary<string, string>(headers, StringComparer.Ordinal) { ["webhook-timestamp"] = "1700000000" };
        var said = await VerifyAsync(
            [MailerApp.Secret, headers, message.Body],
            [Other, headers, message.Body],
            [MailerApp.Secret, headers, message.Body + " "],
            [MailerApp.Secret, old, message.Body],
            [Convert.ToBase64String(new byte[32]), headers, message.Body]
        );

        Assert.Equal("True True False False False", said);
    }

    private static string Other { get; } = Convert.ToBase64String(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private static async Task<string> VerifyAsync(params object[][] messages)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "operations", "mailer.md"));
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Example.Match(page).Groups["code"].Value + Call);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(messages));
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Trim().Replace('\n', ' ');
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(
        @"```python\n(?<code>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Example { get; }
}
