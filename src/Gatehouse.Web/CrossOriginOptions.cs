using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Web;

/// <summary>Which other origins' scripts may call the API from a browser (CORS). None by default.</summary>
public sealed class CrossOriginOptions : ICheckSettings
{
    /// <summary>
    /// Exact origins, such as <c>https://app.example.com</c>, whose scripts may call the operations under <c>/v1</c> and read the answers.
    /// Without cookies: they send <c>Authorization: Bearer</c>.
    /// </summary>
    public string[] Origins { get; set; } = [];

    /// <summary>
    /// Exact origins whose scripts may do the same with the cookies of a signed-in user: whoever controls such a page acts for its users.
    /// Browsers send the cookies only from the same site, such as <c>https://app.example.com</c> beside
    /// <c>https://accounts.example.com</c>.
    /// </summary>
    public string[] CredentialOrigins { get; set; } = [];

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        foreach (var (name, list) in new[] { (nameof(Origins), Origins), (nameof(CredentialOrigins), CredentialOrigins) })
        {
            if (list.Any(entry => WebOrigin.Parse(entry) is null))
                yield return new ValidationResult(
                    "each item must be an origin such as https://app.example.com, without path; there are no wildcards",
                    [name]
                );
            else if (mode != SettingsMode.Development && list.Any(entry => WebOrigin.Parse(entry) is { Scheme: not "https" }))
                yield return new ValidationResult("each item must begin with https:// outside development mode", [name]);
        }
    }

    internal bool AllowsCredentials(string origin) =>
        WebOrigin.Parse(origin) is { } asked && CredentialOrigins.Any(entry => WebOrigin.Parse(entry) == asked);
}

/// <summary>Answers the framework's question for the policy of our operations; policies of an embedding program stay its own.</summary>
internal sealed class CrossOriginPolicies(DefaultCorsPolicyProvider others, CrossOriginOptions options) : ICorsPolicyProvider
{
    public const string Name = "Gatehouse";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);

    private static readonly string[] ReadableHeaders =
    [
        "Accept-Patch",
        "ETag",
        "Idempotency-Replayed",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "WWW-Authenticate",
    ];

    private readonly CorsPolicy withoutCookies = Allow([.. options.Origins, .. options.CredentialOrigins], credentials: false);
    private readonly CorsPolicy withCookies = Allow(options.CredentialOrigins, credentials: true);

    /// <summary>Whether this is a request under <c>/v1</c> that no endpoint takes: no such path, method or form of body.</summary>
    public static bool IsForNobody(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) && http.GetEndpoint() is not RouteEndpoint;

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        if (policyName != Name && !(policyName is null && IsForNobody(context)))
            return others.GetPolicyAsync(context, policyName);
        return Task.FromResult<CorsPolicy?>(
            options.AllowsCredentials(context.Request.Headers.Origin.ToString()) ? withCookies : withoutCookies
        );
    }

    /// <summary>Goes first: what is rejected before it is known whom it is for can be read by the listed origins, too.</summary>
    public static Task OpenErrorsAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.Origin.Count > 0)
            http.Response.OnStarting(static state => OpenErrorAsync((HttpContext)state), http);
        return next(http);
    }

    private static async Task OpenErrorAsync(HttpContext http)
    {
        var isOpen = http.Response.Headers.ContainsKey(HeaderNames.AccessControlAllowOrigin);
        if (isOpen || http.Response.StatusCode < StatusCodes.Status400BadRequest || !IsForNobody(http))
            return;
        var cors = http.RequestServices.GetRequiredService<ICorsService>();
        var policy = await http.RequestServices.GetRequiredService<ICorsPolicyProvider>().GetPolicyAsync(http, Name);
        cors.ApplyResult(cors.EvaluatePolicy(http, policy!), http.Response);
    }

    private static CorsPolicy Allow(IEnumerable<string> origins, bool credentials)
    {
        var allowed = origins.Select(WebOrigin.Parse).ToHashSet();
        var policy = new CorsPolicyBuilder()
            .SetIsOriginAllowed(origin => allowed.Contains(WebOrigin.Parse(origin)))
            .AllowAnyHeader()
            .AllowAnyMethod()
            .WithExposedHeaders(ReadableHeaders)
            .SetPreflightMaxAge(PreflightLifetime);
        return (credentials ? policy.AllowCredentials() : policy.DisallowCredentials()).Build();
    }
}
