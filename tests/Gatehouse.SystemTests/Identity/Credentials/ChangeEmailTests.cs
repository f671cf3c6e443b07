using System.Net;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Credentials;

/// <summary>A signed-in user gives the account another e-mail address.</summary>
public sealed class ChangeEmailTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Until_the_new_address_is_proved_the_old_one_stays_in_force_and_then_it_is_told()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        var asked = await app.Users.AskEmailAsync(person, email);
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        Assert.Equal(60, asked.Body.GetProperty("resendAfter").GetInt32());
        var pending = (await app.Users.MeAsync(person.Tokens)).Body;
        Assert.Equal(person.Email, pending.GetProperty("email").GetString());
        foreach (var member in new[] { "verificationId", "maskedTarget" })
            Assert.Equal(asked.Body.GetProperty(member).GetString(), pending.GetProperty("pendingEmail").GetProperty(member).GetString());
        Assert.DoesNotContain(email, pending.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(email)).Status);

        var confirmed = await app.Users.ConfirmEmailAsync(person, (await app.Users.LetterAsync(email)).Code);

        Assert.Equal((HttpStatusCode.OK, email), (confirmed.Status, confirmed.Body.GetProperty("email").GetString()));
        Assert.False(confirmed.Body.TryGetProperty("pendingEmail", out _));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(person.Email)).Status);
        var notice = await app.Users.LetterAsync(person.Email, 2);
        Assert.Equal(43, notice.LinkToken.Length);
        Assert.DoesNotContain(email, notice.Text, StringComparison.Ordinal);
        Assert.Equal("changed", await app.EventsAsync(person, "user.email-changed.v1"));
        var personal = JsonSerializer
            .Deserialize(
                await app.ScalarAsync<string>(
                    "select data::text from runtime.events where key = $1 and type = 'user.email-changed.v1'",
                    person.UserId
                ),
                EventJson.Default.UserEmailChangedV1
            )!
            .Personal;
        Assert.Equal(
            new ContactChangeV1 { Old = person.Email, New = email },
            await app.Services.GetRequiredService<IUserKeys>().OpenAsync(personal, CancellationToken.None)
        );
    }

    [Fact]
    public async Task The_link_confirms_in_the_own_session_once_and_in_nobody_elses()
    {
        var (person, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var email = TestUsers.NewEmail();
        var link = (await app.EmailLetterAsync(person, email)).LinkToken;

        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(other, link));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.FollowEmailAsync(person, link)).Status);
        AssertError(HttpStatusCode.Conflict, "identity.change-completed", await app.Users.FollowEmailAsync(person, link));
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(other, link));
        Assert.Equal(email, await app.EmailAsync(person));
        Assert.Equal(other.Email, await app.EmailAsync(other));
    }

    [Fact]
    public async Task Codes_and_links_of_other_purposes_and_of_a_former_request_prove_nothing()
    {
        var person = await app.Users.SomebodyAsync();
        var (first, second) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var former = await app.EmailLetterAsync(person, first);
        var latest = await app.EmailLetterAsync(person, second);
        var (_, reset) = await app.ResetMailAsync(person.Email, person.Email);

        foreach (var token in new[] { former.LinkToken, reset.LinkToken })
            AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(person, token));
        foreach (var token in new[] { latest.LinkToken, reset.LinkToken })
            AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.UndoEmailAsync(token));
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.ConfirmAsync(latest.LinkToken));
        AssertError(HttpStatusCode.NotFound, "identity.change-not-found", await app.Users.ConfirmPhoneAsync(person, latest.Code));
        if (former.Code != latest.Code)
            AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", await app.Users.ConfirmEmailAsync(person, former.Code));

        Assert.Equal(HttpStatusCode.OK, (await app.Users.ConfirmEmailAsync(person, latest.Code)).Status);
        Assert.Equal(second, await app.EmailAsync(person));
        AssertError(HttpStatusCode.NotFound, "identity.change-not-found", await app.Users.ConfirmEmailAsync(person, latest.Code));
    }

    [Fact]
    public async Task A_known_address_is_answered_and_worked_for_alike_and_its_owner_is_told()
    {
        var (person, owner) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var unknown = TestUsers.NewEmail();
        // The key is read once.
        await app.EmailAsync(person);
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        var second = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/email", person, new { email = unknown }, ofUnknown.Header);
        var code = (await app.Users.LetterAsync(unknown)).Code;
        var first = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/email", person, new { email = owner.Email }, ofKnown.Header);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.Equal(
            second.Body.EnumerateObject().Select(member => member.Name),
            first.Body.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        var told = await app.Users.LetterAsync(owner.Email, 2);
        Assert.Contains("already belongs to your account", told.Text, StringComparison.Ordinal);
        Assert.Equal(("", ""), (told.Code, told.LinkToken));
        Assert.Equal(JsonValueKind.Object, (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("pendingEmail").ValueKind);
        AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", await app.Users.ConfirmEmailAsync(person, code));
    }

    [Fact]
    public async Task Who_has_proved_an_address_that_was_taken_meanwhile_learns_it()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        var letter = await app.EmailLetterAsync(person, email);
        var begun = await app.Users.RegisterAsync(email);
        var code = (await app.Users.LetterAsync(email, 2)).Code;
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(begun.RegistrationId, code)).Status);

        AssertError(HttpStatusCode.Conflict, "identity.email-taken", await app.Users.FollowEmailAsync(person, letter.LinkToken));
        AssertError(HttpStatusCode.Conflict, "identity.email-taken", await app.Users.ConfirmEmailAsync(person, letter.Code));
        Assert.Equal(person.Email, await app.EmailAsync(person));
    }

    [Fact]
    public async Task Of_two_who_prove_one_address_at_once_one_gets_it()
    {
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var email = TestUsers.NewEmail();
        var first = await app.EmailLetterAsync(ada, email);
        await app.Users.AskEmailAsync(ben, email);
        var second = await app.Users.LetterAsync(email, 2);

        var answers = await Task.WhenAll(app.Users.ConfirmEmailAsync(ada, first.Code), app.Users.ConfirmEmailAsync(ben, second.Code));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Single(answers, answer => answer.Code == "identity.email-taken");
    }

    [Fact]
    public async Task It_takes_a_fresh_authentication()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        var stale = await app.StaleAsync(person);

        AssertError(HttpStatusCode.Forbidden, "identity.reauthentication-required", await app.Users.AskEmailAsync(stale, email));
        await app.Users.SendAsync(HttpMethod.Post, "/v1/me/reauthenticate", stale, new { password = TestUsers.Password });
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskEmailAsync(stale, email)).Status);
    }

    [Fact]
    public async Task A_change_is_given_up_and_expires_and_waits_before_it_is_sent_again()
    {
        var person = await app.Users.SomebodyAsync();
        var letter = await app.EmailLetterAsync(person, TestUsers.NewEmail());
        AssertError(
            HttpStatusCode.TooManyRequests,
            "identity.resend-too-soon",
            await app.Users.SendAsync(HttpMethod.Post, "/v1/me/email/resend", person)
        );

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/email", person)).Status);
        AssertError(
            HttpStatusCode.NotFound,
            "identity.change-not-found",
            await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/email", person)
        );
        AssertError(HttpStatusCode.NotFound, "identity.change-not-found", await app.Users.ConfirmEmailAsync(person, letter.Code));
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(person, letter.LinkToken));

        var late = await app.EmailLetterAsync(person, TestUsers.NewEmail());
        await app.ExecuteAsync(
            "update identity.verifications set expires_at = now() - interval '1 day' where user_id = $1 and purpose = 'email-change'",
            person.UserId
        );
        await app.ExecuteAsync("update identity.users set new_email_until = now() - interval '1 day' where id = $1", person.UserId);
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(person, late.LinkToken));
        AssertError(HttpStatusCode.NotFound, "identity.change-not-found", await app.Users.ConfirmEmailAsync(person, late.Code));
        await app.RunRecurringAsync<Gatehouse.Identity.Credentials.PurgeContacts>();
        Assert.True(await app.ScalarAsync<bool>("select new_email is null from identity.users where id = $1", person.UserId));
    }

    [Fact]
    public async Task Another_message_brings_another_code()
    {
        var person = await app.Users.SomebodyAsync();
        var email = TestUsers.NewEmail();
        var first = await app.EmailLetterAsync(person, email);
        await app.ExecuteAsync("update identity.verifications set resend_at = now() where user_id = $1", person.UserId);

        var resent = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/email/resend", person);

        Assert.Equal((HttpStatusCode.Accepted, 120), (resent.Status, resent.Body.GetProperty("resendAfter").GetInt32()));
        var second = await app.Users.LetterAsync(email, 2);
        AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await app.Users.FollowEmailAsync(person, first.LinkToken));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.FollowEmailAsync(person, second.LinkToken)).Status);
    }

    [Fact]
    public async Task What_is_no_address_or_the_own_one_is_named()
    {
        var person = await app.Users.SomebodyAsync();
        foreach (
            var (email, error) in new[]
            {
                ("", "email: request.required"),
                ("not an address", "email: identity.email-invalid"),
                (new string('a', 250) + "@example.com", "email: request.too-long"),
                (person.Email.ToUpperInvariant(), "email: identity.contact-unchanged"),
            }
        )
        {
            var rejected = await app.Users.AskEmailAsync(person, email);
            Assert.Equal((HttpStatusCode.BadRequest, error), (rejected.Status, Assert.Single(rejected.Errors)));
        }
    }

    [Fact]
    public async Task After_a_change_the_next_waits_thirty_days()
    {
        var person = await app.Users.SomebodyAsync();
        await app.ChangedEmailAsync(person, person.Email, TestUsers.NewEmail());

        var early = await app.Users.AskEmailAsync(person, TestUsers.NewEmail());
        AssertError(HttpStatusCode.TooManyRequests, "identity.email-changed-recently", early);
        Assert.InRange(early.RetryAfter(), 29 * 86400, 30 * 86400);

        await app.ExecuteAsync(
            "update identity.users set email_changed_at = email_changed_at - interval '30 days' where id = $1",
            person.UserId
        );
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskEmailAsync(person, TestUsers.NewEmail())).Status);
    }

    [Fact]
    public async Task An_account_with_a_number_adds_its_first_address_and_may_change_it_at_once()
    {
        var number = TestUsers.NewPhone();
        var person = (await app.Users.RegisteredUserAsync(number)).SignedIn(number);
        var (first, second) = (TestUsers.NewEmail(), TestUsers.NewEmail());

        var letter = await app.EmailLetterAsync(person, first);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.ConfirmEmailAsync(person, letter.Code)).Status);

        Assert.Equal("added", await app.EventsAsync(person, "user.email-changed.v1"));
        Assert.Equal("", (await app.Users.LetterAsync(number, 2)).LinkToken);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(number)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskEmailAsync(person, second)).Status);
    }

    [Fact]
    public async Task A_reset_that_was_sent_to_the_former_address_is_void()
    {
        var person = await app.Users.SomebodyAsync();
        var (reset, letter) = await app.ResetMailAsync(person.Email, person.Email);
        await app.ChangedEmailAsync(person, person.Email, TestUsers.NewEmail(), number: 3);

        AssertError(HttpStatusCode.Conflict, "identity.reset-superseded", await app.Users.ResetByCodeAsync(reset, letter.ResetCode));
    }

    internal static void AssertError(HttpStatusCode status, string code, Answer answer) =>
        Assert.Equal((status, code), (answer.Status, answer.Code));
}
