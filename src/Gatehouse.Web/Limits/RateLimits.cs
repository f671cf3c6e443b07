using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>
/// Rejects what exceeds the limit of the client's address and tells every client where it stands
/// (draft-ietf-httpapi-ratelimit-headers: <c>RateLimit-Policy</c>, <c>RateLimit</c>).
/// </summary>
internal sealed class RateLimits(
    RequestDelegate next,
    IRateLimitStore store,
    IOptions<RateLimitOptions> options,
    IHostEnvironment environment
)
{
    private readonly bool open = environment.IsDevelopment() && !options.Value.ApplyInDevelopment;

    public async Task InvokeAsync(HttpContext http)
    {
        var policy = http.GetEndpoint()?.Metadata.GetMetadata<RateLimitPolicy>() ?? RateLimitPolicy.Other;
        if (open || policy == RateLimitPolicy.None)
        {
            await next(http);
            return;
        }

        var rule = policy.RuleIn(http.RequestServices);
        var count = await store.TakeAsync(RateLimitKey.Of(policy, http.Connection.RemoteIpAddress), rule, http.RequestAborted);
        Announce(http.Response, policy, rule, count);
        if (count.Allowed)
            await next(http);
        else
            await RequestErrors.RateLimited.After(count.Reset).ToProblem().ExecuteAsync(http);
    }

    private static void Announce(HttpResponse response, RateLimitPolicy policy, RateLimitRule rule, RateLimitCount count)
    {
        var (policyText, limitText) = (
            string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={rule.Permits};w={rule.Window.TotalSeconds:0}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"\"{policy.Name}\";r={count.Remaining};t={Math.Ceiling(count.Reset.TotalSeconds):0}"
            )
        );

        // Set when the answer starts: the exception handler clears the headers of a failed request.
        response.OnStarting(() =>
        {
            response.Headers["RateLimit-Policy"] = policyText;
            response.Headers["RateLimit"] = limitText;
            return Task.CompletedTask;
        });
    }
}
