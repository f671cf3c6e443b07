using System.Globalization;
using System.Security.Claims;
using Gatehouse.Core.Actors;
using Microsoft.AspNetCore.Authentication;

namespace Gatehouse.Web;

/// <summary>The claims of an access token as the framework holds them, under the names that they have in the token.</summary>
internal static class AccessPrincipal
{
    private const string User = "sub";

    /// <summary>The claim of users' tokens that no service account's token has.</summary>
    public const string Session = "sid";

    private const string Tenant = "tid";
    private const string AuthenticatedAt = "auth_time";
    private const string Organization = "org";
    private const string Role = "roles";
    private const string Client = "client_id";
    private const string Token = "jti";
    private const string Scope = "scope";
    private const string EmailVerified = "emailVerified";
    private const string Methods = "amr";

    /// <summary>The claim of users who have to add a second factor first.</summary>
    public const string SecondFactorDue = "secondFactorDue";

    /// <summary>The claim of users who have closed their account.</summary>
    public const string AccountClosed = "accountClosed";

    public static AuthenticationTicket ToTicket(this AccessClaims claims)
    {
        var identity = new ClaimsIdentity(GatehouseAuthentication.Scheme, User, Role);
        var id = (claims.User?.Id ?? claims.ServiceAccount!.Id).ToString();
        identity.AddClaim(new Claim(User, id));
        // What the framework's own parts take for the user's id.
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, id));
        identity.AddClaim(new Claim(Tenant, claims.TenantId.ToString()));
        if (claims.User is { } user)
            Add(identity, user);
        else
            Add(identity, claims.ServiceAccount!);
        return new AuthenticationTicket(new ClaimsPrincipal(identity), GatehouseAuthentication.Scheme);
    }

    private static void Add(ClaimsIdentity identity, ServiceAccount account)
    {
        identity.AddClaim(new Claim(Client, account.ClientId));
        identity.AddClaim(new Claim(Token, account.TokenId.ToString()));
        identity.AddClaim(new Claim(Scope, string.Join(' ', account.Scopes)));
    }

    private static void Add(ClaimsIdentity identity, SignedInUser person)
    {
        identity.AddClaim(new Claim(Session, person.SessionId.ToString()));
        var at = person.AuthenticatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        identity.AddClaim(new Claim(AuthenticatedAt, at, ClaimValueTypes.Integer64));
        if (person.OrganizationId is { } organization)
            identity.AddClaim(new Claim(Organization, organization.ToString()));
        if (person.IsUnverified)
            identity.AddClaim(new Claim(EmailVerified, "false", ClaimValueTypes.Boolean));
        if (person.MustEnroll)
            identity.AddClaim(new Claim(SecondFactorDue, "true", ClaimValueTypes.Boolean));
        if (person.IsClosed)
            identity.AddClaim(new Claim(AccountClosed, "true", ClaimValueTypes.Boolean));
        foreach (var method in person.Methods)
            identity.AddClaim(new Claim(Methods, method));
        foreach (var role in person.Roles)
            identity.AddClaim(new Claim(Role, role));
    }

    /// <summary>Whose token of this installation it was; null for nobody, whoever else the program knows.</summary>
    public static AccessClaims? Read(ClaimsPrincipal user)
    {
        foreach (var identity in user.Identities)
        {
            if (identity.AuthenticationType != GatehouseAuthentication.Scheme)
                continue;
            if (identity.FindFirst(Session) is null)
                return new AccessClaims(Guid.Parse(Value(identity, Tenant)), ReadAccount(identity));
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Value(identity, AuthenticatedAt), CultureInfo.InvariantCulture));
            var person = new SignedInUser(Guid.Parse(Value(identity, User)), Guid.Parse(Value(identity, Session)), at)
            {
                OrganizationId = identity.FindFirst(Organization) is { } organization ? Guid.Parse(organization.Value) : null,
                IsUnverified = identity.FindFirst(EmailVerified) is not null,
                Methods = [.. identity.FindAll(Methods).Select(m => m.Value)],
                MustEnroll = identity.FindFirst(SecondFactorDue) is not null,
                IsClosed = identity.FindFirst(AccountClosed) is not null,
                Roles = [.. identity.FindAll(Role).Select(r => r.Value)],
            };
            return new AccessClaims(Guid.Parse(Value(identity, Tenant)), person);
        }

        return null;
    }

    private static ServiceAccount ReadAccount(ClaimsIdentity identity) =>
        new(Guid.Parse(Value(identity, User)))
        {
            ClientId = Value(identity, Client),
            TokenId = Guid.Parse(Value(identity, Token)),
            Scopes = Value(identity, Scope).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };

    private static string Value(ClaimsIdentity identity, string type) => identity.FindFirst(type)!.Value;
}
