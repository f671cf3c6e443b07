using System.Collections.Concurrent;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Tenants;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Operations;

/// <summary>Two nodes whose operations do what the test says.</summary>
public sealed class ScriptedOperations : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Func<OperationRun, CancellationToken, Task<OperationResult>>> scripts = new();

    internal TestApp App { get; private set; } = null!;

    internal TestApp Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await NodeAsync(null, new() { ["Live:HeartbeatSeconds"] = "1", ["Live:StreamsPerActor"] = "3" });
        Other = await NodeAsync(App, new() { ["Live:StreamsPerActor"] = "1000" });
    }

    public async ValueTask DisposeAsync()
    {
        await Other.DisposeAsync();
        await App.DisposeAsync();
    }

    /// <summary>An operation of the user's.</summary>
    internal async Task<Guid> StartAsync(SignedIn user, Func<OperationRun, CancellationToken, Task<OperationResult>> run)
    {
        var payload = Guid.CreateVersion7(App.Clock.GetUtcNow()).ToString();
        scripts[payload] = run;
        var tenant = await App.Services.GetRequiredService<ITenantDirectory>().FindAsync(DefaultTenant.Id, CancellationToken.None);
        var actor = Actor.Operator(tenant!, "en") with
        {
            User = new SignedInUser(user.UserId, user.Tokens.SessionId, App.Clock.GetUtcNow()),
        };
        return await App
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test.start",
                tx => Task.FromResult(tx.StartOperation<ScriptedWork>(actor, payload)),
                CancellationToken.None
            );
    }

    /// <summary>One that waits until it is canceled.</summary>
    internal Task<Guid> StartEndlessAsync(SignedIn user) =>
        StartAsync(
            user,
            async (run, cancellationToken) =>
            {
                while (true)
                {
                    await run.ReportAsync(1, null, cancellationToken);
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
                }
            }
        );

    internal async Task<Answer> ReadAsync(SignedIn user, Guid operation) =>
        await App.Users.SendAsync(HttpMethod.Get, $"/v1/operations/{operation}", user.Tokens);

    internal Task UntilAsync(SignedIn user, Guid operation, string state) =>
        TestApp.EventuallyAsync(
            async () => (await ReadAsync(user, operation)).Body.GetProperty("state").GetString() == state,
            $"the operation is {state}"
        );

    private Task<TestApp> NodeAsync(TestApp? beside, Dictionary<string, string?> settings)
    {
        settings["Messaging:MaxAttempts"] = "3";
        return TestApp.StartAsync(
            beside?.Databases,
            beside?.Clock,
            settings,
            services => services.AddSingleton(this).AddOperation<ScriptedWork>()
        );
    }

    internal sealed class ScriptedWork(ScriptedOperations all) : IOperationJob
    {
        public static string Kind => "test.work";

        public Task<OperationResult> RunAsync(OperationRun run, CancellationToken cancellationToken) =>
            all.scripts[run.Payload](run, cancellationToken);
    }
}

[CollectionDefinition]
public sealed class Scripted : ICollectionFixture<ScriptedOperations>;

/// <summary>An open stream of server-sent events.</summary>
internal sealed class Listening : IAsyncDisposable
{
    private readonly HttpResponseMessage response;
    private readonly IAsyncEnumerator<SseItem<string>> items;
    private readonly SseParser<string> parser;

    private Listening(HttpResponseMessage response, Stream body)
    {
        this.response = response;
        parser = SseParser.Create(body);
        items = parser.EnumerateAsync().GetAsyncEnumerator();
    }

    public string LastId => parser.LastEventId;

    public static async Task<Listening> OpenAsync(TestApp app, string path, TokenPair tokens, string? lastId = null)
    {
        var answer = await SendAsync(app, path, tokens, lastId);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new Listening(answer, await answer.Content.ReadAsStreamAsync());
    }

    public static async Task<HttpResponseMessage> SendAsync(TestApp app, string path, TokenPair tokens, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(tokens.Header.Name, tokens.Header.Value);
        if (lastId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        return await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The next event of any type; null at the end.</summary>
    public async Task<SseItem<string>?> NextAsync() => await items.MoveNextAsync() ? items.Current : null;

    /// <summary>The next state of an operation; null at the end.</summary>
    public async Task<JsonElement?> OperationAsync()
    {
        while (await NextAsync() is { } item)
        {
            if (item.EventType == "operation")
                return JsonDocument.Parse(item.Data).RootElement;
            Assert.Equal("heartbeat", item.EventType);
        }

        return null;
    }

    /// <summary>Reads until an operation is in the state.</summary>
    public async Task UntilAsync(Guid id, string state)
    {
        while (await OperationAsync() is { } operation)
        {
            if (operation.GetProperty("id").GetGuid() == id && operation.GetProperty("state").GetString() == state)
                return;
        }

        Assert.Fail($"The stream ended before the operation was {state}.");
    }

    /// <summary>Reads to the end, which must come.</summary>
    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(TestApp.Patience, TimeProvider.System);
        while (await NextAsync().WaitAsync(patience.Token) is not null) { }
    }

    public async ValueTask DisposeAsync()
    {
        response.Dispose();
        try
        {
            await items.DisposeAsync();
        }
        catch (NotSupportedException)
        {
            // A read that was broken off.
        }
    }
}
