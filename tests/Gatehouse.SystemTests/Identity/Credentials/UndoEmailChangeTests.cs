using System.Net;
using Gatehouse.Identity.Credentials;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Passkeys;
using static Gatehouse.SystemTests.Identity.Credentials.ChangeEmailTests;

namespace Gatehouse.SystemTests.Identity.Credentials;

/// <summary>The owner of a former address takes it back.</summary>
public sealed class UndoEmailChangeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_former_address_is_back_everybody_is_signed_out_and_the_password_must_be_chosen_anew()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        var number = await app.WithPhoneAsync(person);
        // The notice of the number is the second.
        var undo = (await app.ChangedEmailAsync(person, person.Email, email, number: 3)).LinkToken;

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(undo)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(person.Tokens)).Status);
        foreach (var identifier in new[] { email, person.Email, number })
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(identifier)).Status);
        Assert.Equal("changed,undone", await app.EventsAsync(person, "user.email-changed.v1"));
        // Whoever changed the address may have set it.
        Assert.Equal("added,removed", await app.EventsAsync(person, "user.phone-changed.v1"));
        AssertError(HttpStatusCode.Conflict, "identity.change-completed", await app.Users.UndoEmailAsync(undo));

        var letter = await app.Users.LetterAsync(person.Email, 4);
        var id = Guid.Parse(System.Text.RegularExpressions.Regex.Match(letter.Text, @"id=([\w-]+)").Groups[1].Value);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(id, letter.LinkToken)).Status);
        var back = await app.Users.SignInAsync(person.Email, Resetting.NewPassword);
        Assert.Equal(HttpStatusCode.Created, back.Status);
        // The change that was undone does not count.
        var again = back.SignedIn(person.Email);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskEmailAsync(again, TestUsers.NewEmail())).Status);
        // The address that is free again can be anybody's.
        Assert.Equal(HttpStatusCode.Created, (await app.Users.RegisteredAfterAsync(email, letters: 2)).Status);
    }

    [Fact]
    public async Task What_was_added_about_that_time_to_sign_in_goes_and_what_is_older_stays()
    {
        var person = await app.Users.SomebodyAsync();
        using var own = new SoftwareAuthenticator();
        using var foreign = new SoftwareAuthenticator();
        await app.AddedAsync(person, own);
        await app.ExecuteAsync(
            "update identity.passkeys set created_at = created_at - interval '8 days' where user_id = $1",
            person.UserId
        );
        await app.Users.AddTotpAsync(person.Tokens);
        await app.AddedAsync(person, foreign);
        await app.QuietAsync();
        var undo = (await app.ChangedEmailAsync(person, person.Email, TestUsers.NewEmail(), number: 5)).LinkToken;

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(undo)).Status);

        (await app.SignInAsync(foreign)).AssertRejected();
        Assert.Equal(HttpStatusCode.Created, (await app.SignInAsync(own)).Status);
        Assert.Equal("passkey", await app.FactorsAsync(person));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.recovery_codes where user_id = $1", person.UserId));
    }

    [Fact]
    public async Task Nobody_gets_a_former_address_before_its_seven_days_are_over()
    {
        var person = await app.Users.SomebodyAsync();
        var other = await app.Users.SomebodyAsync();
        await app.ChangedEmailAsync(person, person.Email, TestUsers.NewEmail());

        await app.Users.RegisterAsync(person.Email);
        Assert.Equal(("", ""), Secrets(await app.Users.LetterAsync(person.Email, 3)));
        await app.Users.AskEmailAsync(other, person.Email);
        Assert.Equal(("", ""), Secrets(await app.Users.LetterAsync(person.Email, 4)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(person.Email)).Status);

        await app.ExecuteAsync(
            """
            update identity.identifiers set reserved_until = now() - interval '1 minute'
             where user_id = $1 and reserved_until is not null
            """,
            person.UserId
        );
        await app.RunRecurringAsync<PurgeContacts>();
        Assert.Equal(HttpStatusCode.Created, (await app.Users.RegisteredAfterAsync(person.Email, letters: 5)).Status);
    }

    [Fact]
    public async Task The_own_former_address_can_be_taken_again()
    {
        var person = await app.Users.SomebodyAsync();
        await app.ChangedEmailAsync(person, person.Email, TestUsers.NewEmail());
        await AllowAsync(person);

        await app.Users.AskEmailAsync(person, person.Email);
        var letter = await app.Users.LetterAsync(person.Email, 3);

        Assert.Equal(HttpStatusCode.OK, (await app.Users.ConfirmEmailAsync(person, letter.Code)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
    }

    [Fact]
    public async Task Undoing_the_first_of_two_changes_restores_the_first_address_and_voids_the_second_link()
    {
        var person = await app.Users.SomebodyAsync();
        var (second, third) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var first = (await app.ChangedEmailAsync(person, person.Email, second)).LinkToken;
        await AllowAsync(person);
        var later = (await app.ChangedEmailAsync(person, second, third)).LinkToken;

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(first)).Status);

        AssertError(HttpStatusCode.Conflict, "identity.undo-superseded", await app.Users.UndoEmailAsync(later));
        Assert.Equal(1L, await LeadingAsync(person));
        foreach (var (free, letters) in new[] { (second, 3), (third, 2) })
            Assert.Equal(HttpStatusCode.Created, (await app.Users.RegisteredAfterAsync(free, letters)).Status);
        await app.ResetAsync(person.Email);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Resetting.NewPassword)).Status);
    }

    [Fact]
    public async Task Undoing_the_second_change_leaves_the_first_to_be_undone()
    {
        var person = await app.Users.SomebodyAsync();
        var (second, third) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var first = (await app.ChangedEmailAsync(person, person.Email, second)).LinkToken;
        await AllowAsync(person);
        var later = (await app.ChangedEmailAsync(person, second, third)).LinkToken;

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(later)).Status);
        await app.ResetAsync(second);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(second, Resetting.NewPassword)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(first)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(second, Resetting.NewPassword)).Status);
        Assert.Equal(1L, await LeadingAsync(person));
    }

    [Fact]
    public async Task Of_two_clicks_at_once_one_does_it_and_malformed_altered_and_late_links_do_nothing()
    {
        var person = await app.Users.SomebodyAsync();
        var undo = (await app.ChangedEmailAsync(person, person.Email, TestUsers.NewEmail())).LinkToken;

        Assert.Equal(["token: identity.link-malformed"], (await app.Users.UndoEmailAsync("abc")).Errors);
        AssertError(
            HttpStatusCode.NotFound,
            "identity.link-invalid",
            await app.Users.UndoEmailAsync((undo[0] == 'A' ? 'B' : 'A') + undo[1..])
        );
        var answers = await Task.WhenAll(app.Users.UndoEmailAsync(undo), app.Users.UndoEmailAsync(undo));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.Code == "identity.change-completed");

        var late = await app.Users.SomebodyAsync();
        var token = (await app.ChangedEmailAsync(late, late.Email, TestUsers.NewEmail())).LinkToken;
        await app.ExecuteAsync(
            "update identity.verifications set expires_at = now() - interval '1 minute' where user_id = $1 and purpose = 'email-undo'",
            late.UserId
        );
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.UndoEmailAsync(token));
    }

    [Fact]
    public async Task Opening_the_page_changes_nothing_and_its_button_undoes()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        var undo = (await app.ChangedEmailAsync(person, person.Email, email)).LinkToken;
        using var browser = new Browser(app);

        var page = await browser.GetAsync("/email-undo?token=" + undo);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(email, await app.EmailAsync(person));

        var done = await browser.SendFormAsync(page, "/email-undo");
        Assert.Equal((HttpStatusCode.SeeOther, "/email-undo/done"), (done.Status, done.Location()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(person.Tokens)).Status);
        Assert.Contains("already been used", (await browser.GetAsync("/email-undo?token=" + undo)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_change_that_waits_for_its_code_is_given_up_with_the_first()
    {
        var person = await app.Users.SomebodyAsync();
        var (second, third) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var undo = (await app.ChangedEmailAsync(person, person.Email, second)).LinkToken;
        await AllowAsync(person);
        var waiting = await app.EmailLetterAsync(person, third);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(undo)).Status);

        await app.ResetAsync(person.Email);
        var back = (await app.Users.SignInAsync(person.Email, Resetting.NewPassword)).SignedIn(person.Email);
        AssertError(HttpStatusCode.NotFound, "identity.change-not-found", await app.Users.ConfirmEmailAsync(back, waiting.Code));
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(back, waiting.LinkToken));
        Assert.Equal(person.Email, await app.EmailAsync(back));
    }

    // As if thirty days had passed, but for the links.
    private Task AllowAsync(SignedIn person) =>
        app.ExecuteAsync("update identity.users set email_changed_at = email_changed_at - interval '31 days' where id = $1", person.UserId);

    private Task<long> LeadingAsync(SignedIn person) =>
        app.ScalarAsync<long>("select count(*) from identity.identifiers where user_id = $1 and kind = 'email'", person.UserId);

    private static (string Code, string Link) Secrets(Letter letter) => (letter.Code, letter.LinkToken);
}

internal static class AfterUndo
{
    /// <summary>Registers an address that was written to before.</summary>
    /// <param name="letters">How many messages it has then.</param>
    public static async Task<Answer> RegisteredAfterAsync(this TestUsers users, string email, int letters)
    {
        var begun = await users.RegisterAsync(email);
        return await users.VerifyAsync(begun.RegistrationId, (await users.LetterAsync(email, letters)).Code);
    }

    /// <summary>Sets a new password by a reset of one's own.</summary>
    public static async Task ResetAsync(this TestApp app, string email)
    {
        await app.QuietAsync();
        var before = (await app.Users.LettersAsync(email)).Count;
        var (id, letter) = await app.ResetMailAsync(email, email, before + 1);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);
    }
}
