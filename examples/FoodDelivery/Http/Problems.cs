using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FoodDelivery.Http;

/// <summary>Gatehouse's rejections in the form that the front ends read.</summary>
internal static class Problems
{
    public const string Taken = "user with this email already exists.";

    /// <summary>Any answer that is not the hoped for.</summary>
    public static IResult Answer(HttpContext http, Reply reply)
    {
        if (reply.IsOutage || reply.Body.ValueKind != JsonValueKind.Object)
            return Answers.Unavailable();
        if (reply.RetryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds;
        if (reply.Status == HttpStatusCode.BadRequest && reply.Body.TryGetProperty("errors", out var errors))
            return Answers.Invalid(ByField(errors));
        return reply.Status switch
        {
            HttpStatusCode.Unauthorized => Answers.BadToken(http),
            HttpStatusCode.NotFound => Answers.NotFound(),
            HttpStatusCode.Conflict when Text(reply.Body, "code") == "identity.email-taken" => Answers.Invalid("email", Taken),
            _ => Answers.Detail((int)reply.Status, Text(reply.Body, "detail") ?? "The request was rejected."),
        };
    }

    private static JsonObject ByField(JsonElement errors)
    {
        var found = new JsonObject();
        foreach (var error in errors.EnumerateArray())
        {
            var (group, name) = Field(Text(error, "field") ?? "");
            var target = group is null ? found : found[group] as JsonObject;
            if (target is null)
                found[group!] = target = [];
            var message = Text(error, "message") ?? "Invalid.";
            if (target[name] is JsonArray known)
                known.Add(message);
            else
                target[name] = new JsonArray(message);
        }

        return found;
    }

    private static (string? Group, string Name) Field(string field) =>
        field switch
        {
            "email" or "identifier" => (null, "email"),
            "password" => (null, "password"),
            "givenName" or "name" => (Profile.Name, "first_name"),
            "familyName" => (Profile.Name, "last_name"),
            "birthDate" => (Profile.Name, "birth_date"),
            _ => (null, "non_field_errors"),
        };

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
