using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Recovery;

/// <summary>The page behind the link in the mail.</summary>
public sealed class ResetPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Opening_the_link_changes_nothing_and_the_button_sets_the_password()
    {
        var (id, letter, email) = await StartAsync();
        var link = System.Text.RegularExpressions.Regex.Match(letter.Text, @"http://localhost:8080(/reset\S+)").Groups[1].Value;

        for (var i = 0; i < 3; i++)
        {
            var page = await app.Users.GetAsync(link);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.Response.Content.Headers.ContentType?.MediaType));
            Assert.Contains("Choose a new password", page.Text, StringComparison.Ordinal);
            Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        }

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email)).Status);
        var done = await SubmitAsync(id.ToString(), letter.LinkToken, Resetting.NewPassword);

        Assert.Equal((HttpStatusCode.SeeOther, "/forgot/done"), (done.Status, done.Location()));
        Assert.Contains("role=\"status\"", (await app.Users.GetAsync(done.Location())).Text, StringComparison.Ordinal);
        Assert.Empty(done.Header("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, Resetting.NewPassword)).Status);
    }

    [Fact]
    public async Task A_rejected_password_is_explained_beside_the_field_in_the_users_language_and_never_shown()
    {
        var (id, letter, email) = await StartAsync();

        var refused = await SubmitAsync(id.ToString(), letter.LinkToken, "demasiado", ("Accept-Language", "es"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("<html lang=\"es\">", refused.Text, StringComparison.Ordinal);
        Assert.Matches("aria-describedby=\"password-error\"\\s+aria-invalid=\"true\"", refused.Text);
        Assert.Matches("<p id=\"password-error\"[^>]*>Usa al menos 15 caracteres", refused.Text);
        Assert.DoesNotContain("demasiado\"", refused.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{letter.LinkToken}\"", refused.Text, StringComparison.Ordinal);
        var first = await app.Users.GetAsync($"/reset?id={id}&token={letter.LinkToken}");
        Assert.DoesNotContain("aria-invalid", first.Text, StringComparison.Ordinal);

        // The link stays valid for the next attempt.
        Assert.Equal("/forgot/done", (await SubmitAsync(id.ToString(), letter.LinkToken, Resetting.NewPassword)).Location());
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, Resetting.NewPassword)).Status);
    }

    [Fact]
    public async Task A_link_that_has_expired_says_so_and_asks_for_no_password()
    {
        var (id, letter, _) = await StartAsync();
        var unknown = Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString();
        var foreign = new string('A', 43);

        foreach (
            var (page, status, text) in new[]
            {
                (await SubmitAsync(unknown, letter.LinkToken, Resetting.NewPassword), HttpStatusCode.NotFound, "This link has expired"),
                (await SubmitAsync("x", letter.LinkToken, Resetting.NewPassword), HttpStatusCode.NotFound, "This link has expired"),
                (await SubmitAsync(id.ToString(), foreign, Resetting.NewPassword), HttpStatusCode.NotFound, "This link has expired"),
                (await SubmitAsync(id.ToString(), "abc", Resetting.NewPassword), HttpStatusCode.BadRequest, "This link is incomplete"),
                (await SubmitAsync(id.ToString(), letter.LinkToken, Resetting.NewPassword), HttpStatusCode.SeeOther, ""),
                (
                    await SubmitAsync(id.ToString(), letter.LinkToken, Resetting.NewPassword),
                    HttpStatusCode.Conflict,
                    "This code or link has already been used"
                ),
            }
        )
        {
            Assert.Equal(status, page.Status);
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("action=\"/reset\"", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_encodes_what_the_link_says()
    {
        const string markup = "\"><script>alert(1)</script>";
        foreach (
            var path in new[]
            {
                $"/reset?id=x&token={Uri.EscapeDataString(markup)}",
                $"/reset?id={Uri.EscapeDataString(markup)}&token=x",
                "/reset",
            }
        )
        {
            var page = await app.Users.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);
        }

        foreach (
            var refused in new[]
            {
                await SubmitAsync(markup, markup, "x"),
                await SubmitAsync(Guid.Empty.ToString(), markup, markup),
                await SubmitAsync(Guid.Empty.ToString(), new string('A', 43), markup),
            }
        )
            Assert.DoesNotContain("<script>", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await app.Users.PostAsync("/reset", new { token = "x" })).Status);
    }

    private async Task<Answer> SubmitAsync(string id, string token, string password, params (string Name, string Value)[] headers)
    {
        using var browser = new Browser(app);
        foreach (var (name, value) in headers)
            browser.Set(name, value);
        return await browser.SubmitAsync(
            "/reset",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["id"] = id,
                ["token"] = token,
                ["password"] = password,
            }
        );
    }

    private async Task<(Guid Id, Letter Letter, string Email)> StartAsync()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        return (id, letter, person.Email);
    }
}
