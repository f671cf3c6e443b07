using Gatehouse.Contracts.Access;

namespace Gatehouse.Web;

/// <summary>The permission of services that rely on access tokens, which several modules ask for.</summary>
public static class TokenPermissions
{
    public static readonly Permission Introspect = new()
    {
        Name = "tokens:introspect",
        Level = AccessLevel.Tenant,
        Description = "Ask whose access token it is, what its owner may do, and what was revoked.",
    };
}
