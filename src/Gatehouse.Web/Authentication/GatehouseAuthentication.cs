using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// Authentication and authorization as ASP.NET Core has them: who calls stands in <see cref="HttpContext.User"/>, what endpoints ask for
/// are policies.
/// </summary>
public static class GatehouseAuthentication
{
    /// <summary>The authentication scheme, and the authentication type of the identities it finds.</summary>
    public const string Scheme = "Gatehouse";

    /// <summary>The policy of what only a signed-in user may call.</summary>
    public const string SignedIn = "Gatehouse.SignedIn";

    /// <summary>The policy of what users and service accounts may call alike.</summary>
    public const string AnyActor = "Gatehouse.AnyActor";

    /// <summary>Where the framework logs what the scheme does.</summary>
    public static readonly string LogCategory = typeof(GatehouseAuthenticationHandler).FullName!;

    // Endpoints of an embedding program stay as open or closed as that program has them.
    private static readonly AuthorizationPolicy DenySilentEndpoints = new AuthorizationPolicyBuilder()
        .RequireAssertion(static context => !IsOwnEndpoint(context.Resource as HttpContext))
        .Build();

    /// <summary>What an embedding program chose stays: its default scheme, and the fallback policy of its own endpoints.</summary>
    public static IServiceCollection AddGatehouseAuthentication(this IServiceCollection services)
    {
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, GatehouseAuthenticationHandler>(Scheme, displayName: null, configureOptions: null);
        services.PostConfigure<AuthenticationOptions>(authentication => authentication.DefaultScheme ??= Scheme);
        services
            .AddAuthorizationBuilder()
            .AddPolicy(SignedIn, policy => policy.AddAuthenticationSchemes(Scheme).RequireEnrolled().RequireClaim(AccessPrincipal.Session))
            .AddPolicy(AnyActor, policy => policy.AddAuthenticationSchemes(Scheme).RequireEnrolled());
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<RecentAccess>();
        services.AddSingleton<Actors>();
        services.AddSingleton<CurrentAccess>();
        services.PostConfigure<AuthorizationOptions>(authorization =>
            authorization.FallbackPolicy = authorization.FallbackPolicy is { } own
                ? AuthorizationPolicy.Combine(own, DenySilentEndpoints)
                : DenySilentEndpoints
        );
        return services;
    }

    internal static bool IsOwnEndpoint(HttpContext? http) => http?.GetEndpoint()?.Metadata.GetMetadata<OwnEndpoint>() is not null;
}
