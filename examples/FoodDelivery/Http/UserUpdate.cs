using System.Net;
using FoodDelivery.Roles;
using FoodDelivery.Users;
using FoodDelivery.V1;

namespace FoodDelivery.Http;

/// <summary>
/// A moderator changes a user: profile, role, active or not. Everything is checked first; then each is a call of its own, in this
/// order, and the first that is rejected ends it. Addresses and whether they are verified cannot be changed.
/// </summary>
internal sealed class UserUpdate(Callers callers, GatehouseApi api, UserStore store, UserShape shape)
{
    private const int MaxEmail = 254;

    public async Task<IResult> HandleAsync(int number, HttpContext http, bool isPartial)
    {
        var (caller, rejection) = await callers.ModeratorAsync(http);
        if (caller is null)
            return rejection!;
        var (input, malformed) = await Input.ReadAsync(http);
        if (malformed is not null)
            return malformed;
        if (await store.FindAsync(number, http.RequestAborted) is not { } known)
            return Answers.NotFound();
        var path = $"v1/users/{known.Id}";
        var found = await api.SendAsync(HttpMethod.Get, path, caller.Token);
        if (found.Status != HttpStatusCode.OK)
            return Problems.Answer(http, found);

        CurrentRoutes.CheckEmail(input, input.Text("email", MaxEmail, !isPartial), found.Body);
        var role = ReadRole(input, !isPartial);
        var isActive = input.Flag("is_active");
        if (input.Flag("is_email_verified") is { } verified && verified != found.Body.GetProperty("emailVerified").GetBoolean())
            input.Add("is_email_verified", "Only the owner of the address can verify it.");
        var profile = Profile.Read(input, isPartial);
        if (input.HasErrors)
            return Answers.Invalid(input.Errors);

        var changes = profile.ToMembers(UserShape.Text(found.Body, "givenName"), UserShape.Text(found.Body, "familyName"));
        if (changes.Count > 0 && await RejectedAsync(HttpMethod.Patch, path, HttpStatusCode.OK, changes) is { } notChanged)
            return notChanged;
        var (now, notAssigned) = await SetRoleAsync(http, caller.Token, path, role);
        if (notAssigned is not null)
            return notAssigned;
        var wasActive = UserShape.Text(found.Body, "status") == "active";
        if (
            isActive is { } active
            && active != wasActive
            && await RejectedAsync(HttpMethod.Post, $"{path}/{(active ? "enable" : "disable")}", HttpStatusCode.OK, active ? null : [])
                is { } notSwitched
        )
            return notSwitched;
        var changed = await api.SendAsync(HttpMethod.Get, path, caller.Token);
        return changed.Status == HttpStatusCode.OK ? Results.Json(shape.Full(number, now, changed.Body)) : Problems.Answer(http, changed);

        async Task<IResult?> RejectedAsync(HttpMethod method, string to, HttpStatusCode good, System.Text.Json.Nodes.JsonObject? body)
        {
            var reply = await api.SendAsync(method, to, caller.Token, body);
            return reply.Status == good || reply.Status == HttpStatusCode.NoContent ? null : Problems.Answer(http, reply);
        }
    }

    private static UserRole? ReadRole(Input input, bool isRequired)
    {
        var code = input.Text("role", MaxEmail, isRequired);
        var role = FoodRoles.OfCode(code);
        if (code is not null && role is null)
            input.Add("role", $"\"{code}\" is not a valid choice.");
        return role;
    }

    /// <summary>Gives the role, and takes the others of the four. The role that the user has then.</summary>
    private async Task<(UserRole? Role, IResult? Rejection)> SetRoleAsync(HttpContext http, Token token, string path, UserRole? wanted)
    {
        var roles = await api.SendAsync(HttpMethod.Get, $"{path}/roles", token);
        if (roles.Status != HttpStatusCode.OK)
            return (null, Problems.Answer(http, roles));
        var held = roles
            .Body.GetProperty("items")
            .EnumerateArray()
            .Where(item => UserShape.Text(item, "organizationId") is null)
            .Select(item => (Name: UserShape.Text(item, "name")!, Id: item.GetProperty("roleId").GetGuid()))
            .Where(item => FoodRoles.IsOne(item.Name))
            .ToList();
        if (wanted is not { } role)
            return (FoodRoles.Of(held.Select(item => item.Name)), null);
        if (held.TrueForAll(item => item.Name != FoodRoles.NameOf(role)))
        {
            var (id, failed) = await ModeratorRoutes.RoleIdAsync(api, token, role);
            if (id is null)
                return (null, failed is null ? Answers.NotFound() : Problems.Answer(http, failed));
            var given = await api.SendAsync(HttpMethod.Put, $"{path}/roles/{id}", token);
            if (given.Status != HttpStatusCode.NoContent)
                return (null, Problems.Answer(http, given));
        }

        foreach (var other in held.Where(item => item.Name != FoodRoles.NameOf(role)))
        {
            var taken = await api.SendAsync(HttpMethod.Delete, $"{path}/roles/{other.Id}", token);
            if (taken.Status != HttpStatusCode.NoContent)
                return (null, Problems.Answer(http, taken));
        }

        return (role, null);
    }
}
