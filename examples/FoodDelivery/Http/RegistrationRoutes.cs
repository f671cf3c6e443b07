using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FoodDelivery.Roles;
using FoodDelivery.Users;
using FoodDelivery.V1;

namespace FoodDelivery.Http;

/// <summary>Registrations, each role at a URL of its own, and what follows by mail.</summary>
internal static class RegistrationRoutes
{
    private const int MaxEmail = 254;
    private const int MaxPassword = 128;

    public static void Map(IEndpointRouteBuilder users)
    {
        foreach (
            var (path, role) in new[]
            {
                ("/customers", UserRole.Customer),
                ("/couriers", UserRole.Courier),
                ("/managers", UserRole.RestaurantManager),
            }
        )
            users.MapPost(
                path,
                (HttpContext http, GatehouseApi api, UserStore store, TokenCookies cookies, UserShape shape) =>
                    RegisterAsync(role, http, api, (store, cookies, shape))
            );
        users.MapGet("/{uid}/verify/{token}", RejectOldLink);
    }

    /// <summary>Whoever the role signs in before the address is verified gets a number and cookies; others get them when they sign in
    /// after it. A known address is answered like those.</summary>
    private static async Task<IResult> RegisterAsync(
        UserRole role,
        HttpContext http,
        GatehouseApi api,
        (UserStore Store, TokenCookies Cookies, UserShape Shape) to
    )
    {
        var (input, rejection) = await Input.ReadAsync(http);
        if (rejection is not null)
            return rejection;
        var email = input.Text("email", MaxEmail, isRequired: true);
        var password = input.Text("password", MaxPassword, isRequired: true, isTrimmed: false);
        var endsWithBrowser = input.Flag("expires_session") ?? false;
        var profile = Profile.Read(input, isPartial: false);
        if (input.HasErrors)
            return Answers.Invalid(input.Errors);

        var body = profile.ToMembers();
        body["email"] = email;
        body["password"] = password;
        body["role"] = FoodRoles.NameOf(role);
        var reply = await api.SendAsync(HttpMethod.Post, "v1/registrations", body: body);
        if (reply.Status != HttpStatusCode.Accepted)
            return Problems.Answer(http, reply);

        if (!reply.Body.TryGetProperty("tokens", out var tokens) || tokens.ValueKind != JsonValueKind.Object)
            return Results.Json(to.Shape.Full(number: null, role, Sent(email!, body)), statusCode: StatusCodes.Status201Created);
        var made = reply.Body.GetProperty("user");
        var user = await to.Store.GetAsync(made.GetProperty("id").GetGuid(), http.RequestAborted);
        await to.Store.NoteRegistrationAsync(user, role, reply.Body.GetProperty("registrationId").GetGuid(), http.RequestAborted);
        to.Cookies.Set(http, tokens, endsWithBrowser);
        return Results.Json(to.Shape.Full(user.Number, role, made), statusCode: StatusCodes.Status201Created);
    }

    // Mails lead to Gatehouse's own page; a link of the replaced service is good for nothing.
    private static IResult RejectOldLink(string uid, string token) =>
        Answers.Detail(StatusCodes.Status400BadRequest, "Email has already been verified or token is invalid");

    private static JsonElement Sent(string email, JsonObject body) =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["email"] = email,
                ["givenName"] = body["givenName"]?.DeepClone(),
                ["familyName"] = body["familyName"]?.DeepClone(),
                ["birthDate"] = body["birthDate"]?.DeepClone(),
            }
        );
}
