using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Passkeys;

namespace Gatehouse.SystemTests.Identity.SignIn;

/// <summary>Notices of sign-ins from devices that are not known, and what their owner can do then.</summary>
public sealed class NewDeviceTests(RunningApp running)
{
    private static readonly (string, string) Phone = ("User-Agent", "Mozilla/5.0 (iPhone) Safari/605");

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_new_device_is_told_of_and_who_did_not_sign_in_closes_the_account_to_everybody()
    {
        var person = await ReturnedAsync();
        var known = (await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device))).Tokens();
        var stranger = (await app.Users.SignInAsync(person.Email, headers: Phone)).Tokens();
        var notice = await app.Users.LetterAsync(person.Email, 2);
        Assert.Contains("Safari", notice.Text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.0/24", notice.Text, StringComparison.Ordinal);

        // Mail scanners open links.
        Assert.Equal(HttpStatusCode.OK, (await app.Users.GetAsync($"/sign-in/not-me?token={notice.LinkToken}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(stranger)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await ReportAsync(notice.LinkToken)).Status);

        foreach (var session in new[] { person.Tokens, known, stranger })
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(session)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(person.Email)).Status);
        Assert.Equal("identity.verification-completed", (await ReportAsync(notice.LinkToken)).Code);
        var letter = await app.Users.LetterAsync(person.Email, 3);
        var id = Guid.Parse(System.Text.RegularExpressions.Regex.Match(letter.Text, @"id=([\w-]+)").Groups[1].Value);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(id, letter.LinkToken)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Resetting.NewPassword)).Status);
        Assert.Equal(
            4L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where subject = $1 and action = 'session.ended' and reason = 'sign-in-reported'",
                person.UserId
            )
        );
    }

    [Fact]
    public async Task What_was_added_since_the_sign_in_goes_with_it_and_what_was_there_before_stays()
    {
        var person = await ReturnedAsync();
        using var own = new SoftwareAuthenticator();
        await app.AddedAsync(person, own);
        var codes = await app.ScalarAsync<long>("select count(*) from identity.recovery_codes where user_id = $1", person.UserId);
        Assert.Equal(10L, codes);
        // Only the password is asked for, as it was before.
        await app.ExecuteAsync("update identity.users set second_factors = '{}' where id = $1", person.UserId);
        await app.QuietAsync();
        var stranger = person with { Tokens = (await app.Users.SignInAsync(person.Email, headers: Phone)).Tokens() };
        var notice = await app.Users.LetterAsync(person.Email, 3);
        using var foreign = new SoftwareAuthenticator();
        await app.AddedAsync(stranger, foreign);
        await app.Users.AddTotpAsync(stranger.Tokens);
        var number = await app.WithPhoneAsync(stranger);

        Assert.Equal(HttpStatusCode.NoContent, (await ReportAsync(notice.LinkToken)).Status);

        (await app.SignInAsync(foreign)).AssertRejected();
        Assert.Equal(HttpStatusCode.Created, (await app.SignInAsync(own)).Status);
        Assert.Equal("passkey", await app.FactorsAsync(person));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.recovery_codes where user_id = $1", person.UserId));
        Assert.Equal("added,removed", await app.EventsAsync(person, "user.phone-changed.v1"));
        var before = (await app.Users.LettersAsync(number)).Count;
        await app.Users.AskResetAsync(number);
        await app.QuietAsync();
        Assert.Equal(before, (await app.Users.LettersAsync(number)).Count);
    }

    [Fact]
    public async Task Whoever_changed_the_address_gets_no_link_by_the_report_and_the_owner_has_that_of_the_change()
    {
        var person = await ReturnedAsync();
        var stranger = person with { Tokens = (await app.Users.SignInAsync(person.Email, headers: Phone)).Tokens() };
        var notice = await app.Users.LetterAsync(person.Email, 2);
        var email = TestUsers.NewEmail();
        var change = await app.ChangedEmailAsync(stranger, person.Email, email, number: 3);
        await app.QuietAsync();
        var before = (await app.Users.LettersAsync(email)).Count;

        Assert.Equal(HttpStatusCode.NoContent, (await ReportAsync(notice.LinkToken)).Status);
        await app.QuietAsync();

        Assert.Equal(before, (await app.Users.LettersAsync(email)).Count);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.UndoEmailAsync(change.LinkToken)).Status);
        Assert.NotEqual("", (await app.Users.LetterAsync(person.Email, 4)).LinkToken);
    }

    [Fact]
    public async Task Of_several_clicks_at_once_one_does_it_and_malformed_altered_and_late_links_do_nothing()
    {
        var person = await ReturnedAsync();
        var tokens = (await app.Users.SignInAsync(person.Email, headers: Phone)).Tokens();
        var link = (await app.Users.LetterAsync(person.Email, 2)).LinkToken;
        Assert.Equal(["token: request.required"], (await ReportAsync(token: null)).Errors);
        Assert.Equal(["token: identity.link-malformed"], (await ReportAsync("short")).Errors);
        Assert.Equal(["token: identity.link-malformed"], (await ReportAsync(new string('a', 10_000))).Errors);
        Assert.Equal("identity.link-invalid", (await ReportAsync((link[0] == 'A' ? 'B' : 'A') + link[1..])).Code);
        const string Move = "update identity.verifications set expires_at = expires_at + make_interval(days => $2) where user_id = $1";
        await app.ExecuteAsync(Move, person.UserId, -8);
        Assert.Equal("identity.link-invalid", (await ReportAsync(link)).Code);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(tokens)).Status);
        await app.ExecuteAsync(Move, person.UserId, 8);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReportAsync(link)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Nobody_is_told_before_a_device_is_known_nor_of_a_known_one_nor_twice_within_an_hour()
    {
        var person = await app.Users.SomebodyAsync();
        await app.Users.SignInAsync(person.Email, headers: Phone);
        await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device));
        await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device));
        Assert.Equal(0L, await ToldAsync(person));

        await app.Users.SignInAsync(person.Email, headers: Phone);
        await app.Users.LetterAsync(person.Email, 2);
        await app.Users.SignInAsync(person.Email, headers: Phone);
        Assert.Equal(1L, await ToldAsync(person));

        await app.ExecuteAsync(
            "update identity.users set new_device_told_at = new_device_told_at - interval '1 hour' where id = $1",
            person.UserId
        );
        await app.Users.SignInAsync(person.Email, headers: Phone);
        await app.Users.LetterAsync(person.Email, 3);
        Assert.Equal(2L, await ToldAsync(person));
    }

    private async Task<SignedIn> ReturnedAsync()
    {
        var person = await app.Users.SomebodyAsync();
        await app.Users.SignInAsync(person.Email, headers: ("Gatehouse-Device", person.Device));
        return person;
    }

    private Task<Answer> ReportAsync(string? token) => app.Users.PostAsync("/v1/sign-ins/report", new { token });

    private async Task<long> ToldAsync(SignedIn person)
    {
        await app.QuietAsync();
        return await app.ScalarAsync<long>(
            "select count(*) from audit.records where subject = $1 and action = 'sign-in.new-device-told'",
            person.UserId
        );
    }
}
