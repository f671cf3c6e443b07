using System.Text.Json;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Harness.Browsing;

/// <summary>The authenticator that Chromium has for tests. It keeps passkeys, and says yes at once to whatever is asked.</summary>
internal sealed class VirtualAuthenticator
{
    private readonly ICDPSession session;
    private readonly string id;

    private VirtualAuthenticator(ICDPSession session, string id) => (this.session, this.id) = (session, id);

    /// <param name="offers">Whether the browser offers passkeys in fields. It then signs in by itself, before anything is clicked.</param>
    public static async Task<VirtualAuthenticator> PlugInAsync(Visit visit, bool offers = false)
    {
        if (!offers)
            await visit.Page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)");
        var devTools = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        await devTools.SendAsync("WebAuthn.enable");
        var added = await devTools.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            With(
                "options",
                new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                }
            )
        );
        return new VirtualAuthenticator(devTools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether it believes its user, by a fingerprint or a PIN.</summary>
    public Task VerifyAsync(bool verifies) => SendAsync("WebAuthn.setUserVerified", ("isUserVerified", verifies));

    /// <summary>Makes it another device with the same passkeys, whose counters stand at one.</summary>
    public async Task CountFromAnewAsync()
    {
        var held = (await SendAsync("WebAuthn.getCredentials"))!.Value.GetProperty("credentials");
        await SendAsync("WebAuthn.clearCredentials");
        foreach (var credential in held.EnumerateArray())
        {
            var copy = credential.EnumerateObject().ToDictionary(one => one.Name, one => (object)one.Value, StringComparer.Ordinal);
            copy["signCount"] = 0;
            await SendAsync("WebAuthn.addCredential", ("credential", copy));
        }
    }

    private static Dictionary<string, object> With(string name, object value) => new(StringComparer.Ordinal) { [name] = value };

    private Task<JsonElement?> SendAsync(string method, params (string Name, object Value)[] arguments)
    {
        var all = With("authenticatorId", id);
        foreach (var (name, value) in arguments)
            all[name] = value;
        return session.SendAsync(method, all);
    }
}
