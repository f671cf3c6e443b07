using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Tests.Web;

public class ProblemTests
{
    [Fact]
    public async Task A_rejection_is_a_complete_problem_document()
    {
        var error = new Error("request.forbidden", ErrorKind.Refused)
            .WithFact("attemptsRemaining", 2)
            .WithFact("code", "overwritten")
            .After(TimeSpan.FromMilliseconds(1200));
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/x", () => error.ToProblem()));

        using var answer = await host.Client.GetAsync(new Uri("/x", UriKind.Relative));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        Assert.Equal("urn:gatehouse:error:request.forbidden", problem.GetProperty("type").GetString());
        Assert.Equal("Unprocessable Entity", problem.GetProperty("title").GetString());
        Assert.Equal(422, problem.GetProperty("status").GetInt32());
        Assert.Equal("You are not allowed to do this.", problem.GetProperty("detail").GetString());
        Assert.Equal(["request.forbidden"], problem.EnumerateObject().Where(p => p.Name == "code").Select(p => p.Value.GetString()));
        Assert.Equal(2, problem.GetProperty("attemptsRemaining").GetInt32());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
    }

    [Theory]
    [InlineData(ErrorKind.Invalid, 400)]
    [InlineData(ErrorKind.Unauthenticated, 401)]
    [InlineData(ErrorKind.Forbidden, 403)]
    [InlineData(ErrorKind.NotFound, 404)]
    [InlineData(ErrorKind.Conflict, 409)]
    [InlineData(ErrorKind.Gone, 410)]
    [InlineData(ErrorKind.TooLarge, 413)]
    [InlineData(ErrorKind.UnsupportedMediaType, 415)]
    [InlineData(ErrorKind.Refused, 422)]
    [InlineData(ErrorKind.TooManyRequests, 429)]
    [InlineData(ErrorKind.Unavailable, 503)]
    public void Every_kind_has_its_status(ErrorKind kind, int status) =>
        Assert.Equal(status, new Error("x.y", kind).ToProblem().StatusCode);

    [Fact]
    public void Every_kind_is_in_the_list_above()
    {
        foreach (var kind in Enum.GetValues<ErrorKind>())
            Assert.NotNull(new Error("x.y", kind).ToProblem().StatusCode);
    }

    [Fact]
    public async Task The_message_follows_the_language_and_the_code_does_not()
    {
        await using var host = await StartAsync(() => Results.Ok());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/nowhere", UriKind.Relative));
        request.Headers.AcceptLanguage.ParseAdd("fr, es-MX;q=0.8, en;q=0.5");
        using var answer = await host.Client.SendAsync(request);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(["es"], answer.Content.Headers.ContentLanguage);
        Assert.Contains("Accept-Language", answer.Headers.Vary);
        Assert.Equal("No se ha encontrado nada en esta dirección.", problem.GetProperty("detail").GetString());
        Assert.Equal("request.not-found", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_unknown_route_and_a_wrong_method_are_problems()
    {
        await using var host = await StartAsync(() => Results.Ok());
        Assert.Equal((404, "request.not-found"), await CodeAsync(host, "/nowhere"));

        using var wrong = await host.Client.DeleteAsync(new Uri("/x", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["GET"], wrong.Content.Headers.Allow);
        Assert.Equal("request.method-not-allowed", (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_is_a_problem()
    {
        foreach (var environment in (string[])["Production", "Development"])
        {
            await using var host = await HttpHost.StartAsync(app => app.MapGet("/x", (int limit) => limit), environment: environment);
            Assert.Equal((400, "request.malformed"), await CodeAsync(host, "/x?limit=many"));
        }
    }

    [Fact]
    public async Task The_unexpected_is_answered_without_internals_and_logged_once()
    {
        var logs = new Recorder();
        await using var host = await StartAsync(() => throw new InvalidOperationException("secret detail"), logs);
        using var answer = await host.Client.GetAsync(new Uri("/x", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret detail", text, StringComparison.Ordinal);
        Assert.Contains("request.unexpected", text, StringComparison.Ordinal);
        var logged = Assert.Single(logs.Errors);
        Assert.Contains(JsonDocument.Parse(text).RootElement.GetProperty("traceId").GetString()!, logged, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_with_Retry_After()
    {
        var logs = new Recorder();
        await using var host = await StartAsync(() => throw new NpgsqlException("connect", new SocketException()), logs);
        using var answer = await host.Client.GetAsync(new Uri("/x", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.Equal(
            "request.dependency-unavailable",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()
        );
        Assert.Empty(logs.Errors);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_failure()
    {
        var logs = new Recorder();
        var entered = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using var host = await HttpHost.StartAsync(
            app =>
                app.MapGet(
                    "/x",
                    async (CancellationToken aborted) =>
                    {
                        entered.SetResult();
                        try
                        {
                            await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, aborted);
                        }
                        finally
                        {
                            left.SetResult();
                        }
                    }
                ),
            configure: builder => builder.Logging.AddProvider(logs)
        );
        using var leaving = new CancellationTokenSource();
        var call = host.Client.GetAsync(new Uri("/x", UriKind.Relative), leaving.Token);
        await entered.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await left.Task.WaitAsync(TimeSpan.FromMinutes(2));
        await host.DisposeAsync();
        Assert.Empty(logs.Errors);
    }

    [Fact]
    public async Task Times_in_a_problem_have_six_fractional_digits()
    {
        var error = RequestErrors.NotFound.WithFact("since", new DateTimeOffset(2026, 1, 31, 15, 30, 10, 500, TimeSpan.FromHours(5.5)));
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/x", () => error.ToProblem()));
        using var answer = await host.Client.GetAsync(new Uri("/x", UriKind.Relative));

        Assert.Contains(
            "\"since\":\"2026-01-31T10:00:10.500000+00:00\"",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_outcome_is_its_value_or_its_problem()
    {
        await using var host = await HttpHost.StartAsync(app =>
        {
            app.MapGet("/good", () => ((Outcome<int>)7).ToResult(value => TypedResults.Ok(value)));
            app.MapGet("/bad", () => ((Outcome<int>)RequestErrors.NotFound).ToResult(value => TypedResults.Ok(value)));
        });
        Assert.Equal("7", await host.Client.GetStringAsync(new Uri("/good", UriKind.Relative)));
        Assert.Equal((404, "request.not-found"), await CodeAsync(host, "/bad"));
    }

    private static Task<HttpHost> StartAsync(Func<IResult> endpoint, Recorder? logs = null) =>
        HttpHost.StartAsync(
            app => app.MapGet("/x", endpoint),
            configure: builder =>
            {
                if (logs is not null)
                    builder.Logging.AddProvider(logs);
            }
        );

    private static async Task<(int Status, string? Code)> CodeAsync(HttpHost host, string path)
    {
        using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        private readonly List<string> errors = [];

        public IReadOnlyList<string> Errors
        {
            get
            {
                lock (errors)
                    return [.. errors];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel < LogLevel.Error)
                return;
            lock (errors)
                errors.Add(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
