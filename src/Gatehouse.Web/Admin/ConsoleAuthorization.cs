using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Admin;

public static class ConsoleAuthorization
{
    /// <summary>For pages that everybody sees who administers anything: each part of it asks for its own permission.</summary>
    public static RouteHandlerBuilder RequireConsole(this RouteHandlerBuilder builder) =>
        builder
            .RequireAuthorization(
                new AuthorizationPolicyBuilder(GatehouseAuthentication.Scheme)
                    .RequireEnrolled()
                    .AddRequirements(ConsoleRequirement.Instance)
                    .Build()
            )
            .WithMetadata(ConsoleRequirement.Instance);
}

internal sealed class ConsoleHandler(IEnumerable<ConsoleEntry> entries, CurrentAccess current) : AuthorizationHandler<ConsoleRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, ConsoleRequirement requirement)
    {
        if (
            context.Resource is HttpContext http
            && await current.FindAsync(http) is { } access
            && entries.Any(entry => entry.IsFor(access))
        )
        {
            http.Features.Set(http.Actor() with { Access = access });
            context.Succeed(requirement);
        }
    }
}
