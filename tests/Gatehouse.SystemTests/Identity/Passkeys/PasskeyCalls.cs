using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Passkeys;

/// <summary>What clients do with passkeys.</summary>
internal static class PasskeyCalls
{
    public const string Path = "/v1/me/passkeys";

    public static JsonElement PublicKey(this Answer options) => options.Body.GetProperty("publicKey");

    public static string Ceremony(this Answer options) => options.Body.GetProperty("ceremonyId").GetString()!;

    /// <summary>Begins to add a passkey.</summary>
    public static async Task<Answer> CreationOptionsAsync(this TestApp app, SignedIn user)
    {
        var options = await app.Users.SendAsync(HttpMethod.Post, Path + "/options", user);
        Assert.True(options.Status == HttpStatusCode.OK, options.Text);
        return options;
    }

    /// <summary>Sends what the authenticator made.</summary>
    public static Task<Answer> AddAsync(
        this TestApp app,
        SignedIn user,
        Answer options,
        SoftwareAuthenticator device,
        string name = "Phone"
    ) => app.AddAsync(user, options.Ceremony(), device.Create(options.PublicKey()), name);

    public static Task<Answer> AddAsync(this TestApp app, SignedIn user, string ceremonyId, JsonNode credential, string name = "Phone") =>
        app.Users.SendAsync(
            HttpMethod.Post,
            Path,
            user,
            new
            {
                ceremonyId,
                name,
                credential,
            }
        );

    /// <summary>The id of a passkey that was added.</summary>
    public static async Task<Guid> AddedAsync(this TestApp app, SignedIn user, SoftwareAuthenticator device)
    {
        var added = await app.AddAsync(user, await app.CreationOptionsAsync(user), device);
        Assert.True(added.Status == HttpStatusCode.Created, added.Text);
        return added.Body.GetProperty("passkey").GetProperty("id").GetGuid();
    }

    /// <summary>Begins to sign in.</summary>
    public static Task<Answer> SignInOptionsAsync(this TestApp app) => app.Users.PostAsync("/v1/passkey-options", body: null);

    public static async Task<Answer> SignInAsync(this TestApp app, SoftwareAuthenticator device)
    {
        var options = await app.SignInOptionsAsync();
        return await app.SignInAsync(options.Ceremony(), device.Get(options.PublicKey()));
    }

    public static Task<Answer> SignInAsync(this TestApp app, string ceremonyId, JsonNode credential) =>
        app.Users.PostAsync("/v1/passkey-sessions", new { ceremonyId, credential });

    /// <summary>Whatever is wrong, the answer is the same.</summary>
    public static void AssertRejected(this Answer answer) =>
        Assert.Equal((HttpStatusCode.Unauthorized, "identity.passkey-rejected"), (answer.Status, answer.Code));

    /// <summary>As if the user had signed in a while ago.</summary>
    public static Task GrowOldAsync(this TestApp app, SignedIn user) =>
        app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = $1",
            user.UserId
        );
}
