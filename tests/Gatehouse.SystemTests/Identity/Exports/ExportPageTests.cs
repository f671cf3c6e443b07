using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Exports;

/// <summary>The page on which users download their data, in a browser without a script.</summary>
public sealed class ExportPageTests(RunningApp running)
{
    private const string Path = "/account/privacy/export";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_data_is_collected_and_downloaded()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = await SignedInAsync(person);

        var started = await browser.FillAsync(Path, Path);
        Assert.Equal((HttpStatusCode.SeeOther, Path), (started.Status, started.Location()));
        Answer page = null!;
        await TestApp.EventuallyAsync(
            async () => (page = await browser.GetAsync(Path)).Text.Contains("Your data is ready", StringComparison.Ordinal),
            "the end of the operation"
        );
        var file = await browser.SendFormAsync(page, Path + "/download");

        Assert.Equal((HttpStatusCode.OK, "application/zip"), (file.Status, file.Header("Content-Type")));
        Assert.Contains("account.json", (await ExportCalls.FilesOfAsync(await file.Response.Content.ReadAsByteArrayAsync())).Keys);
    }

    [Fact]
    public async Task Who_signed_in_a_while_ago_is_asked_for_the_password_and_who_has_more_for_that()
    {
        var person = await app.Users.SomebodyAsync();
        using var browser = await SignedInAsync(person);
        await app.GrowStaleAsync(person);

        var wrong = await browser.FillAsync(Path, Path, ("password", "not it"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.NotEqual("", wrong.Beside("password"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SendFormAsync(wrong, Path, ("password", TestUsers.Password))).Status);

        await app.Users.AddTotpAsync(person.Tokens with { Access = (await app.Users.SignInAsync(person.Email)).Tokens().Access });
        await app.GrowStaleAsync(person);
        await app.ExecuteAsync("delete from identity.exports where user_id = $1", person.UserId);
        Assert.Contains("/reauthenticate?returnUrl=", (await browser.GetAsync(Path)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("hi")]
    public async Task The_page_speaks_every_language(string language)
    {
        using var browser = await SignedInAsync(await app.Users.SomebodyAsync());
        browser.Set("Accept-Language", language);

        var page = await browser.GetAsync(Path);

        Assert.Contains($"<html lang=\"{language}\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"page\.(account|export)\.[a-z]", page.Text);
    }

    [Fact]
    public async Task Nobody_and_a_foreign_id_get_nothing()
    {
        using var nobody = new Browser(app);
        Assert.StartsWith("/sign-in?returnUrl=", (await nobody.GetAsync(Path)).Location(), StringComparison.Ordinal);

        var other = await app.Users.SomebodyAsync();
        var id = await app.ExportAsync(other);
        var person = await app.Users.SomebodyAsync();
        await app.ExportAsync(person);
        using var browser = await SignedInAsync(person);
        var page = await browser.GetAsync(Path);
        foreach (var asked in new[] { id.ToString(), "", "no id" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.SendFormAsync(page, Path + "/download", ("id", asked))).Status);
    }

    private async Task<Browser> SignedInAsync(SignedIn person)
    {
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(person.Email)).Status);
        return browser;
    }
}
