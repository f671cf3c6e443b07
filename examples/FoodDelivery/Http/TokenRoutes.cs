using System.Net;
using System.Text.Json.Nodes;

namespace FoodDelivery.Http;

/// <summary><c>/api/v1/tokens/</c>: signing in, staying so, and signing out.</summary>
internal static class TokenRoutes
{
    private const int MaxEmail = 254;
    private const int MaxPassword = 128;

    public static void Map(IEndpointRouteBuilder tokens)
    {
        tokens.MapPost("/", SignInAsync);
        tokens.MapPost("/refresh", RefreshAsync);
        tokens.MapPost("/clear", SignOutAsync);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, GatehouseApi api, TokenCookies cookies)
    {
        var (input, rejection) = await Input.ReadAsync(http);
        if (rejection is not null)
            return rejection;
        var email = input.Text("email", MaxEmail, isRequired: true);
        var password = input.Text("password", MaxPassword, isRequired: true, isTrimmed: false);
        var endsWithBrowser = input.Flag("expires_session") ?? false;
        if (input.HasErrors)
            return Answers.Invalid(input.Errors);

        var reply = await api.SendAsync(
            HttpMethod.Post,
            "v1/sessions",
            body: new JsonObject { ["identifier"] = email, ["password"] = password }
        );
        if (reply.Status == HttpStatusCode.Unauthorized)
            return Answers.Detail(StatusCodes.Status401Unauthorized, "No active account found with the given credentials");
        if (reply.Status != HttpStatusCode.Created)
            return Problems.Answer(http, reply);
        cookies.Set(http, reply.Body.GetProperty("tokens"), endsWithBrowser);
        return Results.Json(new JsonObject());
    }

    private static async Task<IResult> RefreshAsync(HttpContext http, GatehouseApi api, TokenCookies cookies)
    {
        if (TokenCookies.RefreshToken(http) is not { } refresh)
        {
            // One that cannot even be read stays no longer, either.
            cookies.Clear(http);
            return Answers.Detail(StatusCodes.Status401Unauthorized, "No valid token found in cookie 'refresh_token'", "token_not_valid");
        }

        var reply = refresh.Text.Length == 0 ? null : await ExchangeAsync(api, refresh.Text);
        if (reply is null or { Status: HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest })
        {
            cookies.Clear(http);
            return Answers.Detail(StatusCodes.Status401Unauthorized, "Token is invalid or expired", "token_not_valid");
        }

        if (reply.Status != HttpStatusCode.OK)
            return Problems.Answer(http, reply);
        cookies.Set(http, reply.Body.GetProperty("tokens"), refresh.EndsWithBrowser);
        return Results.Json(new JsonObject());
    }

    /// <summary>Whatever the cookies are, they are gone; and where one of them is good, so is its session.</summary>
    private static async Task<IResult> SignOutAsync(HttpContext http, GatehouseApi api, TokenCookies cookies)
    {
        cookies.Clear(http);
        try
        {
            if (TokenCookies.AccessToken(http, out _) is not { } token || !await EndAsync(token))
            {
                // The access token may just be too old.
                var refresh = TokenCookies.RefreshToken(http)?.Text ?? "";
                if (refresh.Length > 0 && await ExchangeAsync(api, refresh) is { Status: HttpStatusCode.OK } reply)
                    await EndAsync(Token.Parse(reply.Body.GetProperty("tokens").GetProperty("accessToken").GetString()!)!);
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            // The browser is signed out all the same; the session ends by itself.
        }

        return Results.Ok();

        async Task<bool> EndAsync(Token token) =>
            (await api.SendAsync(HttpMethod.Delete, "v1/sessions/current", token)).Status == HttpStatusCode.NoContent;
    }

    private static Task<Reply> ExchangeAsync(GatehouseApi api, string refreshToken) =>
        api.SendAsync(HttpMethod.Post, "v1/tokens/refresh", body: new JsonObject { ["refreshToken"] = refreshToken });
}
