using System.Text.Json.Nodes;

namespace FoodDelivery.Http;

/// <summary>Answers in the form that the front ends read: <c>{"detail": …}</c>, or the errors by field.</summary>
internal static class Answers
{
    public static IResult Detail(int status, string detail, string? code = null)
    {
        var body = new JsonObject { ["detail"] = detail };
        if (code is not null)
            body["code"] = code;
        return Results.Json(body, statusCode: status);
    }

    public static IResult Invalid(JsonObject errors) => Results.Json(errors, statusCode: StatusCodes.Status400BadRequest);

    public static IResult Invalid(string field, string error) => Invalid(new JsonObject { [field] = new JsonArray(error) });

    public static IResult NotFound() => Detail(StatusCodes.Status404NotFound, "Not found.");

    public static IResult Forbidden(string detail) => Detail(StatusCodes.Status403Forbidden, detail);

    public static IResult Unavailable() =>
        Detail(StatusCodes.Status503ServiceUnavailable, "The sign-in service cannot be asked right now.");

    /// <summary>Nobody is signed in.</summary>
    public static IResult NotSignedIn(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"api\"";
        return Detail(StatusCodes.Status401Unauthorized, "Authentication credentials were not provided.");
    }

    /// <summary>The cookie is good for nothing (any more).</summary>
    public static IResult BadToken(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"api\"";
        var message = new JsonObject
        {
            ["token_class"] = "AccessToken",
            ["token_type"] = "access",
            ["message"] = "Token is invalid or expired",
        };
        return Results.Json(
            new JsonObject
            {
                ["detail"] = "Given token not valid for any token type",
                ["code"] = "token_not_valid",
                ["messages"] = new JsonArray(message),
            },
            statusCode: StatusCodes.Status401Unauthorized
        );
    }
}
