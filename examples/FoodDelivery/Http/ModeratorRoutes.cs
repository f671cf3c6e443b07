using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FoodDelivery.Roles;
using FoodDelivery.Users;
using FoodDelivery.V1;
using Gatehouse.Client;

namespace FoodDelivery.Http;

/// <summary>Other users: what moderators do, by their own tokens, and what everybody may read.</summary>
internal static class ModeratorRoutes
{
    private const int MaxEmail = 254;
    private const int MaxPassword = 128;

    public static void Map(IEndpointRouteBuilder users)
    {
        users.MapGet("/", ListAsync);
        users.MapPost("/moderators", CreateModeratorAsync);
        users.MapGet("/{number:int}", ReadAsync);
        users.MapPut(
            "/{number:int}",
            (int number, HttpContext http, UserUpdate update) => update.HandleAsync(number, http, isPartial: false)
        );
        users.MapPatch(
            "/{number:int}",
            (int number, HttpContext http, UserUpdate update) => update.HandleAsync(number, http, isPartial: true)
        );
    }

    /// <summary>All but moderators, by number. Birth dates are not in it.</summary>
    private static async Task<IResult> ListAsync(
        string? role,
        HttpContext http,
        Callers callers,
        GatehouseApi api,
        UserStore store,
        UserShape shape
    )
    {
        var (caller, rejection) = await callers.ModeratorAsync(http);
        if (caller is null)
            return rejection!;
        UserRole[] all = [UserRole.Customer, UserRole.Courier, UserRole.RestaurantManager];
        // Lower case only, and anything else filters nothing.
        var wanted = role is "cu" or "co" or "rm" ? FoodRoles.OfCode(role.ToUpperInvariant()) : null;
        var found = new SortedDictionary<int, JsonObject>();
        foreach (var one in wanted is { } only ? [only] : all)
        {
            var (items, failed) = await api.ListAsync($"v1/users?limit=100&role={FoodRoles.NameOf(one)}", caller.Token);
            if (failed is not null)
                return Problems.Answer(http, failed);
            foreach (var item in items)
            {
                var user = await store.GetAsync(item.GetProperty("id").GetGuid(), http.RequestAborted);
                if (!user.RoleIsKnown || user.Role == one)
                    found[user.Number] = shape.Full(user.Number, one, item);
            }
        }

        return Results.Json(found.Values);
    }

    /// <summary>Everybody may see the card; the user and moderators see all.</summary>
    private static async Task<IResult> ReadAsync(
        int number,
        HttpContext http,
        Callers callers,
        GatehouseApi api,
        UserStore store,
        IGatehouseUsers users,
        UserShape shape
    )
    {
        if (await store.FindAsync(number, http.RequestAborted) is not { } known)
            return Answers.NotFound();
        var caller = await callers.IfAnyAsync(http);
        if (caller is var (token, somebody) && (somebody.Role == UserRole.Moderator || somebody.User.Number == number))
        {
            var path = somebody.User.Number == number ? "v1/me" : $"v1/users/{known.Id}";
            var reply = await api.SendAsync(HttpMethod.Get, path, token);
            return reply.Status == HttpStatusCode.OK
                ? Results.Json(shape.Full(number, known.Role, reply.Body))
                : Problems.Answer(http, reply);
        }

        return await users.GetAsync(known.Id, http.RequestAborted) is { } user ? Results.Json(shape.Card(known, user)) : Answers.NotFound();
    }

    /// <summary>Verified at once; no mail goes out. Three calls: where a later one fails, the account stays without the role, and says
    /// so.</summary>
    private static async Task<IResult> CreateModeratorAsync(
        HttpContext http,
        Callers callers,
        GatehouseApi api,
        UserStore store,
        UserShape shape,
        TimeProvider clock
    )
    {
        var (caller, rejection) = await callers.ModeratorAsync(http);
        if (caller is null)
            return rejection!;
        var (input, malformed) = await Input.ReadAsync(http);
        if (malformed is not null)
            return malformed;
        var email = input.Text("email", MaxEmail, isRequired: true);
        var password = input.Text("password", MaxPassword, isRequired: true, isTrimmed: false);
        var profile = Profile.Read(input, isPartial: false);
        if (input.HasErrors)
            return Answers.Invalid(input.Errors);
        // What would only be found once the account is there.
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (profile.Born is { } born && (born > today || born < today.AddYears(-120)))
            return Invalid("birth_date", "The birth date must not be in the future or more than 120 years ago.");
        if (profile is { First.Length: > 100 } or { Last.Length: > 100 })
            return Invalid("first_name", "Names have at most 100 characters.");
        var (role, failed) = await RoleIdAsync(api, caller.Token, UserRole.Moderator);
        if (role is null)
            return failed is null ? Answers.NotFound() : Problems.Answer(http, failed);

        var details = profile.ToMembers();
        var account = new JsonObject
        {
            ["email"] = email,
            ["password"] = password,
            ["name"] = details["name"]!.DeepClone(),
            ["sendEmail"] = false,
        };
        var created = await api.SendAsync(HttpMethod.Post, "v1/users", caller.Token, account);
        if (created.Status != HttpStatusCode.Created)
            return Problems.Answer(http, created);
        var id = created.Body.GetProperty("id").GetGuid();
        var changed = await api.SendAsync(HttpMethod.Patch, $"v1/users/{id}", caller.Token, details);
        if (changed.Status != HttpStatusCode.OK)
            return Problems.Answer(http, changed);
        var assigned = await api.SendAsync(HttpMethod.Put, $"v1/users/{id}/roles/{role}", caller.Token);
        if (assigned.Status != HttpStatusCode.NoContent)
            return Problems.Answer(http, assigned);
        var user = await store.GetAsync(id, http.RequestAborted);
        return Results.Json(shape.Full(user.Number, UserRole.Moderator, changed.Body), statusCode: StatusCodes.Status201Created);

        static IResult Invalid(string field, string error) =>
            Answers.Invalid(new JsonObject { [Profile.Name] = new JsonObject { [field] = new JsonArray(error) } });
    }

    /// <summary>The id of a role by its name; null for none.</summary>
    public static async Task<(string? Id, Reply? Rejection)> RoleIdAsync(GatehouseApi api, Token token, UserRole role)
    {
        var (items, failed) = await api.ListAsync("v1/roles?limit=100", token);
        var found = items.FirstOrDefault(item => UserShape.Text(item, "name") == FoodRoles.NameOf(role));
        return (
            found.ValueKind == JsonValueKind.Object ? found.GetProperty("id").GetGuid().ToString("D", CultureInfo.InvariantCulture) : null,
            failed
        );
    }
}
