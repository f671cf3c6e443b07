using System.Net;
using System.Text.Json;

namespace FoodDelivery.Http;

/// <summary>The own account.</summary>
internal static class CurrentRoutes
{
    private const int MaxEmail = 254;

    public static void Map(IEndpointRouteBuilder users)
    {
        var current = users.MapGroup("/current");
        current.MapGet("/", ReadAsync);
        current.MapPut(
            "/",
            (HttpContext http, Callers callers, GatehouseApi api, UserShape shape) =>
                UpdateAsync(http, callers, api, shape, isPartial: false)
        );
        current.MapPatch(
            "/",
            (HttpContext http, Callers callers, GatehouseApi api, UserShape shape) =>
                UpdateAsync(http, callers, api, shape, isPartial: true)
        );
        current.MapGet("/send-activation", SendAgainAsync);
    }

    /// <summary>The address cannot be changed here; sending it as it is is fine.</summary>
    public static void CheckEmail(Input input, string? email, JsonElement user)
    {
        if (email is not null && !string.Equals(email, UserShape.Text(user, "email"), StringComparison.OrdinalIgnoreCase))
            input.Add("email", "The address cannot be changed here.");
    }

    private static async Task<IResult> ReadAsync(HttpContext http, Callers callers, UserShape shape)
    {
        var (caller, rejection) = await callers.SignedInAsync(http);
        return caller is null ? rejection! : Results.Json(shape.Full(caller.User.Number, caller.Role, caller.Me));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, Callers callers, GatehouseApi api, UserShape shape, bool isPartial)
    {
        var (caller, rejection) = await callers.SignedInAsync(http);
        if (caller is null)
            return rejection!;
        var (input, malformed) = await Input.ReadAsync(http);
        if (malformed is not null)
            return malformed;
        CheckEmail(input, input.Text("email", MaxEmail, !isPartial), caller.Me);
        var profile = Profile.Read(input, isPartial);
        if (input.HasErrors)
            return Answers.Invalid(input.Errors);

        var changes = profile.ToMembers(UserShape.Text(caller.Me, "givenName"), UserShape.Text(caller.Me, "familyName"));
        if (changes.Count == 0)
            return Results.Json(shape.Full(caller.User.Number, caller.Role, caller.Me));
        var reply = await api.SendAsync(HttpMethod.Patch, "v1/me", caller.Token, changes);
        return reply.Status == HttpStatusCode.OK
            ? Results.Json(shape.Full(caller.User.Number, caller.Role, reply.Body))
            : Problems.Answer(http, reply);
    }

    private static async Task<IResult> SendAgainAsync(HttpContext http, Callers callers, GatehouseApi api)
    {
        var (caller, rejection) = await callers.SignedInAsync(http);
        if (caller is null)
            return rejection!;
        if (caller.Me.GetProperty("emailVerified").GetBoolean() || caller.User.Registration is not { } registration)
            return Answers.Detail(StatusCodes.Status400BadRequest, "Email has already been verified");
        var reply = await api.SendAsync(HttpMethod.Post, $"v1/registrations/{registration}/resend");
        return reply.Status == HttpStatusCode.Accepted
            ? Answers.Detail(StatusCodes.Status200OK, "Verification email sent successfully")
            : Problems.Answer(http, reply);
    }
}
