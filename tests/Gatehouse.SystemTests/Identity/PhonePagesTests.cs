using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity;

/// <summary>Phone numbers in the forms, with the country as a choice: no script runs here.</summary>
public sealed class PhonePagesTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_user_signs_up_signs_in_and_resets_with_a_number_as_it_is_written_at_home()
    {
        var number = TestUsers.NewPhone();
        var typed = $"0{number[3..7]} {number[7..]}";
        using var browser = new Browser(app);
        Assert.Contains("United Kingdom (&#x2B;44)", (await browser.GetAsync("/sign-up")).Text, StringComparison.Ordinal);

        var without = await SubmitAsync(browser, "/sign-up", ("name", "Ada"), ("phoneNumber", typed), ("password", TestUsers.Password));
        Assert.Equal("Begin the number with + and the country code, or choose the country.", without.Beside("phoneNumber"));
        var started = await SubmitAsync(
            browser,
            "/sign-up",
            ("name", "Ada"),
            ("phoneNumber", typed),
            ("region", "GB"),
            ("password", TestUsers.Password)
        );
        Assert.Equal(HttpStatusCode.SeeOther, started.Status);
        var next = started.Header("Location");
        Assert.Contains("&#x2B;44***" + number[^2..], (await browser.GetAsync(next)).Text, StringComparison.Ordinal);
        var id = Regex.Match(next, "id=([0-9a-f-]+)").Groups[1].Value;
        var code = (await app.Users.LetterAsync(number)).Code;
        Assert.Equal("/account", (await SubmitAsync(browser, "/sign-up/code", ("id", id), ("code", code))).Header("Location"));
        Assert.Contains("&#x2B;" + number[1..], (await browser.GetAsync("/account/security")).Text, StringComparison.Ordinal);

        using var other = new Browser(app);
        var signedIn = await SubmitAsync(other, "/sign-in", ("identifier", typed), ("region", "GB"), ("password", TestUsers.Password));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        using var third = new Browser(app);
        var forgot = await SubmitAsync(third, "/forgot", ("identifier", typed), ("region", "GB"));
        Assert.Contains("&#x2B;44***" + number[^2..], (await third.GetAsync(forgot.Header("Location"))).Text, StringComparison.Ordinal);
        Assert.NotEqual("", (await app.Users.LetterAsync(number, 2)).ResetCode);
    }

    private static async Task<Answer> SubmitAsync(Browser browser, string path, params (string Name, string Value)[] fields)
    {
        var form = await browser.GetAsync(path == "/sign-up/code" ? $"{path}?id={fields[0].Value}" : path);
        return await browser.SendFormAsync(form, path, fields);
    }
}
