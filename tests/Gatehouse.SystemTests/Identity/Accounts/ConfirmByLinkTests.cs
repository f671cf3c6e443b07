using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

[Collection<MovedTime>]
public sealed class ConfirmByLinkTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_link_with_the_chosen_password_makes_the_user_with_it()
    {
        var (_, token, _) = await StartAsync();

        var answer = await app.Users.ConfirmAsync(token, TestUsers.Password);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.True(answer.Body.GetProperty("user").GetProperty("hasPassword").GetBoolean());
        Assert.True(answer.Body.GetProperty("user").GetProperty("emailVerified").GetBoolean());
    }

    [Fact]
    public async Task A_link_without_a_password_makes_a_user_without_one()
    {
        var (id, token, _) = await StartAsync();

        var answer = await app.Users.ConfirmAsync(token);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.False(answer.Body.GetProperty("user").GetProperty("hasPassword").GetBoolean());
        Assert.False(await HasPasswordAsync(answer));
        Assert.True(await app.ScalarAsync<bool>("select payload ->> 'passwordHash' is null from identity.verifications where id = $1", id));
    }

    [Fact]
    public async Task Wrong_passwords_count_tries_together_with_codes_and_the_link_alone_stays_good()
    {
        var (id, token, code) = await StartAsync();

        for (var left = 4; left >= 2; left--)
        {
            var wrong = await app.Users.ConfirmAsync(token, "not the one that was chosen");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "identity.password-wrong"), (wrong.Status, wrong.Code));
            Assert.Equal(left, wrong.Body.GetProperty("attemptsRemaining").GetInt32());
        }

        Assert.Equal("identity.code-wrong", (await app.Users.VerifyAsync(id, TestUsers.WrongCode(code))).Code);
        Assert.Equal("identity.password-wrong", (await app.Users.ConfirmAsync(token, "not the one that was chosen")).Code);
        Assert.Equal("identity.too-many-attempts", (await app.Users.ConfirmAsync(token, TestUsers.Password)).Code);
        Assert.Equal("identity.too-many-attempts", (await app.Users.VerifyAsync(id, code)).Code);

        var alone = await app.Users.ConfirmAsync(token);
        Assert.Equal(HttpStatusCode.Created, alone.Status);
        Assert.False(await HasPasswordAsync(alone));
    }

    [Fact]
    public async Task Parallel_wrong_passwords_count_each_and_only_five_are_judged()
    {
        var (_, token, _) = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Users.ConfirmAsync(token, "not the one that was chosen")));

        Assert.Equal(5, answers.Count(a => a.Code == "identity.password-wrong"));
        Assert.Equal(5, answers.Count(a => a.Code == "identity.too-many-attempts"));
    }

    [Fact]
    public async Task A_link_is_used_once_also_by_parallel_clicks()
    {
        var (_, token, _) = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.Users.ConfirmAsync(token)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(a => (a.Status, a.Code) == (HttpStatusCode.Conflict, "identity.registration-completed")));
    }

    [Fact]
    public async Task A_made_up_link_with_a_password_is_invalid()
    {
        var made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

        var answer = await app.Users.ConfirmAsync(made, TestUsers.Password);

        Assert.Equal((HttpStatusCode.NotFound, "identity.link-invalid"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_owner_who_follows_the_link_of_an_attackers_registration_gets_no_foreign_password()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email, "Mallory", "an attacker waits behind the hedge");
        var link = (await app.Users.LetterAsync(email)).LinkToken;

        // The owner types the password of their own, later registration, then follows the hint of the page and leaves it empty.
        Assert.Equal("identity.password-wrong", (await app.Users.ConfirmAsync(link, TestUsers.Password)).Code);
        var confirmed = await app.Users.ConfirmAsync(link);

        Assert.Equal(HttpStatusCode.Created, confirmed.Status);
        Assert.False(await HasPasswordAsync(confirmed));
    }

    [Fact]
    public async Task A_username_taken_meanwhile_is_named_and_another_goes_with_the_same_link()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email, username: "linked");
        var token = (await app.Users.LetterAsync(email)).LinkToken;
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail(), "linked");

        Assert.Equal("identity.username-taken", (await app.Users.ConfirmAsync(token, TestUsers.Password)).Code);
        var other = await app.Users.PostAsync(
            "/v1/registrations/confirm",
            new
            {
                token,
                password = TestUsers.Password,
                username = "linked2",
            }
        );
        Assert.Equal(HttpStatusCode.Created, other.Status);
        Assert.True(await HasPasswordAsync(other));
    }

    [Fact]
    public async Task Opening_the_page_changes_nothing_and_its_button_confirms()
    {
        var (id, token, _) = await StartAsync();

        for (var i = 0; i < 2; i++)
        {
            var page = await app.Users.GetAsync($"/register/confirm?token={token}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains(token, page.Text, StringComparison.Ordinal);
        }

        Assert.True(await app.ScalarAsync<bool>("select completed_at is null from identity.verifications where id = $1", id));
        var posted = await SubmitAsync(("token", token), ("password", TestUsers.Password));
        Assert.Equal((HttpStatusCode.SeeOther, "/register/done"), (posted.Status, posted.Location()));
        Assert.True(await app.ScalarAsync<bool>("select completed_at is not null from identity.verifications where id = $1", id));
        Assert.Equal(HttpStatusCode.Conflict, (await SubmitAsync(("token", token))).Status);
    }

    [Fact]
    public async Task The_page_encodes_what_the_address_bar_says_and_never_shows_a_password()
    {
        const string markup = "\"><script>alert(1)</script>";

        var page = await app.Users.GetAsync("/register/confirm?token=" + Uri.EscapeDataString(markup));
        Assert.DoesNotContain("<script>", page.Text, StringComparison.Ordinal);

        var (_, token, _) = await StartAsync();
        var refused = await SubmitAsync(("token", token), ("password", "a wrong one to be seen"), ("username", markup));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.DoesNotContain("a wrong one to be seen", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", refused.Text, StringComparison.Ordinal);
    }

    private async Task<Answer> SubmitAsync(params (string Name, string Value)[] form)
    {
        using var browser = new Browser(app);
        return await browser.SubmitAsync("/register/confirm", form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
    }

    private async Task<(Guid Id, string Token, string Code)> StartAsync(string? email = null)
    {
        email ??= TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var letter = await app.Users.LetterAsync(email);
        return (started.RegistrationId, letter.LinkToken, letter.Code);
    }

    private Task<bool> HasPasswordAsync(Answer confirmed) =>
        app.ScalarAsync<bool>(
            "select password_hash is not null from identity.users where id = $1",
            confirmed.Body.GetProperty("user").GetProperty("id").GetGuid()
        );
}
