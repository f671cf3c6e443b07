using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>What the sender of a request may do now, user or service account.</summary>
public sealed class CurrentAccess(IAccessDirectory? users = null, IServiceAccountDirectory? accounts = null)
{
    /// <summary>In the tenant of the request; null where nobody may do anything. Pages are for users only.</summary>
    public async ValueTask<UserAccess?> FindAsync(HttpContext http)
    {
        if (http.Features.Get<Actor>() is not { } actor || (actor.User is null && http.HasMark<PageMark>()))
            return null;
        return await FindAsync(actor, http.RequestAborted);
    }

    /// <summary>The same.</summary>
    public async ValueTask<UserAccess?> FindAsync(Actor actor, CancellationToken cancellationToken)
    {
        var home = actor.HomeTenantId ?? actor.Tenant.Id;
        var access = actor switch
        {
            { User: { } user } => await FindAsync(new AccessClaims(home, user), cancellationToken),
            { ServiceAccount: { } account } => await FindAsync(new AccessClaims(home, account), cancellationToken),
            _ => null,
        };
        return actor.HomeTenantId is null ? access : access?.AcrossTenants();
    }

    /// <summary>In the tenant of the token; null if nobody can say. An account, and an application for its user, may do what is granted
    /// now, as far as the token is for that.</summary>
    public async ValueTask<UserAccess?> FindAsync(AccessClaims claims, CancellationToken cancellationToken)
    {
        if (claims.User is { } user)
        {
            var held = users is null ? null : await users.FindAsync(claims.TenantId, user.Id, cancellationToken);
            return held is null || user.ClientId is null ? held : Narrow(held, user.Scopes);
        }

        if (accounts is null || claims.ServiceAccount is not { } account)
            return null;
        var granted = await accounts.FindAsync(claims.TenantId, account.Id, account.TokenId, cancellationToken);
        return granted is null ? null : Narrow(granted, account.Scopes);
    }

    private static UserAccess Narrow(UserAccess access, IReadOnlyList<string> scopes) =>
        new([.. access.Grants.Select(grant => Narrow(grant, scopes))]);

    private static RoleGrant Narrow(RoleGrant grant, IReadOnlyList<string> scopes) =>
        grant with
        {
            Permissions = grant.Permissions.Intersect(scopes, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
        };
}
