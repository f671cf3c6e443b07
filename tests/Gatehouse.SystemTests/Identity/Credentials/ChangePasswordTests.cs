using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Credentials;

/// <summary>A signed-in user chooses another password.</summary>
public sealed class ChangePasswordTests(RunningApp running)
{
    private const string ThirdPassword = "six lanterns over the orchard wall";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_new_password_signs_in_the_old_one_does_not_and_all_other_sessions_end()
    {
        var person = await app.Users.SomebodyAsync();
        var elsewhere = (await app.Users.SignInAsync(person.Email)).Tokens();

        var changed = await app.Users.ChangePasswordAsync(
            person,
            TestUsers.Password,
            Changing.NewPassword,
            ("Gatehouse-Device", person.Device)
        );

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(person.Tokens)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(elsewhere)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(person.Email)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Changing.NewPassword)).Status);
        Assert.Equal("changed", await app.EventsAsync(person, "credential.changed.v1"));
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where subject = $1 and action = 'password.changed'",
                person.UserId
            )
        );
        Assert.Contains("password was changed", (await app.Users.LetterAsync(person.Email, 2)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_device_is_known_by_its_new_token_and_no_longer_by_the_old_one()
    {
        var person = await app.Users.SomebodyAsync();

        var changed = await app.Users.ChangePasswordAsync(
            person,
            TestUsers.Password,
            Changing.NewPassword,
            ("Gatehouse-Device", person.Device)
        );

        foreach (var (device, known) in new[] { (person.Device, false), (changed.Device(), true) })
        {
            await app.Users.SignInAsync(person.Email, Changing.NewPassword, ("Gatehouse-Device", device));
            Assert.Equal(
                known ? "true" : "false",
                await app.ScalarAsync<string>(
                    """
                    select data::json ->> 'knownDevice' from runtime.events where key = $1 and type = 'user.signed-in.v1'
                     order by subject_version desc limit 1
                    """,
                    person.UserId
                )
            );
        }
    }

    [Fact]
    public async Task Wrong_missing_weak_and_equal_passwords_are_named_and_change_nothing()
    {
        var person = await app.Users.SomebodyAsync();

        foreach (
            var (current, next, error) in new[]
            {
                ("not the password at all", Changing.NewPassword, "currentPassword: identity.invalid-credentials"),
                (null, Changing.NewPassword, "currentPassword: request.required"),
                (TestUsers.Password, null, "newPassword: request.required"),
                (TestUsers.Password, "short", "newPassword: identity.password-too-short"),
                (TestUsers.Password, new string('x', 129), "newPassword: identity.password-too-long"),
                (TestUsers.Password, TestUsers.Password, "newPassword: identity.password-unchanged"),
                (TestUsers.Password, person.Email + " and more of it", "newPassword: identity.password-contains-context"),
            }
        )
        {
            var rejected = await app.Users.ChangePasswordAsync(person, current, next);
            Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (rejected.Status, rejected.Code));
            Assert.Contains(error, rejected.Errors);
        }

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email)).Status);
    }

    [Fact]
    public async Task Guesses_of_the_current_password_make_wait()
    {
        var person = await app.Users.SomebodyAsync();
        for (var guess = 0; guess < 5; guess++)
            await app.Users.ChangePasswordAsync(person, $"not the password {guess}", Changing.NewPassword);
        await app.LengthenWaitsAsync(person);

        var waits = await app.Users.ChangePasswordAsync(person, TestUsers.Password, Changing.NewPassword);

        Assert.Equal((HttpStatusCode.TooManyRequests, "identity.sign-in-throttled"), (waits.Status, waits.Code));
    }

    [Fact]
    public async Task A_second_change_waits_a_day_whatever_made_the_first_and_a_reset_does_not()
    {
        var person = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.Users.ChangePasswordAsync(person, TestUsers.Password, Changing.NewPassword)).Status);

        await AssertWaitsAsync(person, Changing.NewPassword);
        // The notice of the change is the second.
        var (reset, letter) = await app.ResetMailAsync(person.Email, person.Email, number: 3);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(reset, letter.ResetCode)).Status);
        person = person with { Tokens = (await app.Users.SignInAsync(person.Email, Resetting.NewPassword)).Tokens() };
        await AssertWaitsAsync(person, Resetting.NewPassword);

        await app.ExecuteAsync(
            "update identity.users set password_changed_at = password_changed_at - interval '24 hours' where id = $1",
            person.UserId
        );
        Assert.Equal(HttpStatusCode.OK, (await app.Users.ChangePasswordAsync(person, Resetting.NewPassword, ThirdPassword)).Status);
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_wins()
    {
        var person = await app.Users.SomebodyAsync();

        var answers = await Task.WhenAll(
            app.Users.ChangePasswordAsync(person, TestUsers.Password, Changing.NewPassword),
            app.Users.ChangePasswordAsync(person, TestUsers.Password, ThirdPassword)
        );

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal("changed", await app.EventsAsync(person, "credential.changed.v1"));
    }

    [Fact]
    public async Task Who_has_no_password_chooses_one_after_a_fresh_sign_in_even_if_one_was_taken_away_just_now()
    {
        var person = await app.Users.SomebodyAsync();
        await app.ExecuteAsync(
            "update identity.users set password_hash = null, password_changed_at = now() - interval '1 minute' where id = $1",
            person.UserId
        );
        var stale = await app.StaleAsync(person);

        var refused = await app.Users.ChangePasswordAsync(stale, null, Changing.NewPassword);
        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (refused.Status, refused.Code));

        var (id, letter) = await app.SignInMessageAsync(person.Email, person.Email);
        var fresh = person with
        {
            Tokens = (await app.Users.SignInByCodeAsync(id, letter.Code.Length > 0 ? letter.Code : letter.ResetCode)).Tokens(),
        };
        Assert.Equal(HttpStatusCode.OK, (await app.Users.ChangePasswordAsync(fresh, null, Changing.NewPassword)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Changing.NewPassword)).Status);
    }

    private async Task AssertWaitsAsync(SignedIn person, string current)
    {
        var early = await app.Users.ChangePasswordAsync(person, current, ThirdPassword);
        Assert.Equal((HttpStatusCode.TooManyRequests, "identity.password-changed-recently"), (early.Status, early.Code));
        Assert.InRange(early.RetryAfter(), 23 * 3600, 24 * 3600);
    }
}
