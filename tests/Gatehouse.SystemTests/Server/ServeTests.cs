using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse serve</c> in production mode, as a process.</summary>
[Trait("Speed", "Slow")]
public sealed class ServeTests
{
    private static readonly object Ada = new
    {
        email = "ada@example.com",
        name = "Ada",
        password = TestUsers.Password,
    };

    [Fact]
    public async Task A_production_start_without_settings_lists_all_that_are_missing()
    {
        await using var run = await GatehouseProcess.RunAsync(["serve"]);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Equal("", run.Output);
        foreach (
            var variable in new[] { "DATABASE__CONNECTIONSTRING", "KEYS__MASTER", "HTTP__PUBLICURL", "MAIL__FROM", "MAIL__SMTP__HOST" }
        )
            Assert.Contains($"Set GATEHOUSE__{variable}.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("serve", "--nonsense")]
    [InlineData]
    public async Task What_the_command_line_cannot_mean_is_answered_with_help(params string[] arguments)
    {
        await using var run = await GatehouseProcess.RunAsync(arguments);

        Assert.NotEqual(0, await run.ExitCodeAsync());
        Assert.NotEqual("", run.Errors);
        Assert.Contains("Usage:\n  gatehouse", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--set requires Name=value.", "serve", "--set", "Http:Port")]
    [InlineData("--data requires the path of a folder.", "serve", "--data", " ")]
    [InlineData("--language must be one of en, hi, es.", "user", "create", "--email", "a", "--name", "A", "--language", "xx")]
    public async Task A_mistyped_value_of_an_option_is_one_plain_line(string line, params string[] arguments)
    {
        await using var run = await GatehouseProcess.RunAsync(arguments);

        Assert.Equal((1, "", line), (await run.ExitCodeAsync(), run.Output, run.Errors.Trim()));
    }

    [Theory]
    [InlineData("--port", "abc", "Gatehouse:Http:Port is \"abc\" but must be a whole number from 0 to 65535. Set GATEHOUSE__HTTP__PORT.")]
    [InlineData(
        "--port",
        "99999999999",
        "Gatehouse:Http:Port is \"99999999999\" but must be a whole number from 0 to 65535. Set GATEHOUSE__HTTP__PORT."
    )]
    [InlineData(
        "--set",
        "Split:Port=99999",
        "Gatehouse:Split:Port is \"99999\" but must be a whole number from 0 to 65535. Set GATEHOUSE__SPLIT__PORT."
    )]
    [InlineData("--set", "Http:ManagementPort=-1", "Gatehouse:Http:ManagementPort is \"-1\" but must be")]
    public async Task What_is_no_port_is_named_by_its_setting(string option, string value, string words)
    {
        await using var run = await GatehouseProcess.RunAsync(["serve", option, value]);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Contains("\n  " + words, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_called_like_the_program_changes_nothing()
    {
        await using var run = await GatehouseProcess.RunAsync(
            ["serve"],
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["GATEHOUSE"] = "http://localhost:8080" }
        );

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains("settings are missing or invalid", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_setting_stops_the_start_and_the_nearest_known_one_is_named()
    {
        await using var run = await GatehouseProcess.RunAsync(["serve", "--set", "Databse:ConnectionString=x"]);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains(
            "Gatehouse:Databse:ConnectionString is not a known setting; Gatehouse:Database:ConnectionString is",
            run.Errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("GATEHOUSE__DATABSE", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SignIn:FreeFailures", "Gatehouse:SignIn:FailuresBeforeDelay (GATEHOUSE__SIGNIN__FAILURESBEFOREDELAY)")]
    [InlineData("Telemetry:TracedShare", "Gatehouse:Telemetry:SamplingRatio (GATEHOUSE__TELEMETRY__SAMPLINGRATIO)")]
    [InlineData("PasswordReset:CodeTries", "Gatehouse:PasswordReset:CodeAttempts (GATEHOUSE__PASSWORDRESET__CODEATTEMPTS)")]
    public async Task A_setting_by_the_name_of_an_earlier_version_stops_the_start_and_the_new_name_is_said(string former, string now)
    {
        await using var run = await GatehouseProcess.RunAsync(["serve", "--set", former + "=3"]);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains($"Gatehouse:{former} has a new name: {now}", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Database=missing_database", "missing_database")]
    [InlineData("Username=nobody_here", "nobody_here")]
    public async Task A_database_that_rejects_stops_the_start_in_plain_words(string change, string named)
    {
        var settings = await SettingsAsync();
        settings["Database:ConnectionString"] += ";" + change;
        await using var run = await GatehouseProcess.RunAsync(["serve"], settings);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        Assert.Contains("gatehouse doctor", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_machine_does_not_give_is_named_before_a_database_is_asked()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var settings = await SettingsAsync();
        // A start that asked this database would wait for it.
        settings["Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=gatehouse;Username=gatehouse";
        settings["Http:Port"] = port;
        settings["Http:ManagementPort"] = "0";
        settings["Audit:CheckpointFile"] = "/proc/checkpoints.jsonl";

        await using var run = await GatehouseProcess.RunAsync(["serve"], settings);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Equal(
            $"""
            2 settings are missing or invalid:
              Gatehouse:Http:Port is "{port}" but is already in use on 127.0.0.1; it must be a free port. Set GATEHOUSE__HTTP__PORT.
              Gatehouse:Audit:CheckpointFile is "/proc/checkpoints.jsonl" but must name a file that this account may write. 
            """ + "Set GATEHOUSE__AUDIT__CHECKPOINTFILE.",
            run.Errors
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_port_of_the_split_form_is_found_in_use_before_a_database_is_asked(bool isOwn)
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = isOwn ? GatehouseProcess.FreePort() : ((IPEndPoint)taken.LocalEndpoint).Port;
        var settings = await SettingsAsync();
        settings["Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=gatehouse;Username=gatehouse";
        settings["Http:Port"] = isOwn ? $"{port}" : "0";
        settings["Split:Port"] = $"{port}";
        settings["Split:Secret"] = new string('s', 32);

        await using var run = await GatehouseProcess.RunAsync(["serve"], settings);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        var words = isOwn ? "must be another port than Gatehouse:Http:Port." : "is already in use on 127.0.0.1; it must be a free port.";
        Assert.Equal(
            $"1 setting is missing or invalid:\n  Gatehouse:Split:Port is \"{port}\" but {words} Set GATEHOUSE__SPLIT__PORT.",
            run.Errors
        );
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Databse=gatehouse;Password=geheim")]
    [InlineData("Host=127.0.0.1;Port=70000;Database=gatehouse;Password=geheim")]
    [InlineData("Host=127.0.0.1;Multiplexing=true;Database=gatehouse;Password=geheim")]
    public async Task A_mistyped_connection_string_is_named_without_its_password_and_without_a_stack_trace(string connection)
    {
        var settings = await SettingsAsync();
        settings["Database:ConnectionString"] = connection;

        await using var run = await GatehouseProcess.RunAsync(["doctor"], settings);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.StartsWith(
            "1 setting is missing or invalid:\n  Gatehouse:Database:ConnectionString must be ",
            run.Errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("geheim", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_database_the_server_stays_up_and_answers_503()
    {
        var settings = await SettingsAsync();
        settings["Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=gatehouse;Username=gatehouse";
        await using var server = GatehouseProcess.Start(["serve"], settings);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };

        using var live = await http.GetAsync(new Uri("/health/live", UriKind.Relative));
        using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        using var refused = await http.PostAsJsonAsync("/v1/registrations", Ada);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(refused.Headers.RetryAfter);
        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task In_production_every_line_of_output_is_json_and_none_tells_of_a_user()
    {
        await using var server = GatehouseProcess.Start(["serve"], await SettingsAsync());
        using (var http = new HttpClient { BaseAddress = await server.AddressAsync() })
        {
            using var accepted = await http.PostAsJsonAsync("/v1/registrations", Ada);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            // There is no inbox in production, nor a mail server here: the failed hand-over is in the log too.
            using var inbox = await http.GetAsync(new Uri("/inbox", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, inbox.StatusCode);
            await TestApp.EventuallyAsync(
                () => Task.FromResult(server.Output.Contains("postponed", StringComparison.Ordinal)),
                "the mail job fails"
            );
        }

        await server.SignalAsync("TERM");
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Equal("", server.Errors);
        Assert.All(server.Lines, line => JsonDocument.Parse(line).Dispose());
        Assert.DoesNotContain("ada@", server.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2025", Justification = "Every answer is awaited before the client ends.")]
    public async Task A_stop_while_requests_run_answers_all_of_them()
    {
        const int Requests = 8;
        var settings = await SettingsAsync();
        // So dear a hash that most requests still wait for theirs when the first is answered.
        settings["PasswordHashing:MemoryKiB"] = "131072";
        settings["PasswordHashing:MaxWait"] = "10s";
        await using var server = GatehouseProcess.Start(["serve"], settings);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };

        var answers = Enumerable
            .Range(0, Requests)
            .Select(i =>
                http.PostAsJsonAsync(
                    "/v1/registrations",
                    new
                    {
                        email = $"person{i}@example.com",
                        name = "Ada",
                        password = TestUsers.Password,
                    }
                )
            )
            .ToList();
        await Task.WhenAny(answers);
        await server.SignalAsync("TERM");

        foreach (var answer in answers)
        {
            using var accepted = await answer;
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        var stopping = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await using var source = Npgsql.NpgsqlDataSource.Create(settings["Database:ConnectionString"]!);
        await using var command = source.CreateCommand("select count(*) from identity.verifications");
        Assert.Equal((long)Requests, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_says_that_it_is_not_ready_and_serves_on_until_it_has_drained()
    {
        var settings = await SettingsAsync();
        settings["Http:DrainSeconds"] = "8";
        await using var server = GatehouseProcess.Start(["serve"], settings);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        await server.SignalAsync("TERM");

        await TestApp.EventuallyAsync(
            async () =>
            {
                using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the node says that it is not ready"
        );
        using var accepted = await http.PostAsJsonAsync("/v1/registrations", Ada);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.True(accepted.Headers.ConnectionClose);

        Assert.Equal(0, await server.ExitCodeAsync());
    }

    internal static async Task<Dictionary<string, string?>> SettingsAsync((string Main, string Keys)? databases = null)
    {
        var (main, keys) = databases ?? await (await TestDatabases.GetAsync()).CreateAsync();
        var settings = TestApp.Settings(main, keys);
        settings["Http:PublicUrl"] = "https://accounts.example.com";
        settings["Mail:Sender"] = "smtp";
        settings["Mail:From"] = "accounts@example.com";
        // Nothing listens there.
        settings["Mail:Smtp:Host"] = "127.0.0.1";
        settings["Mail:Smtp:Port"] = "1";
        return settings;
    }
}
