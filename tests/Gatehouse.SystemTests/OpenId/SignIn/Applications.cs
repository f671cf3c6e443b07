using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>An application as a test created it.</summary>
internal sealed record TestApplication(Guid Id, string ClientId)
{
    public const string Redirect = "https://shop.example.com/signed-in?from=gatehouse";
    public const string PostLogout = "https://shop.example.com/bye";

    /// <summary>Null for a public one.</summary>
    public string? Secret { get; init; }

    public string RedirectUri { get; init; } = Redirect;
}

/// <summary>The tokens that an application got.</summary>
internal sealed record AppTokens(JsonElement Body)
{
    public string Access => Body.GetProperty("access_token").GetString()!;

    public string Refresh => Body.GetProperty("refresh_token").GetString()!;

    public string IdToken => Body.GetProperty("id_token").GetString()!;

    public JsonElement AccessClaims => Part(Access, 1);

    public JsonElement IdClaims => Part(IdToken, 1);

    public JsonElement IdHeader => Part(IdToken, 0);

    public static JsonElement Part(string token, int part) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[part])).RootElement;
}

/// <summary>What applications and the browsers of their users do, as HTTP calls.</summary>
internal static class Applications
{
    public const string Verifier = "a-verifier-that-has-more-than-forty-three-characters-0123456789";
    public const string AuthorizePath = "/oauth2/authorize";
    public const string UserInfoPath = "/oauth2/userinfo";
    public const string PushPath = "/oauth2/par";
    public const string LogoutPath = "/oauth2/logout";
    public const string ContinuePath = "/oauth2/continue";

    /// <summary>A list in the body of a request.</summary>
    public static string[] List(params string[] texts) => texts;

    public static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>A client that signs users in. What a test does not say is the default, but users are not asked.</summary>
    public static async Task<TestApplication> ApplicationAsync(
        this TestApp app,
        SignedIn by,
        object? signIn = null,
        string[]? scopes = null,
        string[]? publicKeys = null
    )
    {
        var settings = JsonSerializer.SerializeToNode(signIn ?? new { })!.AsObject();
        settings["redirectUris"] ??= new JsonArray(TestApplication.Redirect);
        settings["postLogoutRedirectUris"] ??= new JsonArray(TestApplication.PostLogout);
        settings["requireConsent"] ??= false;
        settings["scopes"] ??= new JsonArray("openid", "profile", "email", "groups", "offline_access");
        var answer = await app.CallAsync(
            HttpMethod.Post,
            "/v1/clients",
            by,
            new
            {
                name = "Shop",
                signIn = settings,
                scopes,
                publicKeys,
            }
        );
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        var client = answer.Body.GetProperty("client");
        var secret = answer.Body.GetProperty("secret");
        return new TestApplication(client.GetProperty("id").GetGuid(), client.GetProperty("clientId").GetString()!)
        {
            Secret = secret.ValueKind == JsonValueKind.Null ? null : secret.GetProperty("secret").GetString(),
            RedirectUri = settings["redirectUris"]!.AsArray()[0]!.GetValue<string>(),
        };
    }

    /// <summary>The address of an authorization request; a value of null leaves a usual parameter out.</summary>
    public static string Request(this TestApplication application, params (string Name, string? Value)[] parameters)
    {
        var all = new List<(string Name, string? Value)>
        {
            ("client_id", application.ClientId),
            ("redirect_uri", application.RedirectUri),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "state-1"),
            ("nonce", "nonce-1"),
            ("code_challenge", Challenge),
            ("code_challenge_method", "S256"),
        };
        all.RemoveAll(one => parameters.Any(other => other.Name == one.Name));
        all.AddRange(parameters);
        return AuthorizePath + "?" + Encode(all.Where(one => one.Value is not null).Select(one => (one.Name, one.Value!)));
    }

    public static string Encode(IEnumerable<(string Name, string Value)> parameters) =>
        string.Join('&', parameters.Select(one => $"{Uri.EscapeDataString(one.Name)}={Uri.EscapeDataString(one.Value)}"));

    /// <summary>What stands in the address to which the browser was sent.</summary>
    public static IReadOnlyDictionary<string, string> Sent(this Answer answer, string? to = null)
    {
        var location = answer.Location();
        Assert.True(location.Length > 0, $"{answer.Status} {answer.Text}");
        Assert.StartsWith(to ?? TestApplication.Redirect, location, StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(new Uri(location).Query);
        return query.AllKeys.ToDictionary(key => key!, key => query[key]!, StringComparer.Ordinal);
    }

    /// <summary>Follows our own pages until the browser is sent to the application.</summary>
    public static async Task<Answer> FollowAsync(this Browser browser, string path)
    {
        for (var steps = 0; steps < 10; steps++)
        {
            var answer = await browser.GetAsync(path);
            if (!answer.Location().StartsWith('/') || answer.Location().StartsWith("/sign-in", StringComparison.Ordinal))
                return answer;
            path = answer.Location();
        }

        throw new InvalidOperationException("The browser is sent around in circles.");
    }

    /// <summary>A code for a user who is signed in in this browser.</summary>
    public static async Task<string> CodeAsync(
        this Browser browser,
        TestApplication application,
        params (string Name, string? Value)[] parameters
    ) => (await browser.FollowAsync(application.Request(parameters))).Sent(application.RedirectUri)["code"];

    public static Task<Answer> RedeemAsync(this TestApp app, TestApplication application, string code, params (string, string)[] more) =>
        app.TokenAsync(
            application,
            [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", application.RedirectUri),
                ("code_verifier", Verifier),
                .. more,
            ]
        );

    public static Task<Answer> RefreshAsync(this TestApp app, TestApplication application, string token, params (string, string)[] more) =>
        app.TokenAsync(application, [("grant_type", "refresh_token"), ("refresh_token", token), .. more]);

    public static Task<Answer> TokenAsync(this TestApp app, TestApplication application, IReadOnlyList<(string, string)> fields) =>
        app.OAuthAsync(ClientCalls.TokenPath, application, fields);

    /// <summary>A form of the client, with what proves who it is. A field that stands twice counts as it is given last.</summary>
    public static Task<Answer> OAuthAsync(
        this TestApp app,
        string path,
        TestApplication application,
        IReadOnlyList<(string Name, string Value)> fields
    )
    {
        var last = fields.GroupBy(f => f.Name).Select(g => g.Last()).ToList();
        return application.Secret is { } secret
            ? app.FormAsync(path, last, ("Authorization", "Basic " + Basic(application.ClientId, secret)))
            : app.FormAsync(path, [.. last, ("client_id", application.ClientId)]);
    }

    public static string Basic(string name, string secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}"));

    /// <summary>All the way: code and tokens of a user who is signed in in this browser.</summary>
    public static async Task<AppTokens> TokensAsync(
        this TestApp app,
        Browser browser,
        TestApplication application,
        params (string Name, string? Value)[] parameters
    ) => (await app.RedeemAsync(application, await browser.CodeAsync(application, parameters))).AppTokens();

    public static AppTokens AppTokens(this Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return new AppTokens(answer.Body);
    }

    public static Task<Answer> UserInfoAsync(this TestApp app, string token) =>
        app.Users.SendAsync(HttpMethod.Get, UserInfoPath, ("Authorization", "Bearer " + token));

    /// <summary>Whether the access token is good: what introspection, asked by one who may ask, says.</summary>
    public static async Task<bool> IsLiveAsync(this TestApp app, AppTokens tokens) =>
        (await app.UserInfoAsync(tokens.Access)).Status == HttpStatusCode.OK;

    /// <summary>A browser in which the user is signed in.</summary>
    public static async Task<Browser> BrowserAsync(this TestApp app, SignedIn user)
    {
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(user.Email)).Status);
        return browser;
    }
}
