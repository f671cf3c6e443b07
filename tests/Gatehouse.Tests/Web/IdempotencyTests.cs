using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Web;

public sealed class IdempotencyTests : IAsyncDisposable
{
    private readonly StillClock clock = new();
    private readonly MemoryIdempotencyStore store;
    private Func<Request, Task<IResult>> endpoint;
    private HttpHost? host;
    private int calls;

    public IdempotencyTests()
    {
        store = new MemoryIdempotencyStore(clock);
        endpoint = request => Task.FromResult<IResult>(TypedResults.Created($"/things/{calls}", new { request.Name, Call = calls }));
    }

    [Fact]
    public async Task The_same_key_and_body_get_the_first_answer_again()
    {
        using var first = await PostAsync("k1", "a");
        using var second = await PostAsync("k1", "a");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, 1), (first.StatusCode, second.StatusCode, calls));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal("no-store", second.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Without_a_key_every_call_counts()
    {
        await PostAsync(key: null, "a");
        await PostAsync(key: null, "a");
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Another_body_or_address_under_the_same_key_is_a_conflict()
    {
        await PostAsync("k1", "a");
        await AssertCodeAsync(await PostAsync("k1", "b"), HttpStatusCode.Conflict, "request.idempotency-mismatch");
        await AssertCodeAsync(await PostAsync("k1", "a", "/things/2"), HttpStatusCode.Conflict, "request.idempotency-mismatch");
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Another_tenant_has_keys_of_its_own()
    {
        await PostAsync("k1", "a");
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("k1", "b", tenant: Guid.AllBitsSet)).StatusCode);
        Assert.Equal(2, calls);
        Assert.Equal([Guid.Empty, Guid.AllBitsSet], store.Begun.Select(scope => scope.TenantId));
        Assert.All(store.Begun, scope => Assert.Equal("POST /things/{id}", scope.Route));
    }

    [Fact]
    public async Task A_call_still_running_is_not_run_twice_until_it_is_given_up()
    {
        var (entered, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        endpoint = async _ =>
        {
            if (calls > 1)
                return TypedResults.Created(new Uri("/things/taken-over", UriKind.Relative));
            entered.SetResult();
            await finish.Task;
            return TypedResults.Created(new Uri("/things/late", UriKind.Relative));
        };
        var running = PostAsync("k1", "a");
        await entered.Task;

        var refused = await PostAsync("k1", "a");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        await AssertCodeAsync(refused, HttpStatusCode.Conflict, "request.idempotency-in-flight");

        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("/things/taken-over", (await PostAsync("k1", "a")).Headers.Location?.ToString());

        // The one given up must not overwrite the answer of its successor.
        finish.SetResult();
        await running;
        Assert.Equal("/things/taken-over", (await PostAsync("k1", "a")).Headers.Location?.ToString());
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(503)]
    public async Task A_refusal_releases_the_key(int status)
    {
        var usual = endpoint;
        endpoint = _ => Task.FromResult(Results.StatusCode(status));
        Assert.Equal(status, (int)(await PostAsync("k1", "a")).StatusCode);

        endpoint = usual;
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("k1", "b")).StatusCode);
    }

    [Fact]
    public async Task A_failure_releases_the_key_and_is_a_problem()
    {
        var usual = endpoint;
        endpoint = _ => throw new InvalidOperationException("x");
        await AssertCodeAsync(await PostAsync("k1", "a"), HttpStatusCode.InternalServerError, "request.unexpected");

        endpoint = usual;
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("k1", "a")).StatusCode);
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        await PostAsync("k1", "a");
        clock.Advance(TimeSpan.FromHours(24));
        await PostAsync("k1", "a");
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_key_that_is_empty_too_long_or_not_visible_ASCII_is_refused()
    {
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(new string('k', 128), "a")).StatusCode);
        foreach (var key in (string[])["", " ", "a b", new string('k', 129)])
            await AssertCodeAsync(await PostAsync(key, "a"), HttpStatusCode.BadRequest, "request.idempotency-key");
        Assert.Equal(1, calls);
    }

    [Fact]
    public void The_fingerprint_depends_on_key_address_and_body()
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Path = "/x";
        var fingerprint = new IdempotencyFingerprint(() => [1]);
        var one = fingerprint.Of(request, "a"u8);
        Assert.Equal(one, fingerprint.Of(request, "a"u8));
        Assert.NotEqual(one, new IdempotencyFingerprint(() => [2]).Of(request, "a"u8));
        Assert.NotEqual(one, fingerprint.Of(request, "b"u8));
        request.Path = "/y";
        Assert.NotEqual(one, fingerprint.Of(request, "a"u8));
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
    }

    private static async Task AssertCodeAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> PostAsync(string? key, string name, string path = "/things/1", Guid? tenant = null)
    {
        host ??= await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = JsonContent.Create(new { name }),
        };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (tenant is not null)
            request.Headers.Add("Tenant", tenant.ToString());
        return await host.Client.SendAsync(request);
    }

    private Task<HttpHost> StartAsync() =>
        HttpHost.StartAsync(
            app =>
            {
                app.Use(
                    (http, next) =>
                    {
                        var tenant = http.Request.Headers.TryGetValue("Tenant", out var id) ? Guid.Parse(id.ToString()) : Guid.Empty;
                        http.Features.Set(
                            new Actor
                            {
                                Tenant = new Tenant(tenant, "tenant", "Tenant"),
                                Language = "en",
                                Client = "local",
                            }
                        );
                        return next(http);
                    }
                );
                app.MapPost(
                        "/things/{id}",
                        (string id, JsonBody<Request> body) =>
                        {
                            Interlocked.Increment(ref calls);
                            return endpoint(body.Input.Value);
                        }
                    )
                    .AcceptIdempotencyKey();
            },
            configure: builder =>
                builder.Services.AddSingleton<IIdempotencyStore>(store).AddSingleton(new IdempotencyFingerprint(() => [1, 2, 3]))
        );

    public sealed record Request
    {
        public string? Name { get; init; }
    }
}
