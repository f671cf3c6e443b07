using System.Net;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Messaging;

namespace Gatehouse.SystemTests.Split;

/// <summary>Two services over Kafka: who registers at the one gets the mail of the other.</summary>
public sealed class SplitTests(SplitApp split) : IClassFixture<SplitApp>
{
    private TestApp Identity => split.Identity;

    private TestApp Notifications => split.Notifications;

    [Fact]
    public async Task A_user_registers_at_one_service_and_gets_the_mail_of_the_other()
    {
        var email = TestUsers.NewEmail();
        var started = await Identity.Users.RegisterAsync(email);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);

        var letter = await Notifications.Users.LetterAsync(email);
        Assert.Contains("Example Accounts", letter.Subject + letter.Text, StringComparison.Ordinal);
        var verified = await Identity.Users.VerifyAsync(started.RegistrationId, letter.Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
    }

    [Fact]
    public async Task What_became_of_a_mail_is_published_by_the_service_that_sent_it()
    {
        var started = await Identity.Users.RegisterAsync(TestUsers.NewEmail());

        await TestApp.EventuallyAsync(
            async () =>
                await Notifications.ScalarAsync<long>(
                    "select count(*) from runtime.events where key = $1 and type = 'notification.delivered.v1'",
                    started.RegistrationId
                ) == 1,
            "the delivery is published"
        );
        Assert.Equal(
            0L,
            await Identity.ScalarAsync<long>(
                "select count(*) from runtime.events where key = $1 and type = 'notification.delivered.v1'",
                started.RegistrationId
            )
        );
    }

    [Fact]
    public async Task Each_service_has_the_tables_of_its_modules_only_and_the_operations_too()
    {
        const string Schemas = """
            select string_agg(nspname, ',' order by nspname) from pg_namespace
             where nspname in ('identity', 'audit', 'notifications', 'runtime')
            """;
        Assert.Equal("notifications,runtime", await Notifications.ScalarAsync<string>(Schemas));
        Assert.Equal(HttpStatusCode.NotFound, (await Notifications.Users.RegisterAsync(TestUsers.NewEmail())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Identity.Users.PostAsync("/v1/notifications/sendgrid-events", new { })).Status);
    }

    [Fact]
    public async Task What_one_service_reports_for_the_audit_is_kept_by_the_other()
    {
        var subject = Probe.NewKey(Notifications);
        await Notifications
            .Services.GetRequiredService<Database>()
            .InTransactionAsync(
                "test",
                tx =>
                {
                    tx.Record(new AuditRecord(Probe.Tenant, "address.suppressed") { Subject = subject, Reason = "bounce" });
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );

        await TestApp.EventuallyAsync(
            async () =>
                await Identity.ScalarAsync<string>(
                    """
                    select coalesce((select concat_ws(' ', action, reason) from audit.records
                                      where subject = $1 and facts like '%happenedAt%'), '')
                    """,
                    subject
                ) == "address.suppressed bounce",
            "the record is kept"
        );
    }

    [Fact]
    public async Task The_other_service_away_delays_the_mail_and_loses_none()
    {
        var email = TestUsers.NewEmail();
        await split.RestartAsync(async () =>
        {
            // Its event is on the way, and whoever could open it is away.
            await using var alone = await split.StartIdentityAsync();
            Assert.Equal(HttpStatusCode.Accepted, (await alone.Users.RegisterAsync(email)).Status);
            await alone.QuietAsync();
        });

        Assert.Contains(email, (await Notifications.Users.LetterAsync(email)).To, StringComparison.Ordinal);
        Assert.Single(await Notifications.Users.LettersAsync(email));
    }

    [Fact]
    public async Task A_wrong_credential_opens_nothing_and_the_mail_waits_for_the_right_one()
    {
        var email = TestUsers.NewEmail();
        var databases = ((await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main, SplitApp.NoKeys);
        await using (var stranger = await split.StartNotificationsAsync("another credential, just as long as it", databases, "stranger"))
        {
            await Identity.Users.RegisterAsync(email);
            await TestApp.EventuallyAsync(
                async () =>
                    (await stranger.Management.GetStringAsync(new Uri("/health", UriKind.Relative))).Contains(
                        "Unauthenticated",
                        StringComparison.Ordinal
                    ),
                "the health report says so"
            );
            Assert.Empty(await stranger.Users.LettersAsync(email));
            Assert.Equal(0L, await stranger.ScalarAsync<long>("select count(*) from runtime.jobs where state = 'dead'"));
        }

        await using var right = await split.StartNotificationsAsync(databases: databases, group: "stranger");
        Assert.Equal(email, (await right.Users.LetterAsync(email)).To);
    }

    [Fact]
    public async Task A_new_consumer_group_on_an_empty_database_sends_no_code_whose_time_is_over()
    {
        var email = TestUsers.NewEmail();
        var started = await Identity.Users.RegisterAsync(email);
        await Notifications.Users.LetterAsync(email);
        split.Clock.Advance(TimeSpan.FromMinutes(11));

        var databases = ((await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main, SplitApp.NoKeys);
        await using var late = await split.StartNotificationsAsync(databases: databases, group: "late");
        await TestApp.EventuallyAsync(
            async () =>
                await late.ScalarAsync<string>(
                    "select coalesce((select data::jsonb ->> 'reason' from runtime.events where key = $1), '')",
                    started.RegistrationId
                ) == "expired",
            "the request is refused"
        );
        Assert.Empty(await late.Users.LettersAsync(email));
    }

    [Fact]
    public async Task The_port_for_the_other_services_answers_nothing_else_and_no_other_port_answers_them()
    {
        using var http = new HttpClient
        {
            BaseAddress = split.SplitAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var path in new[] { "/", "/v1/me", "/health/live", "/metrics" })
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);

        using var call = new ByteArrayContent([0, 0, 0, 0, 0]);
        call.Headers.ContentType = new("application/grpc");
        var answer = await Identity.Http.PostAsync(new Uri("/gatehouse.split.v1.Split/FindTenant", UriKind.Relative), call);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Mails_of_administration_come_in_the_tenants_name_and_language_from_the_other_service()
    {
        var platform = await PlatformAdministratorAsync();
        const string Acme = "acme-of-the-split";
        var body = new { name = Acme, displayName = "Bibliothek of the Split" };
        Assert.Equal(HttpStatusCode.Created, (await Identity.Users.SendAsync(HttpMethod.Post, "/v1/tenants", platform, body)).Status);
        var there = ("Gatehouse-Tenant", Acme);
        var id = await Identity.ScalarAsync<Guid>("select id from organizations.tenants where name = $1", Acme);
        var settings = await Identity.Users.SendAsync(
            HttpMethod.Patch,
            $"/v1/tenants/{id}/settings",
            platform,
            new { defaultLanguage = "es" },
            there
        );
        Assert.Equal(HttpStatusCode.OK, settings.Status);

        // A language that the request does not name is the tenant's.
        var email = TestUsers.NewEmail();
        var created = await Identity.Users.SendAsync(HttpMethod.Post, "/v1/users", platform, new { email, name = "Ada" }, there);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var letter = await Notifications.Users.LetterAsync(email);
        Assert.Contains("Bibliothek of the Split", letter.Subject + letter.Text, StringComparison.Ordinal);
        Assert.Contains("contraseña", letter.Text, StringComparison.Ordinal);

        // What became of it is told to the service with the audit, which counts it.
        await TestApp.EventuallyAsync(
            async () =>
                await Identity.ScalarAsync<long>(
                    "select coalesce(sum(count), 0)::bigint from audit.figures where tenant_id = $1 and action = 'notification.delivered'",
                    id
                ) == 1,
            "the mail is counted"
        );
    }

    [Fact]
    public async Task A_decision_about_a_role_is_mailed_by_the_other_service()
    {
        var platform = await PlatformAdministratorAsync();
        var user = await SomebodyAsync();
        var asked = await Identity.CallAsync(
            HttpMethod.Post,
            "/v1/role-requests",
            user,
            new { roleId = BuiltInRole.TenantAdministrator.Id }
        );
        var path = $"/v1/role-requests/{asked.Body.GetProperty("id").GetGuid()}/review";
        var decided = await Identity.CallAsync(HttpMethod.Post, path, platform, new { state = "approved" });
        Assert.Equal(HttpStatusCode.OK, decided.Status);

        Assert.Contains(user.Email, (await Notifications.Users.LetterAsync(user.Email, number: 2)).To, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Identity.CallAsync(HttpMethod.Get, "/v1/users", user)).Status);
    }

    [Theory]
    [InlineData(
        "Split:Modules=identity,organizations,openid,audit,mail",
        "must name modules: identity, organizations, openid, notifications, webhooks, audit"
    )]
    [InlineData("Split:Modules=identity", "must contain identity, organizations and audit together")]
    [InlineData("Split:Modules=openid,notifications;Kafka:Servers=127.0.0.1:1", "must contain identity with openid")]
    [InlineData("Split:Modules=notifications", "must be empty unless Kafka:Servers is set")]
    [InlineData("Split:Modules=notifications;Kafka:Servers=127.0.0.1:1", "Gatehouse:Split:Identity is required")]
    [InlineData("Split:Modules=identity,organizations,openid,audit;Kafka:Servers=127.0.0.1:1", "Gatehouse:Split:Port")]
    [InlineData("Split:Port=5000;Split:Secret=short", "must have at least 32 characters")]
    [InlineData("Split:Identity=ftp://example.com", "must be http:// or https:// with a host and a port")]
    [InlineData("Kafka:Servers=127.0.0.1:1;Kafka:Username=a", "Gatehouse:Kafka:Password")]
    [InlineData("Kafka:Security=none", "must be plaintext or tls")]
    public async Task Settings_that_make_no_installation_stop_the_start(string settings, string says)
    {
        var pairs = settings
            .Split(';')
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(p => p[0], p => (string?)p[1], StringComparer.Ordinal);

        var error = await Assert.ThrowsAsync<SettingsException>(() => TestApp.StartAsync(Identity.Databases, settings: pairs));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private async Task<SignedIn> SomebodyAsync()
    {
        var email = TestUsers.NewEmail();
        var started = await Identity.Users.RegisterAsync(email);
        var verified = await Identity.Users.VerifyAsync(started.RegistrationId, (await Notifications.Users.LetterAsync(email)).Code);
        return verified.SignedIn(email);
    }

    private async Task<SignedIn> PlatformAdministratorAsync() =>
        await Identity.WithRoleAsync(await SomebodyAsync(), BuiltInRole.PlatformAdministrator);
}
