using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tests.Web.Telemetry;

/// <summary>The line a request leaves in the log.</summary>
public sealed class AccessLogTests
{
    [Theory]
    [InlineData("GET", "/usernames/asha@example.com?token=hidden", "GET /usernames/{name} 200")]
    [InlineData("HEAD", "/usernames/asha@example.com", "HEAD (none) 405")]
    [InlineData("GET", "/nowhere/asha@example.com?token=hidden", "GET (none) 404")]
    [InlineData("ASHA", "/nowhere/asha@example.com", "_OTHER (none) 404")]
    [InlineData("GET", "/failing/asha@example.com?token=hidden", "GET /failing/{name} 500")]
    [InlineData("GET", "/usernames/asha%01?token=hidden", "GET (none) 400")]
    public async Task A_request_leaves_one_line_by_its_route_template(string method, string address, string words)
    {
        var log = new Lines();
        await using var host = await StartAsync(log);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));

        using var answer = await host.Client.SendAsync(request);
        await host.StopAsync();

        var line = Assert.Single(log.OfRequests);
        Assert.StartsWith(words + " in ", line, StringComparison.Ordinal);
        Assert.Contains(" ms, user (none), tenant (none), trace ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("asha", line, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hidden", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_goes_away_before_the_answer_is_told_from_a_failure()
    {
        var log = new Lines();
        var waiting = new TaskCompletionSource();
        await using var host = await StartAsync(log, waiting);
        using var leave = new CancellationTokenSource();

        var request = host.Client.GetAsync(new Uri("/waiting/asha", UriKind.Relative), leave.Token);
        await waiting.Task;
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await host.StopAsync();

        Assert.StartsWith("GET /waiting/{name} 499 in ", Assert.Single(log.OfRequests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Production", 1)]
    [InlineData("false", "Production", 0)]
    [InlineData(null, "Development", 0)]
    [InlineData("true", "Development", 1)]
    public async Task Development_mode_and_a_setting_switch_it_off(string? setting, string environment, int lines)
    {
        var log = new Lines();
        await using var host = await StartAsync(log, enabled: setting, environment: environment);

        await host.Client.GetStringAsync(new Uri("/usernames/asha", UriKind.Relative));
        await host.StopAsync();

        Assert.Equal(lines, log.OfRequests.Count);
    }

    [Fact]
    public async Task Probes_leave_no_line()
    {
        var log = new Lines();
        await using var host = await StartAsync(log);

        using var probe = await host.Client.GetAsync(new Uri("/probe", UriKind.Relative));
        await host.StopAsync();

        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        Assert.Empty(log.OfRequests);
    }

    private static Task<HttpHost> StartAsync(
        Lines log,
        TaskCompletionSource? waiting = null,
        string? enabled = null,
        string environment = "Production"
    ) =>
        HttpHost.StartAsync(
            app =>
            {
                app.MapGet("/usernames/{name}", (string name) => name);
                app.MapGet("/failing/{name}", IResult (string name) => throw new InvalidOperationException(name));
                app.MapGet(
                    "/waiting/{name}",
                    async (string name, HttpContext http) =>
                    {
                        waiting!.SetResult();
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
                        return name;
                    }
                );
                app.MapGet("/probe", () => "live").WithMetadata(Gatehouse.Web.ProbeMark.Instance);
            },
            new() { ["Gatehouse:AccessLog:Enabled"] = enabled },
            builder => builder.Logging.AddProvider(log),
            environment
        );

    private sealed class Lines : ILoggerProvider
    {
        public ConcurrentQueue<string> OfRequests { get; } = new();

        public ILogger CreateLogger(string categoryName) =>
            categoryName == "Gatehouse.AccessLog" ? new Logger(OfRequests) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose() { }

        private sealed class Logger(ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            ) => lines.Enqueue(formatter(state, exception));
        }
    }
}
