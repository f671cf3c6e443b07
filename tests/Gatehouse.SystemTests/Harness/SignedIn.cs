using System.Text.Json;

namespace Gatehouse.SystemTests.Harness;

/// <summary>What a signed-in client holds.</summary>
public sealed record TokenPair(Guid SessionId, string Access, string Refresh)
{
    public (string Name, string Value) Header => ("Authorization", "Bearer " + Access);

    /// <summary>The claims as anybody can read them.</summary>
    public JsonElement Claims => JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(Access.Split('.')[1])).RootElement;
}

/// <summary>A person with an account, signed in.</summary>
/// <param name="Device">What the device holds to be known again.</param>
public sealed record SignedIn(Guid UserId, string Email, TokenPair Tokens, string Device);

/// <summary>Signing in, staying signed in and being so.</summary>
internal static class SigningIn
{
    /// <summary>The tokens of a good answer.</summary>
    public static TokenPair Tokens(this Answer answer)
    {
        Assert.True((int)answer.Status is 200 or 201 or 202, $"{answer.Status}: {answer.Text}");
        var tokens = answer.Body.GetProperty("tokens");
        return new TokenPair(
            tokens.GetProperty("sessionId").GetGuid(),
            tokens.GetProperty("accessToken").GetString()!,
            tokens.GetProperty("refreshToken").GetString()!
        );
    }

    /// <summary>The device token of a good answer.</summary>
    public static string Device(this Answer answer) => answer.Body.GetProperty("deviceToken").GetString()!;

    /// <summary>Somebody new, registered and thereby signed in.</summary>
    public static async Task<SignedIn> SomebodyAsync(this TestUsers people, string? username = null, string? email = null)
    {
        email ??= TestUsers.NewEmail();
        return (await people.RegisteredUserAsync(email, username)).SignedIn(email);
    }

    /// <summary>Whom a good answer signed in.</summary>
    public static SignedIn SignedIn(this Answer answer, string email) =>
        new(answer.Body.GetProperty("user").GetProperty("id").GetGuid(), email, answer.Tokens(), answer.Device());

    public static Task<Answer> SignInAsync(
        this TestUsers people,
        string identifier,
        string password = TestUsers.Password,
        params (string Name, string Value)[] headers
    ) => people.PostAsync("/v1/sessions", new { identifier, password }, headers);

    public static Task<Answer> RefreshAsync(this TestUsers people, string refreshToken, params (string Name, string Value)[] headers) =>
        people.PostAsync("/v1/tokens/refresh", new { refreshToken }, headers);

    /// <summary>A request with the access token.</summary>
    public static Task<Answer> SendAsync(this TestUsers people, HttpMethod method, string path, TokenPair tokens) =>
        people.SendAsync(method, path, tokens.Header);

    public static Task<Answer> MeAsync(this TestUsers people, TokenPair tokens) => people.SendAsync(HttpMethod.Get, "/v1/me", tokens);
}
