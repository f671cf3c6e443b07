using System.Net;
using System.Text;
using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Audit;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.SignIn;

namespace Gatehouse.SystemTests.Upgrade;

/// <summary>What was under way before an upgrade goes on after it.</summary>
public sealed class UpgradeTests(UpgradedApp upgraded) : IClassFixture<UpgradedApp>
{
    private readonly TestApp app = upgraded.App;
    private readonly TestUsers people = upgraded.App.Users;

    [Fact]
    public async Task The_first_start_migrates_and_a_second_finds_nothing_to_do()
    {
        Assert.StartsWith(
            "audit V001__audit, audit V002__record_xid, audit V003__lists, audit V004__figures, identity V005__shares",
            await app.ScalarAsync<string>(
                "select string_agg(module || ' ' || name, ', ' order by module, version) from gatehouse.migrations where applied_at > $1",
                upgraded.TakenAt
            ),
            StringComparison.Ordinal
        );

        var migrator = app.Services.GetRequiredService<Migrator>();
        Assert.Equal([], await migrator.MigrateAsync(CancellationToken.None));
        Assert.Equal([], await migrator.DifferencesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Pending_registrations_complete_by_code_and_by_link_and_a_wrong_code_stays_counted()
    {
        var wrong = await people.VerifyAsync(upgraded.IdOf("byCode"), TestUsers.WrongCode(upgraded.Of("byCode", "code")));
        Assert.Equal(("identity.code-wrong", 3), (wrong.Code, wrong.Body.GetProperty("attemptsRemaining").GetInt32()));

        Assert.Equal(HttpStatusCode.Created, (await people.VerifyAsync(upgraded.IdOf("byCode"), upgraded.Of("byCode", "code"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await people.VerifyAsync(upgraded.IdOf("resent"), upgraded.Of("resent", "code"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await people.ConfirmAsync(upgraded.Of("byLink", "link"), upgraded.Password)).Status);
        Assert.Equal(HttpStatusCode.Created, (await people.SignInAsync(upgraded.Of("byLink", "email"), upgraded.Password)).Status);
    }

    [Fact]
    public async Task A_sign_up_begun_in_a_browser_goes_on_from_the_page_that_stands_open()
    {
        var page = upgraded.Secret("page");
        using var browser = upgraded.BrowserWith(page.GetProperty("cookies"));

        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["form-token"] = page.GetProperty("fields").GetProperty("form-token").GetString()!,
            ["id"] = page.GetProperty("fields").GetProperty("id").GetString()!,
            ["code"] = upgraded.Of("page", "code"),
        };
        var answer = await browser.SendAsync(HttpMethod.Post, "/sign-up/code", new FormUrlEncodedContent(fields));

        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Location()));
        Assert.Equal("Heidi", (await browser.GetAsync("/v1/me")).Body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Pending_resets_complete_by_code_and_by_link_and_a_wrong_code_stays_counted()
    {
        var (reset, code) = (upgraded.IdOf("resetByCode"), upgraded.Of("resetByCode", "code"));
        var wrong = await people.ResetByCodeAsync(reset, TestUsers.WrongCode(code));
        Assert.Equal(("identity.code-wrong", 1), (wrong.Code, wrong.Body.GetProperty("attemptsRemaining").GetInt32()));

        Assert.Equal(HttpStatusCode.NoContent, (await people.ResetByCodeAsync(reset, code)).Status);
        Assert.Equal("identity.invalid-refresh-token", (await people.RefreshAsync(upgraded.Of("bob", "refresh"))).Code);
        Assert.Equal(HttpStatusCode.Created, (await people.SignInAsync(upgraded.Of("bob", "email"), Resetting.NewPassword)).Status);

        // Grace had no password before.
        var opened = await people.ResetByLinkAsync(upgraded.IdOf("resetByLink"), upgraded.Of("resetByLink", "link"));
        Assert.Equal(HttpStatusCode.NoContent, opened.Status);
        Assert.Equal(HttpStatusCode.Created, (await people.SignInAsync("grace-fixture", Resetting.NewPassword)).Status);
    }

    [Fact]
    public async Task Who_was_signed_in_stays_so_and_who_signed_out_stays_out()
    {
        var me = await people.MeAsync(upgraded.TokensOf("ada"));
        Assert.Equal(
            "Builds bridges. hi en es",
            string.Join(
                ' ',
                [
                    me.Body.GetProperty("about").GetString(),
                    .. me.Body.GetProperty("languages").EnumerateArray().Select(l => l.GetString()),
                    me.Body.GetProperty("preferredLanguage").GetString(),
                ]
            )
        );

        foreach (var session in new[] { "ada", "second", "eve" })
        {
            var fresh = (await people.RefreshAsync(upgraded.Of(session, "refresh"))).Tokens();
            Assert.Equal(upgraded.TokensOf(session).SessionId, fresh.SessionId);
            Assert.Equal(HttpStatusCode.OK, (await people.MeAsync(fresh)).Status);
            Assert.Equal(HttpStatusCode.OK, (await people.RefreshAsync(fresh.Refresh)).Status);
        }

        using var browser = upgraded.BrowserWith(upgraded.Secret("browser"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await people.MeAsync(upgraded.TokensOf("ended"))).Status);
        Assert.Equal("identity.invalid-refresh-token", (await people.RefreshAsync(upgraded.Of("ended", "refresh"))).Code);
    }

    [Fact]
    public async Task Passwords_open_the_accounts_and_what_their_hashes_cost_is_known()
    {
        Assert.Equal(HttpStatusCode.Created, (await people.SignInAsync("ada-fixture", upgraded.Password)).Status);
        Assert.Equal("identity.invalid-credentials", (await app.GuessAsync("ada-fixture")).Code);
        Assert.Equal(
            "19456 2, 24576 3, 32768 3",
            await app.ScalarAsync<string>(
                "select string_agg(concat_ws(' ', memory_kib, passes), ', ' order by memory_kib) from identity.password_costs"
            )
        );
    }

    [Fact]
    public async Task Failed_sign_ins_go_on_counting_and_a_known_device_keeps_its_own_count()
    {
        // The seventh. Five are free, and the next ones cost one second, two, four.
        var eve = upgraded.Of("eve", "email");
        Assert.Equal("401 identity.invalid-credentials", (await app.GuessAsync(eve)).Seen());
        Assert.Equal("429 identity.sign-in-throttled 4", (await people.SignInAsync(eve, upgraded.Password)).Seen());

        var known = await people.SignInAsync(eve, upgraded.Password, ("Gatehouse-Device", upgraded.Of("eve", "device")));
        Assert.Equal(HttpStatusCode.Created, known.Status);
    }

    [Fact]
    public async Task A_mail_an_event_and_a_job_that_a_killed_node_left_are_seen_to()
    {
        foreach (var whose in new[] { "mailUnderWay", "eventUnderWay" })
        {
            var letter = await people.LetterAsync(upgraded.Of(whose, "email"));
            Assert.Equal(HttpStatusCode.Created, (await people.VerifyAsync(upgraded.IdOf(whose), letter.Code)).Status);
        }

        var reset = await people.LetterAsync(upgraded.Of("jobUnderWay", "email"), 2);
        Assert.Equal(HttpStatusCode.NoContent, (await people.ResetByCodeAsync(upgraded.IdOf("jobUnderWay"), reset.ResetCode)).Status);
        await app.QuietAsync();
        Assert.Equal(0, await app.ScalarAsync<long>("select (select count(*) from runtime.parked) + (select count(*) from runtime.jobs)"));
    }

    [Fact]
    public async Task A_request_repeated_after_the_upgrade_gets_its_first_answer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/registrations")
        {
            Content = new StringContent(upgraded.Of("repeated", "body"), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", upgraded.Of("repeated", "key"));

        var answer = await people.SendAsync(request);

        Assert.Equal(upgraded.Of("repeated", "answer"), answer.Text);
        Assert.Equal("true", answer.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task The_audit_holds_old_and_new_records_in_one_chain_without_a_fault()
    {
        var before = await app.ScalarAsync<long>("select max(number) from audit.batches where sealed_at < $1", upgraded.TakenAt);
        Assert.True(before >= 2, "Made batches are missing.");
        await people.RegisterAsync(TestUsers.NewEmail());

        await app.SealAsync();

        Assert.Equal([], (await app.VerifyAsync()).Errors);
        Assert.True(await app.ScalarAsync<long>("select max(number) from audit.batches") > before);
        Assert.Equal(
            0,
            await app.ScalarAsync<long>(
                "select count(*) from pg_class where relnamespace = 'runtime'::regnamespace and relname like 'audit%' and relkind <> 'v'"
            )
        );

        var activity = await people.SendAsync(HttpMethod.Get, "/v1/me/activity?limit=100", upgraded.TokensOf("ada"));
        var actions = activity.Body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("action").GetString()).Reverse();
        Assert.Equal("user.registered user.verified session.started", string.Join(' ', actions.Take(3)));
    }

    [Fact]
    public async Task A_node_of_the_release_before_goes_on_writing_and_sealing_under_the_old_names()
    {
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.ExecuteAsync(
            """
            insert into runtime.audit (id, tenant_id, epoch, recorded_at, action, actor_kind, result, reason, network, device, facts)
            select $1, $2, max(epoch), $3, 'session.ended', 'person', 'done', null, null, null, '{}' from runtime.log_epochs
            """,
            id,
            AuditTrail.Tenant,
            app.Clock.GetUtcNow()
        );
        Assert.True(
            await app.ScalarAsync<bool>(
                "select xid > 0 and seq > (select last_seq from audit.batches where number = 1) from audit.records where id = $1",
                id
            )
        );

        await app.SealAsync();
        await app.ExecuteAsync(
            """
            with newest as (delete from runtime.audit_batches where number = (select max(number) from runtime.audit_batches) returning *)
            insert into runtime.audit_batches select * from newest on conflict (number) do nothing
            """
        );
        Assert.Equal([], (await app.VerifyAsync()).Errors);
    }
}
