using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Recovery;

/// <summary>A person who lost the password sets a new one by what the mail brought, and everything the old one opened is closed.</summary>
[Collection<AccountsOnTwoNodes>]
public sealed class PasswordResetTests(TwoNodes running)
{
    private const string NewPassword = Resetting.NewPassword;

    private readonly TestApp app = running.App;
    private readonly TestApp other = running.Other;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_code_sets_the_password_and_signs_nobody_in(bool byUsername)
    {
        var username = "Reset" + (byUsername ? "ByName" : "ByMail");
        var person = await app.Users.SomebodyAsync(username);

        var asked = await app.Users.AskResetAsync(byUsername ? username.ToLowerInvariant() : person.Email.ToUpperInvariant());
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        Assert.Equal(["resetId", "expiresAt", "resendAfter"], asked.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(60, asked.Body.GetProperty("resendAfter").GetInt32());
        var letter = await app.Users.LetterAsync(person.Email, 2);
        Assert.Matches("^[0-9]{8}$", letter.ResetCode);
        Assert.Contains($"id={asked.ResetId()}&token=", letter.Text, StringComparison.Ordinal);

        // Nothing has changed before the proof.
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(person.Tokens)).Status);
        var done = await other.Users.ResetByCodeAsync(asked.ResetId(), letter.ResetCode);

        Assert.Equal((HttpStatusCode.NoContent, ""), (done.Status, done.Text));
        Assert.Empty(done.Header("Set-Cookie"));
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(person.Email)).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, NewPassword)).Status);
    }

    [Fact]
    public async Task The_announced_end_is_never_later_than_the_real_one()
    {
        var person = await app.Users.SomebodyAsync();
        var asked = await app.Users.AskResetAsync(person.Email);
        await app.QuietAsync();

        var real = await app.ScalarAsync<DateTime>("select code_expires_at from identity.verifications where id = $1", asked.ResetId());
        Assert.InRange(
            new DateTimeOffset(real, TimeSpan.Zero) - asked.Body.GetProperty("expiresAt").GetDateTimeOffset(),
            TimeSpan.Zero,
            TimeSpan.FromSeconds(30)
        );
    }

    [Fact]
    public async Task The_link_sets_the_password()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(id, letter.LinkToken)).Status);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, NewPassword)).Status);
    }

    [Fact]
    public async Task An_account_without_a_password_gets_its_first_one()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        var confirmed = await app.Users.ConfirmAsync((await app.Users.LetterAsync(email)).LinkToken);
        Assert.False(confirmed.Body.GetProperty("user").GetProperty("hasPassword").GetBoolean());

        var (id, letter) = await app.ResetMailAsync(email, email);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, NewPassword)).Status);
    }

    [Fact]
    public async Task All_sessions_end_on_every_node_and_the_owner_is_told()
    {
        var person = await app.Users.SomebodyAsync();
        var phone = (await other.Users.SignInAsync(person.Email)).Tokens();
        Assert.Equal(HttpStatusCode.OK, (await other.Users.MeAsync(person.Tokens)).Status);
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);

        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await app.Users.ResetByCodeAsync(id, letter.ResetCode, headers: ("User-Agent", "Mozilla/5.0 (X11; Linux) Firefox/140.0"))
            ).Status
        );

        foreach (var tokens in new[] { person.Tokens, phone })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(tokens)).Status);
            await TestApp.EventuallyAsync(
                async () => (await other.Users.MeAsync(tokens)).Status == HttpStatusCode.Unauthorized,
                "the other node knows"
            );
            Assert.Equal("identity.invalid-refresh-token", (await app.Users.RefreshAsync(tokens.Refresh)).Code);
            Assert.Equal("identity.invalid-refresh-token", (await other.Users.RefreshAsync(tokens.Refresh)).Code);
        }

        var notice = await app.Users.LetterAsync(person.Email, 3);
        Assert.Equal("Your Gatehouse password was changed", notice.Subject);
        Assert.Contains("on Firefox on Linux", notice.Text, StringComparison.Ordinal);
        Assert.Equal(
            "credential.changed.v1 password reset;session.revoked.v1 password-changed;session.revoked.v1 password-changed",
            await app.ScalarAsync<string>(
                """
                select string_agg(concat_ws(' ', type, data::json ->> 'credential', data::json ->> 'reason'), ';'
                                  order by type, subject_version)
                  from runtime.events where key = $1 and type in ('credential.changed.v1', 'session.revoked.v1')
                """,
                person.UserId
            )
        );
        Assert.True(
            await app.ScalarAsync<bool>(
                """
                select array_agg(subject_version order by subject_version)
                       = array(select generate_series(1, max(version)) from identity.users where id = $1)
                  from runtime.events where key = $1 and subject_version is not null
                """,
                person.UserId
            )
        );
    }

    [Fact]
    public async Task The_owner_sees_in_the_activity_what_was_asked_for_refused_and_done()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(letter.ResetCode));
        await app.Users.ResetByCodeAsync(id, letter.ResetCode);
        var tokens = (await app.Users.SignInAsync(person.Email, NewPassword)).Tokens();

        var activity = (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", tokens))
            .Body.GetProperty("items")
            .EnumerateArray()
            .ToList();

        Assert.Equal(
            ["password.reset-sent done", "password.reset-refused refused identity.code-wrong", "password.reset done"],
            activity
                .Where(i => i.GetProperty("action").GetString()!.StartsWith("password.", StringComparison.Ordinal))
                .Reverse()
                .Select(i =>
                    (
                        $"{i.GetProperty("action").GetString()} {i.GetProperty("result").GetString()} "
                        + (i.TryGetProperty("reason", out var reason) ? reason.GetString() : "")
                    ).TrimEnd()
                )
        );
        Assert.Equal(
            "127.0.0.0/24",
            activity.Single(i => i.GetProperty("action").GetString() == "password.reset-sent").GetProperty("network").GetString()
        );
        // The request itself names nobody: nobody was looked for.
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                """
                select count(*) from audit.records
                 where action = 'password.reset-requested' and subject is null and facts::text like '%' || $1 || '%'
                """,
                id.ToString()
            )
        );
    }

    [Fact]
    public async Task An_account_that_guessers_closed_opens_again()
    {
        var person = await app.Users.SomebodyAsync();
        await app.Users.SignInAsync(person.Email, "not the password at all");
        await app.ExecuteAsync(
            """
            update identity.sign_in_failures set failures = 100, blocked_until = '-infinity'
             where account = (select account from identity.sign_in_failures order by failed_at desc limit 1)
            """
        );
        Assert.Equal("identity.sign-in-locked", (await app.Users.SignInAsync(person.Email)).Code);

        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, NewPassword)).Status);
    }

    [Fact]
    public async Task Of_parallel_right_submits_one_wins()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        var passwords = Enumerable.Range(1, 4).Select(i => $"{NewPassword}, number {i}").ToList();

        var answers = await Task.WhenAll(
            passwords.Select((password, i) => (i % 2 == 0 ? app : other).Users.ResetByCodeAsync(id, letter.ResetCode, password))
        );

        Assert.Single(answers, a => a.Status == HttpStatusCode.NoContent);
        Assert.Equal(3, answers.Count(a => (a.Status, a.Code) == (HttpStatusCode.Conflict, "identity.reset-completed")));
        for (var i = 0; i < 4; i++)
        {
            var expected = answers[i].Status == HttpStatusCode.NoContent ? HttpStatusCode.Created : HttpStatusCode.Unauthorized;
            Assert.Equal(expected, (await app.Users.SignInAsync(person.Email, passwords[i])).Status);
        }

        await app.QuietAsync();
        Assert.Equal(3, (await app.Users.LettersAsync(person.Email)).Count);
    }

    [Fact]
    public async Task A_replay_is_refused_by_code_and_by_link_and_changes_nothing()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        await app.Users.ResetByCodeAsync(id, letter.ResetCode);

        foreach (
            var again in new[]
            {
                await app.Users.ResetByCodeAsync(id, letter.ResetCode, "another one that is long"),
                await app.Users.ResetByLinkAsync(id, letter.LinkToken, "another one that is long"),
            }
        )
            Assert.Equal((HttpStatusCode.Conflict, "identity.reset-completed"), (again.Status, again.Code));

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, NewPassword)).Status);
        Assert.Equal(0L, await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", id));
        Assert.True(await app.ScalarAsync<bool>("select payload = '{}' from identity.verifications where id = $1", id));
    }

    [Fact]
    public async Task Other_open_resets_of_the_person_are_void_afterwards_and_send_nothing_more()
    {
        var person = await app.Users.SomebodyAsync();
        var (first, ofFirst) = await app.ResetMailAsync(person.Email, person.Email);
        var (second, ofSecond) = await app.ResetMailAsync(person.Email, person.Email, 3);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(second, ofSecond.ResetCode)).Status);

        var byCode = await app.Users.ResetByCodeAsync(first, ofFirst.ResetCode, "another one that is long");
        var byLink = await app.Users.ResetByLinkAsync(first, ofFirst.LinkToken, "another one that is long");
        Assert.All([byCode, byLink], a => Assert.Equal((HttpStatusCode.Conflict, "identity.reset-superseded"), (a.Status, a.Code)));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, NewPassword)).Status);

        await app.QuietAsync();
        var mails = (await app.Users.LettersAsync(person.Email)).Count;
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.ResendResetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.ResendResetAsync(second)).Status);
        await app.QuietAsync();
        Assert.Equal(mails, (await app.Users.LettersAsync(person.Email)).Count);
    }

    [Fact]
    public async Task A_password_about_the_person_is_refused_after_the_proof_and_costs_nothing()
    {
        var person = await app.Users.SomebodyAsync("willow-herb");
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        const string about = "the willow-herb flowers late";

        Assert.Equal("identity.code-wrong", (await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(letter.ResetCode), about)).Code);
        for (var i = 0; i < 4; i++)
            Assert.Equal(
                ["password: identity.password-contains-context"],
                (await app.Users.ResetByCodeAsync(id, letter.ResetCode, about)).Errors
            );
        Assert.Equal(
            ["password: identity.password-contains-context"],
            (await app.Users.ResetByLinkAsync(id, letter.LinkToken, about)).Errors
        );
        // What is wrong for everybody is said to everybody, before the code is looked at.
        foreach (
            var (password, fault) in new[]
            {
                ("short", "too-short"),
                ("we love gatehouse a lot", "contains-context"),
                ("passwordpassword", "common"),
            }
        )
            Assert.Equal(
                [$"password: identity.password-{fault}"],
                (await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(letter.ResetCode), password)).Errors
            );

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);
    }

    [Fact]
    public async Task Only_a_proved_address_is_written_to_and_the_reset_proves_it_anew()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        await app.ExecuteAsync("update identity.users set email_verified_at = null where id = $1", person.UserId);

        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskResetAsync(person.Email)).Status);
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(person.Email)).Count);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);
        var tokens = (await app.Users.SignInAsync(person.Email, NewPassword)).Tokens();
        Assert.True((await app.Users.MeAsync(tokens)).Body.GetProperty("emailVerified").GetBoolean());
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and type = 'user.verified.v1'", person.UserId)
        );
    }

    [Fact]
    public async Task What_was_asked_for_is_sent_although_the_server_stopped_before()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        SignedIn person;
        await using (var first = await TestApp.StartAsync(databases))
            person = await first.Users.SomebodyAsync();
        Guid id;
        await using (var idle = await TestApp.StartAsync(databases, replace: WithoutJobs))
        {
            id = (await idle.Users.AskResetAsync(person.Email)).ResetId();
            Assert.Single(await idle.Users.LettersAsync(person.Email));
        }

        await using var next = await TestApp.StartAsync(databases);
        var letter = await next.Users.LetterAsync(person.Email, 2);
        Assert.Equal(HttpStatusCode.NoContent, (await next.Users.ResetByCodeAsync(id, letter.ResetCode)).Status);

        static void WithoutJobs(IServiceCollection services)
        {
            var worker = services.Single(s => s.ImplementationType?.Name == "JobWorker");
            services.Remove(worker);
        }
    }

    [Fact]
    public async Task The_same_request_sent_twice_under_one_key_asks_once()
    {
        var person = await app.Users.SomebodyAsync();
        var key = ("Idempotency-Key", "reset-" + person.UserId);

        var (first, second) = (await app.Users.AskResetAsync(person.Email, key), await app.Users.AskResetAsync(person.Email, key));

        Assert.Equal(first.Text, second.Text);
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(person.Email)).Count);
    }
}
