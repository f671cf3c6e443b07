using Gatehouse.Contracts.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>What an endpoint asks of who calls it.</summary>
/// <param name="Permission">Held in the whole tenant or, if <paramref name="Anywhere"/>, in some organization.</param>
/// <param name="Anywhere">The handler narrows the operation to the organizations in which the actor holds it.</param>
public sealed record PermissionRequirement(Permission Permission, bool Anywhere) : IAuthorizationRequirement
{
    internal bool IsMetBy(UserAccess access) => Anywhere ? access.AllowsSomewhere(Permission.Name) : access.Allows(Permission.Name);
}

/// <summary>Asks for somebody to whom at least one page of the console is open.</summary>
public sealed class ConsoleRequirement : IAuthorizationRequirement
{
    internal static ConsoleRequirement Instance { get; } = new();
}

public static class PermissionExtensions
{
    /// <summary>Only a user or service account that holds the permission in the whole tenant may call it; others get 403, and nobody
    /// signed in 401.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder => builder.Require(permission, anywhere: false);

    /// <summary>The same for one who holds it in some organization. The handler narrows the operation by
    /// <see cref="Core.Actors.Actor.Access"/>.</summary>
    public static TBuilder RequirePermissionSomewhere<TBuilder>(this TBuilder builder, Permission permission)
        where TBuilder : IEndpointConventionBuilder => builder.Require(permission, anywhere: true);

    private static TBuilder Require<TBuilder>(this TBuilder builder, Permission permission, bool anywhere)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new PermissionRequirement(permission, anywhere);
        var policy = new AuthorizationPolicyBuilder(GatehouseAuthentication.Scheme).RequireEnrolled().AddRequirements(requirement).Build();
        return builder.RequireAuthorization(policy).WithMetadata(requirement);
    }
}

/// <summary>Decides by what is stored now, not by the roles in the token: a right that was taken away is gone at once.</summary>
internal sealed class PermissionHandler(CurrentAccess current) : AuthorizationHandler<PermissionRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.Resource is not HttpContext http || await current.FindAsync(http) is not { } access || !requirement.IsMetBy(access))
            return;
        http.Features.Set(http.Actor() with { Access = access });
        context.Succeed(requirement);
    }
}
