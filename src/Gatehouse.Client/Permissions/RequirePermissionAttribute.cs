using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Client;

/// <summary>
/// Only callers who hold the permission now, as Gatehouse says. The answer is kept for a second; a request is rejected with 503 where
/// Gatehouse cannot be asked.
/// </summary>
/// <param name="permission">Name of a permission of Gatehouse, such as <c>users:read</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequirePermissionAttribute(string permission) : Attribute, IAuthorizationRequirementData
{
    /// <summary>Name of the permission.</summary>
    public string Permission { get; } = permission;

    /// <summary>
    /// Name of the route value with the id of the organization in which the permission is needed. Without it: in the organization that the
    /// token speaks for, or in the whole tenant.
    /// </summary>
    public string? OrganizationFromRoute { get; set; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements()
    {
        yield return new PermissionRequirement(Permission, OrganizationFromRoute);
    }
}

/// <summary>The same for endpoints that are mapped.</summary>
public static class RequirePermissionExtensions
{
    /// <inheritdoc cref="RequirePermissionAttribute"/>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <param name="permission">Name of the permission.</param>
    /// <param name="organizationFromRoute">Name of the route value with the id of the organization.</param>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission, string? organizationFromRoute = null)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new RequirePermissionAttribute(permission) { OrganizationFromRoute = organizationFromRoute });
}
