using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>The page on which a user lets a device go on, in a real browser.</summary>
public sealed class DevicePageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("es", true)]
    [InlineData("hi", false)]
    [Trait("Speed", "Slow")]
    public async Task A_user_types_the_code_sees_who_asks_and_connects_the_device(string language, bool script)
    {
        var user = await app.Users.SomebodyAsync();
        var television = await app.ApplicationAsync(
            await app.TenantAdministratorAsync(),
            new
            {
                @public = true,
                deviceCode = true,
                requireConsent = true,
            }
        );
        var codes = await app.OAuthAsync("/oauth2/device", television, [("scope", "openid profile email")]);
        var picture = $"{language}{(script ? "" : "-no-script")}";
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(user.Email);

        await visit.GoAsync("/device");
        await visit.LookAsync($"device-code-{picture}");
        await visit.Page.FillAsync("input[name=user_code]", "BBBB-BBBB");
        await visit.Page.ClickAsync("main form button[type=submit]");
        await Assertions.Expect(visit.Page.Locator(".notice.bad")).ToBeVisibleAsync();
        await visit.LookAsync($"device-code-refused-{picture}");
        await visit.Page.FillAsync("input[name=user_code]", codes.Body.GetProperty("user_code").GetString()!.ToLowerInvariant());
        await visit.Page.ClickAsync("main form button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("[role=note]")).ToBeVisibleAsync();
        await visit.LookAsync($"device-question-{picture}");
        await visit.Page.ClickAsync("button[value=allow]");
        await Assertions.Expect(visit.Page.Locator("main [role=status]")).ToBeVisibleAsync();
        await visit.LookAsync($"device-connected-{picture}");
        Assert.Empty(visit.Complaints);
    }
}
