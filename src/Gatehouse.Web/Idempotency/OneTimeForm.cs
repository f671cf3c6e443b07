using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web;

/// <summary>
/// A form that is sent twice — by a second click, or by loading its answer again — does its work once: the page put an id of its own into
/// it (<c>FormToken</c>), which is kept as an idempotency key together with what was sent. The second sending is led where the first one
/// was. A form that was corrected, or sent from a page that was opened anew, is another form.
/// </summary>
internal sealed class OneTimeForm(IIdempotencyStore store, IdempotencyFingerprint fingerprint, TimeProvider clock) : IEndpointFilter
{
    /// <summary>The hidden field with the id. A form without one does its work every time.</summary>
    public const string FieldName = "form-id";

    private const string Location = "Location";
    private const string Cookies = "Set-Cookie";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!Guid.TryParse(http.Request.Form[FieldName], out var id))
            return await next(context);
        var body = await RequestBody.ReadAsync(http);
        if (body.Error is { } unreadable)
            return unreadable.ToProblem();

        var sent = fingerprint.Of(http.Request, body.Value.Bytes.Span);
        var route = ((RouteEndpoint)http.GetEndpoint()!).RoutePattern.RawText;
        var key = $"{id} {Convert.ToHexStringLower(sent)}";
        var scope = new IdempotencyScope
        {
            TenantId = http.Actor().Tenant.Id,
            Actor = "form",
            Route = $"{http.Request.Method} {route}",
            Key = key,
        };
        var began = clock.GetTimestamp();
        while (true)
        {
            switch (await store.BeginAsync(scope, sent, http.RequestAborted))
            {
                case IdempotencyClaim.Replay replay:
                    http.Response.Headers.Location = replay.Answer.Headers[Location];
                    foreach (var cookie in replay.Answer.Headers[Cookies].Split('\n', StringSplitOptions.RemoveEmptyEntries))
                        http.Response.Headers.Append(Cookies, cookie);
                    return TypedResults.StatusCode(replay.Answer.Status);
                case IdempotencyClaim.Started started:
                    return await RunAsync(context, next, scope, started.Lease);
                case IdempotencyClaim.InFlight when clock.GetElapsedTime(began) < MaxWait:
                    break;
                default:
                    return RequestErrors.IdempotencyInFlight.ToProblem();
            }

            // A browser drops the first sending when the second begins, so its answer is waited for here.
            await Task.Delay(Step, clock, http.RequestAborted);
        }
    }

    private async Task<object?> RunAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next,
        IdempotencyScope scope,
        Guid lease
    )
    {
        var headers = context.HttpContext.Response.Headers;
        // Those of a session that was renewed on the way are not the form's.
        var (completed, cookies) = (false, headers.SetCookie.Count);
        try
        {
            var result = await next(context);
            if (result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status303SeeOther })
            {
                var kept = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Location] = headers.Location.ToString(),
                    [Cookies] = string.Join('\n', headers.SetCookie.Skip(cookies)),
                };
                await store.CompleteAsync(scope, lease, new StoredAnswer(StatusCodes.Status303SeeOther, kept, []), CancellationToken.None);
                completed = true;
            }

            return result;
        }
        finally
        {
            if (!completed)
                await store.ReleaseAsync(scope, lease, CancellationToken.None);
        }
    }
}

public static class OneTimeFormExtensions
{
    /// <summary>For a page's form with <c>FormToken Once</c>: sent twice, it does its work once.</summary>
    public static RouteHandlerBuilder Once(this RouteHandlerBuilder builder) => builder.AddEndpointFilter<OneTimeForm>();
}
