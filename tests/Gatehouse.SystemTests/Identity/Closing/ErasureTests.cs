using System.Net;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.SystemTests.Organizations.Domains;
using Gatehouse.Tests.Identity.Files;

namespace Gatehouse.SystemTests.Identity.Closing;

/// <summary>What an erased user leaves behind: an id.</summary>
public sealed class ErasureTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string Name = "Zebulon Quixfarthing";

    // What is kept, and why: sessions until they are purged, because nodes follow them to learn what was revoked, without device and
    // network; grants until their applications were told; the tombstone.
    private static readonly string[] Kept = ["identity.sessions", "identity.erased_users", "openid.grants"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task Nothing_readable_of_the_user_is_left_in_any_table_and_nobody_can_read_what_was_encrypted()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var person = await FullAsync(tenant);
        Assert.NotEmpty(await FoundAsync(Name));
        Assert.Single(Photos.InFolder(person.UserId));

        var erased = await EraseAsync(tenant, person.UserId, "requested");

        Assert.Equal(HttpStatusCode.NoContent, erased.Status);
        await TestApp.EventuallyAsync(
            async () => await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", person.UserId) == 0,
            "the key is destroyed"
        );
        await TestApp.EventuallyAsync(async () => (await LeftAsync(person.UserId)).Count == 0, "all modules have forgotten");
        Assert.Empty(Photos.InFolder(person.UserId));
        Assert.Empty(await FoundAsync(Name));
        Assert.Empty(await FoundAsync(person.Email));
        Assert.Empty(await FoundAsync("zebulon-q"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(person.Tokens)).Status);
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(person.Email, headers: header)).Code);
        Assert.Equal(
            "identity.user-not-found",
            (await app.CallAsync(HttpMethod.Get, $"/v1/users/{person.UserId}", tenant.Administrator)).Code
        );
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and type = 'user.erased.v1'", person.UserId)
        );
    }

    [Fact]
    public async Task Erasing_is_for_administrators_with_a_reason_and_never_for_oneself()
    {
        var tenant = await domains.TenantAsync();
        var person = await FullAsync(tenant);

        Assert.Equal(["reason: request.unknown-value"], (await EraseAsync(tenant, person.UserId, "because")).Errors);
        Assert.Equal(["reason: request.required"], (await EraseAsync(tenant, person.UserId, reason: null)).Errors);
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = $1",
            tenant.Administrator.UserId
        );
        var stale = await EraseAsync(tenant, person.UserId, "test");
        Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (stale.Status, stale.Code));
        await app.Users.ProveAsync(tenant.Administrator);
        Assert.Equal("identity.own-account", (await EraseAsync(tenant, tenant.Administrator.UserId, "test")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await EraseAsync(tenant, tenant.Id, "test")).Status);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EraseAsync(tenant, person.UserId, "test")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.NotFound, answer.Text));
    }

    [Fact]
    public async Task Files_of_who_is_erased_while_the_store_is_away_go_when_it_is_back()
    {
        using var folder = new TemporaryFolder();
        var (files, away) = (Path.Combine(folder.FullPath, "files"), Path.Combine(folder.FullPath, "away"));
        await using var own = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Files:Local:Folder"] = files }
        );
        var (admin, ada, ben) = (await own.TenantAdministratorAsync(), await own.Users.SomebodyAsync(), await own.Users.SomebodyAsync());
        // Who never kept a file is erased where nobody ever did.
        await own.PostAsync($"/v1/users/{ben.UserId}/erase", new { reason = "requested" }, admin).DoneAsync();
        await TestApp.EventuallyAsync(() => Task.FromResult(Has(own, $"User {ben.UserId} is erased")), "it is finished");
        Assert.Equal(HttpStatusCode.OK, (await own.SetPhotoAsync(ada, TestPictures.RedAndBlue(60, 60))).Status);
        Directory.Move(files, away);
        // What is left of a share that is not mounted.
        Directory.CreateDirectory(files);

        await own.SetPhotoAsync(ada, TestPictures.RedAndBlue(60, 60))
            .RejectedAsync(HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable");
        await own.PostAsync($"/v1/users/{ada.UserId}/erase", new { reason = "requested" }, admin).DoneAsync();
        await TestApp.EventuallyAsync(
            async () => await own.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", ada.UserId) == 0,
            "the key is destroyed"
        );
        await TestApp.EventuallyAsync(
            () =>
                own.ScalarAsync<bool>(
                    "select exists (select from runtime.jobs where kind = 'identity.finish-erasing' and state = 'ready' and attempts > 0)"
                ),
            "the job waits for the store"
        );
        Assert.False(Has(own, $"User {ada.UserId} is erased"));
        Directory.Delete(files);
        Directory.Move(away, files);

        await TestApp.EventuallyAsync(() => Task.FromResult(Has(own, $"User {ada.UserId} is erased")), "it is finished");
        Assert.Empty(Directory.GetFiles(files, "*", SearchOption.AllDirectories));
    }

    private static bool Has(TestApp own, string line) => own.Logs.Lines.Any(written => written.Contains(line, StringComparison.Ordinal));

    private Task<Answer> EraseAsync(DomainTenant tenant, Guid user, string? reason) =>
        app.CallAsync(HttpMethod.Post, $"/v1/users/{user}/erase", tenant.Administrator, new { reason });

    /// <summary>Somebody who left something everywhere.</summary>
    private async Task<SignedIn> FullAsync(DomainTenant tenant)
    {
        var header = ("Gatehouse-Tenant", tenant.Name);
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email, ("username", "zebulon-q")), header);
        var letter = await app.Users.LetterAsync(email);
        var verified = await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code = letter.Code }, header);
        var person = verified.SignedIn(email);
        using var patch = System.Net.Http.Json.JsonContent.Create(
            new
            {
                name = Name,
                about = "Counts with engines.",
                birthDate = "1990-05-17",
            }
        );
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/me") { Content = patch };
        request.Headers.Add("Authorization", "Bearer " + person.Tokens.Access);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(request)).Status);
        await app.Users.AddTotpAsync(person.Tokens);
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(person, TestPictures.RedAndBlue(60, 60))).Status);
        await app.Users.PostAsync("/v1/me/email", new { email = TestUsers.NewEmail() }, person.Tokens.Header);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (
                await app.CallAsync(
                    HttpMethod.Put,
                    person.RolePath(Gatehouse.Organizations.Data.BuiltInRole.TenantAdministrator),
                    domains.Platform,
                    body: null,
                    header
                )
            ).Status
        );
        await app.CallAsync(
            HttpMethod.Delete,
            person.RolePath(Gatehouse.Organizations.Data.BuiltInRole.TenantAdministrator),
            domains.Platform,
            body: null,
            header
        );
        return person;
    }

    /// <summary>The tables in which a row holds the text.</summary>
    private async Task<IReadOnlyList<string>> FoundAsync(string text)
    {
        var found = new List<string>();
        // The mailbox of development stands for the world outside, where mails have arrived.
        foreach (
            var table in await TablesAsync(
                """
                select table_schema || '.' || table_name from information_schema.tables
                 where table_type = 'BASE TABLE' and table_name <> 'inbox_messages'
                """
            )
        )
            if (await app.ScalarAsync<bool>($"select exists (select from {table} t where t::text ilike '%' || $1 || '%')", text))
                found.Add(table);
        return found;
    }

    /// <summary>The tables that know the user still.</summary>
    private async Task<IReadOnlyList<string>> LeftAsync(Guid user)
    {
        var left = new List<string>();
        foreach (
            var table in await TablesAsync(
                "select table_schema || '.' || table_name from information_schema.columns where column_name = 'user_id'"
            )
        )
            if (!Kept.Contains(table) && await app.ScalarAsync<bool>($"select exists (select from {table} where user_id = $1)", user))
                left.Add(table);
        return left;
    }

    private async Task<IReadOnlyList<string>> TablesAsync(string sql) =>
        (
            await app.ScalarAsync<string>(
                $"select string_agg(distinct t, ' ') from ({sql} and table_schema not in ('pg_catalog', 'information_schema')) as q (t)"
            )
        ).Split(' ');
}
