using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web;

/// <summary>
/// <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header): the same key and request get the first answer again. Only successes
/// are kept; after a rejection or failure the same key can be used again. Not for endpoints that issue tokens: their answers are never
/// stored.
/// </summary>
internal sealed class IdempotencyFilter(IIdempotencyStore store, IdempotencyFingerprint fingerprint) : IEndpointFilter
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 128;

    // Nobody is signed in yet; a key is a secret of its own, and the answer repeats only to who sends the same body.
    private const string Anonymous = "anonymous";

    private static readonly string[] KeptHeaders = ["Content-Type", "Content-Language", "Location", "ETag"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var keys = http.Request.Headers[Header];
        if (keys.Count == 0)
            return await next(context);
        if (keys is not [{ Length: > 0 and <= MaxKeyLength } key] || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return RequestErrors.IdempotencyKey.ToProblem();

        var body = await RequestBody.ReadAsync(http);
        if (body.Error is { } tooLarge)
            return tooLarge.ToProblem();

        var scope = ScopeOf(http, key);
        switch (await store.BeginAsync(scope, fingerprint.Of(http.Request, body.Value.Bytes.Span), http.RequestAborted))
        {
            case IdempotencyClaim.InFlight:
                return RequestErrors.IdempotencyInFlight.ToProblem();
            case IdempotencyClaim.Mismatch:
                return RequestErrors.IdempotencyMismatch.ToProblem();
            case IdempotencyClaim.Replay replay:
                return new Replayed(replay.Answer);
            case IdempotencyClaim.Started started:
                return await RunAsync(context, next, scope, started.Lease);
            default:
                throw new InvalidOperationException("The store made an unknown claim.");
        }
    }

    private async Task<object?> RunAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next,
        IdempotencyScope scope,
        Guid lease
    )
    {
        var http = context.HttpContext;
        var (completed, client) = (false, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        using var captured = new MemoryStream();
        try
        {
            // Nothing reaches the caller, not even the status, before the answer is stored.
            http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(captured));
            if (await next(context) is not IResult result)
                throw new InvalidOperationException("An endpoint with idempotency keys answers with a result.");
            await result.ExecuteAsync(http);
            await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
            if (http.Response.StatusCode is >= 200 and < 300)
            {
                // The work is done whether or not the caller still waits: from here on nothing is cancelled.
                await store.CompleteAsync(scope, lease, Answer(http.Response, captured), CancellationToken.None);
                completed = true;
            }
        }
        finally
        {
            http.Features.Set(client);
            if (!completed)
                await store.ReleaseAsync(scope, lease, CancellationToken.None);
        }

        captured.Position = 0;
        await captured.CopyToAsync(client.Stream, http.RequestAborted);
        return Results.Empty;
    }

    private static IdempotencyScope ScopeOf(HttpContext http, string key)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        return new IdempotencyScope
        {
            TenantId = http.Actor().Tenant.Id,
            Actor = Anonymous,
            Route = $"{http.Request.Method} {route}",
            Key = key,
        };
    }

    private static StoredAnswer Answer(HttpResponse response, MemoryStream body) =>
        new(
            response.StatusCode,
            KeptHeaders
                .Where(response.Headers.ContainsKey)
                .ToDictionary(name => name, name => response.Headers[name].ToString(), StringComparer.Ordinal),
            body.ToArray()
        );

    private sealed class Replayed(StoredAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            foreach (var (name, value) in answer.Headers)
                response.Headers[name] = value;
            response.Headers["Idempotency-Replayed"] = "true";
            if (answer.Body.Length == 0)
                return;
            response.Headers.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}

/// <summary>Marks an endpoint that takes idempotency keys, for the documents.</summary>
public sealed record IdempotencyMetadata;

/// <summary>Lets an endpoint take idempotency keys.</summary>
public static class IdempotencyExtensions
{
    public static RouteHandlerBuilder AcceptIdempotencyKey(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter<IdempotencyFilter>().WithMetadata(new IdempotencyMetadata());
}
