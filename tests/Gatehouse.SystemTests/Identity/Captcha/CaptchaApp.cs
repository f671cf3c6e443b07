using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Captcha;

/// <summary>The program with Turnstile before everything that may ask for it, and a node with version 3 of reCAPTCHA that closes while
/// it is away.</summary>
public sealed class CaptchaApp : IAsyncLifetime
{
    public const string SiteKey = "1x-the-public-key";

    internal CaptchaServer Server { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    /// <summary>On the same database; at a sign-in with a password it asks only after failures.</summary>
    internal TestApp Strict { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await CaptchaServer.StartAsync();
        App = await TestApp.StartAsync(
            settings: Settings("turnstile", ("Captcha:Operations", "registration,password-reset,sign-in-code,sign-in"))
        );
        Strict = await App.StartNodeAsync(
            Settings(
                "recaptcha",
                ("Captcha:RecaptchaVersion", "3"),
                ("Captcha:Operations", "password-reset,sign-in-after-failures"),
                ("Captcha:DuringOutage", "closed")
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Strict.DisposeAsync();
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    private Dictionary<string, string?> Settings(string provider, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Captcha:Provider"] = provider,
            ["Captcha:SiteKey"] = SiteKey,
            ["Captcha:SecretKey"] = CaptchaServer.Secret,
            ["Captcha:VerifyUrl"] = Server.Address,
            ["Captcha:AllowPrivateAddresses"] = "true",
            ["Captcha:Timeout"] = "10s",
        };
        foreach (var (name, value) in more)
            all[name] = value;
        return all;
    }
}
