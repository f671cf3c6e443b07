using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Development.Postgres;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse serve --dev</c> as a process with a data folder of its own: what <c>make run</c> gives a newcomer.</summary>
[Trait("Speed", "Slow")]
public sealed partial class ServeDevelopmentTests : IDisposable
{
    private readonly TemporaryFolder place = new();
    private readonly int port = GatehouseProcess.FreePort();

    private string ClusterFile => Path.Combine(place.FullPath, "postgres", "cluster", PostmasterFile.Name);

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task The_printed_addresses_and_commands_work_as_they_stand()
    {
        await using var server = Start();
        var address = await server.AddressAsync();
        Assert.Equal($"http://localhost:{port}/", address.AbsoluteUri);
        await TestApp.EventuallyAsync(() => Task.FromResult(CurlLines(server).Count == 3), "three commands are printed");
        var commands = CurlLines(server);

        foreach (var page in Addresses().Matches(server.Output).Select(m => m.Value))
            Assert.Equal("200", await ShellAsync($"curl -s -L -o /dev/null -w '%{{http_code}}' {page}"));

        var started = JsonDocument.Parse(await ShellAsync(commands[0])).RootElement;
        var registration = started.GetProperty("registrationId").GetString()!;
        var inbox = "";
        await TestApp.EventuallyAsync(async () => (inbox = await ShellAsync(commands[1])).Length > 2, "the mail arrives");
        var code = Regex.Match(JsonDocument.Parse(inbox).RootElement[0].GetProperty("text").GetString()!, @"\b\d{6}\b").Value;
        var verified = await ShellAsync(
            commands[2].Replace("REGISTRATION_ID", registration, StringComparison.Ordinal).Replace("CODE", code, StringComparison.Ordinal)
        );
        Assert.Equal("ada@example.com", JsonDocument.Parse(verified).RootElement.GetProperty("user").GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_second_start_on_the_same_folder_says_who_holds_it()
    {
        await using var first = Start();
        await first.AddressAsync();

        await using var second = await GatehouseProcess.RunAsync([
            "serve",
            "--dev",
            "--port",
            Text(GatehouseProcess.FreePort()),
            "--data",
            place.FullPath,
        ]);

        Assert.Equal(1, await second.ExitCodeAsync());
        Assert.Contains(
            $"{place.FullPath} is in use by process {first.Id}, running on http://localhost:{port}",
            second.Errors,
            StringComparison.Ordinal
        );
        Assert.Equal("200", await ShellAsync($"curl -s -o /dev/null -w '%{{http_code}}' http://localhost:{port}/health/ready"));
    }

    [Fact]
    public async Task Commands_work_beside_the_server_and_leave_it_running()
    {
        await using var server = Start();
        await server.AddressAsync();
        var database = PostmasterFile.Read(Path.GetDirectoryName(ClusterFile)!)!.ProcessId;

        await AssertEndsAsync(0, "ok      database", "doctor");
        await AssertEndsAsync(0, "", "user", "create", "--email", "grace@example.com", "--name", "@example");
        // An argument that begins with @ is no name of a file.
        await AssertEndsAsync(
            1,
            "username: Use 3–30 characters",
            "user",
            "create",
            "--email",
            "mary@example.com",
            "--name",
            "Mary",
            "--username",
            "@example"
        );
        await AssertEndsAsync(1, "Not a valid e-mail address", "notifications", "unsuppress", "@example");
        await AssertEndsAsync(0, "The next key is used from", "keys", "rotate");
        await AssertEndsAsync(0, "ok      ", "audit", "verify");
        await AssertEndsAsync(0, "", "notifications", "suppressed");
        await AssertEndsAsync(0, "Nothing to do", "migrate");

        Assert.Equal("200", await ShellAsync($"curl -s -o /dev/null -w '%{{http_code}}' http://localhost:{port}/health/ready"));
        Assert.Equal(database, PostmasterFile.Read(Path.GetDirectoryName(ClusterFile)!)!.ProcessId);
        await StopAsync(server, "TERM");

        // Alone, a command brings the database up for itself and takes it down again.
        await AssertEndsAsync(0, "ok      database", "doctor");
        Assert.False(File.Exists(ClusterFile));
    }

    [Fact]
    public async Task What_a_start_cannot_use_is_one_plain_line_and_no_database_is_started_for_it()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port + 1000);
        taken.Start();
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, "");

        await AssertRejectedAsync(
            "Gatehouse:Http:Port is \"99999\" but must be a whole number from 0 to 65535. Set GATEHOUSE__HTTP__PORT.",
            "--port",
            "99999",
            "--data",
            place.FullPath
        );
        await AssertRejectedAsync(
            $"Gatehouse:Http:ManagementPort is \"{port + 1000}\" but is already in use",
            "--port",
            Text(port),
            "--data",
            place.FullPath
        );
        await AssertRejectedAsync("The data folder /proc/gatehouse (--data) cannot be used", "--data", "/proc/gatehouse");
        await AssertRejectedAsync($"The data folder {file}/below (--data) cannot be used", "--data", file + "/below");

        Assert.False(Directory.Exists(Path.Combine(place.FullPath, "postgres")));
        File.Delete(file);

        static async Task AssertRejectedAsync(string words, params string[] options)
        {
            await using var run = await GatehouseProcess.RunAsync(["serve", "--dev", .. options]);
            Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
            Assert.Contains(words, run.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_start_on_a_port_in_use_says_so_and_leaves_no_database_behind()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        listener.Start();

        await using var run = Start();

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains(Text(port), run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(ClusterFile));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_the_server_and_its_database_and_the_next_start_finds_the_same_users(string signal)
    {
        var first = Start();
        await RegisterAsync(first);
        await StopAsync(first, signal);

        await using var second = Start();
        await second.AddressAsync();
        Assert.Contains("ada@example.com", await ShellAsync($"curl -s http://localhost:{port}/inbox/messages"), StringComparison.Ordinal);
        await StopAsync(second, signal);
    }

    [Fact]
    public async Task A_signal_during_the_start_ends_it_too()
    {
        await using var server = Start();
        await TestApp.EventuallyAsync(
            () => Task.FromResult(PostmasterFile.Read(Path.GetDirectoryName(ClusterFile)!) is not null),
            "PostgreSQL comes up"
        );

        await StopAsync(server, "TERM");
    }

    [Fact]
    public async Task A_start_after_a_kill_takes_over_the_database_that_was_left_and_all_that_was_acknowledged()
    {
        await using var first = Start();
        await RegisterAsync(first);
        var database = PostmasterFile.Read(Path.GetDirectoryName(ClusterFile)!)!.ProcessId;
        await first.SignalAsync("KILL");
        Assert.Equal(GatehouseProcess.Killed, await first.ExitCodeAsync());

        await using var second = Start();
        await second.AddressAsync();

        Assert.Contains($"still runs as process {database}", second.Output, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", await ShellAsync($"curl -s http://localhost:{port}/inbox/messages"), StringComparison.Ordinal);
        await StopAsync(second, "INT");
    }

    private GatehouseProcess Start() => GatehouseProcess.Start(["serve", "--dev", "--port", Text(port), "--data", place.FullPath]);

    private async Task AssertEndsAsync(int exitCode, string words, params string[] command)
    {
        await using var run = await GatehouseProcess.RunAsync([.. command, "--dev", "--data", place.FullPath]);
        Assert.True(exitCode == await run.ExitCodeAsync(), $"{string.Join(' ', command)}: {run.Output} {run.Errors}");
        Assert.Contains(words, exitCode == 0 ? run.Output : run.Errors, StringComparison.Ordinal);
        if (exitCode == 0)
            Assert.Equal("", run.Errors);
    }

    private static async Task RegisterAsync(GatehouseProcess server)
    {
        await server.AddressAsync();
        await TestApp.EventuallyAsync(() => Task.FromResult(CurlLines(server).Count == 3), "three commands are printed");
        Assert.Contains("registrationId", await ShellAsync(CurlLines(server)[0]), StringComparison.Ordinal);
        await TestApp.EventuallyAsync(async () => (await ShellAsync(CurlLines(server)[1])).Length > 2, "the mail arrives");
    }

    private async Task StopAsync(GatehouseProcess server, string signal)
    {
        var database = PostmasterFile.Read(Path.GetDirectoryName(ClusterFile)!)!;
        await server.SignalAsync(signal);
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Equal("", server.Errors);
        Assert.False(PostmasterFile.IsServer(database.CommandLine()), "PostgreSQL still runs");
    }

    private static List<string> CurlLines(GatehouseProcess server) => [.. Curls().Matches(server.Output).Select(m => m.Value.Trim())];

    private static async Task<string> ShellAsync(string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return output;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A command, with the lines that its backslashes continue.
    [GeneratedRegex(@"^ +curl (?:.*\\\n)*.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Curls();

    [GeneratedRegex(@"(?<=^  )http://\S+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}
