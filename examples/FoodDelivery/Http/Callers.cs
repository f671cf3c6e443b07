using System.Net;
using System.Text.Json;
using FoodDelivery.Roles;
using FoodDelivery.Users;
using FoodDelivery.V1;
using Microsoft.Extensions.Options;

namespace FoodDelivery.Http;

/// <summary>Somebody signed in.</summary>
internal sealed record Caller(Token Token, KnownUser User)
{
    public UserRole? Role { get; init; }

    /// <summary>The account as <c>GET /v1/me</c> answers it.</summary>
    public JsonElement Me { get; init; }

    public override string ToString() => $"[caller {User.Number}]";
}

/// <summary>Who calls, by the cookie.</summary>
internal sealed class Callers(GatehouseApi api, Standing standing, UserStore users, IOptions<AdapterOptions> options)
{
    /// <summary>Anybody who is signed in, the address verified or not.</summary>
    public async Task<(Caller? Caller, IResult? Rejection)> SignedInAsync(HttpContext http)
    {
        if (TokenCookies.AccessToken(http, out var isThere) is not { } token)
            return (null, isThere ? Answers.BadToken(http) : Answers.NotSignedIn(http));
        var me = await api.SendAsync(HttpMethod.Get, "v1/me", token);
        if (me.Status != HttpStatusCode.OK)
            return (null, Problems.Answer(http, me));
        // Numbers are of one tenant.
        if (token.Tenant != options.Value.Tenant)
            return (null, Answers.BadToken(http));
        var user = await users.GetAsync(me.Body.GetProperty("id").GetGuid(), http.RequestAborted);
        return (
            new Caller(token, user) { Me = me.Body, Role = user.RoleIsKnown ? user.Role : FoodRoles.Of(token.Roles) ?? user.Role },
            null
        );
    }

    /// <summary>A moderator. What moderators may do in Gatehouse is decided there.</summary>
    public async Task<(Caller? Caller, IResult? Rejection)> ModeratorAsync(HttpContext http)
    {
        if (TokenCookies.AccessToken(http, out var isThere) is not { } token)
            return (null, isThere ? Answers.BadToken(http) : Answers.NotSignedIn(http));
        if (await standing.FindAsync(token.Text, http.RequestAborted) is not { } somebody)
        {
            if (token.IsUnverified && (await api.SendAsync(HttpMethod.Get, "v1/me", token)).Status == HttpStatusCode.OK)
                return (null, Answers.Forbidden("Email is not verified yet"));
            return (null, Answers.BadToken(http));
        }

        return somebody.Role == UserRole.Moderator
            ? (new Caller(token, somebody.User) { Role = somebody.Role }, null)
            : (null, Answers.Forbidden("Needed moderator permissions to perform this action"));
    }

    /// <summary>Whoever calls, if the cookie is good; a bad one is the same as none.</summary>
    public async Task<(Token Token, Somebody Somebody)?> IfAnyAsync(HttpContext http) =>
        TokenCookies.AccessToken(http, out _) is { } token && await standing.FindAsync(token.Text, http.RequestAborted) is { } somebody
            ? (token, somebody)
            : null;
}
