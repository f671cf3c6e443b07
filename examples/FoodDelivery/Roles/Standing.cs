using System.Security.Claims;
using FoodDelivery.Users;
using FoodDelivery.V1;
using Gatehouse.Client;
using Microsoft.Extensions.Options;

namespace FoodDelivery.Roles;

/// <summary>Who somebody is to the neighbours.</summary>
internal sealed record Somebody(KnownUser User, UserRole? Role);

/// <summary>Finds it for good tokens.</summary>
internal sealed class Standing(IGatehouseTokens tokens, UserStore users, IOptions<AdapterOptions> options)
{
    /// <summary>Null for a token that is not good: malformed, expired, revoked, of an account whose address is not verified, of a service
    /// account, or of another tenant.</summary>
    /// <exception cref="GatehouseUnavailableException">Nobody can say.</exception>
    public async ValueTask<Somebody?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (await tokens.CheckAsync(token, cancellationToken) is not { } identity)
            return null;
        if (
            identity.FindFirst("sid") is null
            || !Guid.TryParse(identity.FindFirst("tid")?.Value, out var tenant)
            || tenant != options.Value.Tenant
            || !Guid.TryParse(identity.FindFirst("sub")?.Value, out var id)
        )
            return null;
        var user = await users.GetAsync(id, cancellationToken);
        // Events say it within a second; until the first of a user came, the token does.
        return new Somebody(user, user.RoleIsKnown ? user.Role : FoodRoles.Of(RolesIn(identity)));
    }

    private static IEnumerable<string> RolesIn(ClaimsIdentity identity) => identity.FindAll("roles").Select(claim => claim.Value);
}
