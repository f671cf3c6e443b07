using System.Net;
using Gatehouse.Core.Tenants;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations;

/// <summary>Tenants of an installation of their own: a second tenant changes how all requests are told apart.</summary>
public sealed class TenantTests(TenantTests.Installation running) : IClassFixture<TenantTests.Installation>
{
    private static int count;

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_platform_administrator_creates_a_tenant_and_acts_in_it_by_the_header_alone()
    {
        var platform = running.Platform;
        var name = NewName();
        var created = await SendAsync(HttpMethod.Post, "/v1/tenants", platform, new { name, displayName = "Acme" });
        Assert.Equal((HttpStatusCode.Created, name), (created.Status, created.Body.GetProperty("name").GetString()));
        var id = created.Body.GetProperty("id").GetGuid();
        Assert.Equal(
            (name, "default"),
            (
                await app.ScalarAsync<string>(
                    "select data::jsonb ->> 'name' from runtime.events where type = 'tenant.created.v1' and key = $1",
                    id
                ),
                await app.ScalarAsync<string>("select code from organizations.organizations where tenant_id = $1", id)
            )
        );

        // Somebody of the new tenant, who is unknown in the first one.
        var theirs = await SignUpAsync(name);
        Assert.Equal(id.ToString(), theirs.Tokens.Claims.GetProperty("tid").GetString());
        var path = theirs.RolePath(BuiltInRole.TenantAdministrator);
        var ofTheirs = ("Gatehouse-Tenant", name);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Put, path, platform, body: null, running.First)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Put, path, platform, body: null, ofTheirs)).Status);
        Assert.Equal(
            ["role.assigned", "tenant.entered"],
            await app.ScalarAsync<string[]>(
                """
                select array_agg(action order by action) from audit.records
                 where tenant_id = $1 and actor = $2 and facts::text like '%homeTenant%'
                """,
                id,
                platform.UserId
            )
        );

        // The new administrator rules there and nowhere else, whatever the header says.
        Assert.Equal([name], await NamesAsync(theirs));
        var first = platform.RolePath(BuiltInRole.TenantAdministrator);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Put, first, theirs)).Status);
        var foreign = await SendAsync(HttpMethod.Put, first, theirs, body: null, running.First);
        Assert.Equal((HttpStatusCode.BadRequest, "request.tenant-ambiguous"), (foreign.Status, foreign.Code));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "request.forbidden"),
            Of(await SendAsync(HttpMethod.Post, "/v1/tenants", theirs, new { name = NewName(), displayName = "More" }))
        );
        Assert.Equal(
            (HttpStatusCode.NotFound, "organizations.tenant-not-found"),
            Of(await SendAsync(HttpMethod.Get, $"/v1/tenants/{DefaultTenant.Id}", theirs))
        );

        // The own account is not reached from there: that operation asks for no permission.
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Get, "/v1/me", platform, body: null, ofTheirs)).Status);
    }

    [Fact]
    public async Task A_tenant_made_like_another_has_its_roles_and_settings_and_shares_nothing_with_it_afterwards()
    {
        var platform = running.Platform;
        var (model, copy) = (NewName(), NewName());
        var modelId = await CreateAsync(new { name = model, displayName = "Model" });
        var ofModel = ("Gatehouse-Tenant", model);
        var settings = new { registration = "closed", defaultLanguage = "es" };
        var set = await SendAsync(HttpMethod.Patch, $"/v1/tenants/{modelId}/settings", platform, settings, ofModel);
        Assert.Equal(HttpStatusCode.OK, set.Status);
        var role = new
        {
            name = "librarian",
            labels = new { es = "Bibliotecaria" },
            permissions = new[] { "users:read" },
        };
        var made = await SendAsync(HttpMethod.Post, "/v1/roles", platform, role, ofModel);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        // A role of an organization belongs to it, so it is not copied.
        var home = await app.ScalarAsync<Guid>("select id from organizations.organizations where tenant_id = $1", modelId);
        var local = new { name = "porter", organizationId = home.ToString() };
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/v1/roles", platform, local, ofModel)).Status);
        // A model nobody can sign in to is as good.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, $"/v1/tenants/{modelId}/disable", platform)).Status);

        var copyId = await CreateAsync(
            new
            {
                name = copy,
                displayName = "Copy",
                blueprint = model,
            }
        );
        var copied = await SendAsync(HttpMethod.Get, $"/v1/tenants/{copyId}/settings", platform, body: null, ("Gatehouse-Tenant", copy));
        Assert.Equal(
            ("closed", "es"),
            (copied.Body.GetProperty("registration").GetString(), copied.Body.GetProperty("defaultLanguage").GetString())
        );
        var roles = await SendAsync(HttpMethod.Get, "/v1/roles", platform, body: null, ("Gatehouse-Tenant", copy));
        var own = Assert.Single(roles.Body.GetProperty("items").EnumerateArray(), r => !r.GetProperty("builtIn").GetBoolean());
        Assert.Equal(
            ("librarian", "Bibliotecaria", "users:read"),
            (
                own.GetProperty("name").GetString(),
                own.GetProperty("labels").GetProperty("es").GetString(),
                own.GetProperty("permissions")[0].GetString()
            )
        );
        Assert.NotEqual(made.Body.GetProperty("id").GetGuid(), own.GetProperty("id").GetGuid());
        Assert.Equal(
            1,
            await app.ScalarAsync<long>(
                "select count(*) from runtime.events where type = 'role.created.v1' and key = $1",
                own.GetProperty("id").GetGuid()
            )
        );

        var path = $"/v1/roles/{own.GetProperty("id").GetGuid()}";
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Delete, path, platform, body: null, ("Gatehouse-Tenant", copy))).Status
        );
        Assert.Equal(2, await app.ScalarAsync<long>("select count(*) from organizations.roles where tenant_id = $1", modelId));

        async Task<Guid> CreateAsync(object body)
        {
            var created = await SendAsync(HttpMethod.Post, "/v1/tenants", platform, body);
            Assert.Equal(HttpStatusCode.Created, created.Status);
            return created.Body.GetProperty("id").GetGuid();
        }
    }

    [Fact]
    public async Task A_tenant_like_one_that_does_not_exist_is_not_created()
    {
        var name = NewName();
        foreach (var blueprint in new[] { "nobody-has-this", "Default", "' or true --", new string('x', 63) })
        {
            var body = new
            {
                name,
                displayName = "Acme",
                blueprint,
            };
            var rejected = await SendAsync(HttpMethod.Post, "/v1/tenants", running.Platform, body);
            Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
            Assert.Equal("organizations.blueprint-unknown", rejected.Body.GetProperty("errors")[0].GetProperty("code").GetString());
        }

        Assert.Equal(0, await app.ScalarAsync<long>("select count(*) from organizations.tenants where name = $1", name));
        // By the name that the settings give it, the first tenant is as good as any.
        var like = new
        {
            name,
            displayName = "Acme",
            blueprint = "default",
        };
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, "/v1/tenants", running.Platform, like)).Status);
    }

    [Fact]
    public async Task A_disabled_tenant_is_unknown_and_its_tokens_are_rejected_until_it_is_enabled()
    {
        var platform = running.Platform;
        var name = NewName();
        var id = (await SendAsync(HttpMethod.Post, "/v1/tenants", platform, new { name, displayName = "Soon closed" }))
            .Body.GetProperty("id")
            .GetGuid();
        var theirs = await SignUpAsync(name);
        for (var time = 0; time < 2; time++)
            Assert.Equal("disabled", await StateAsync("disable"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/v1/me", theirs)).Status);
        Assert.Equal(
            (HttpStatusCode.NotFound, "request.tenant-unknown"),
            Of(
                await app.Users.PostAsync(
                    "/v1/sessions",
                    new { identifier = theirs.Email, password = TestUsers.Password },
                    ("Gatehouse-Tenant", name)
                )
            )
        );
        Assert.Equal("active", await StateAsync("enable"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/v1/me", theirs)).Status);
        Assert.Equal(
            ["tenant.created.v1", "tenant.disabled.v1", "tenant.enabled.v1"],
            await app.ScalarAsync<string[]>("select array_agg(type order by seq) from runtime.events where key = $1", id)
        );
        Assert.Equal(
            (HttpStatusCode.Conflict, "organizations.first-tenant"),
            Of(await SendAsync(HttpMethod.Post, $"/v1/tenants/{DefaultTenant.Id}/disable", platform))
        );

        async Task<string?> StateAsync(string verb) =>
            (await SendAsync(HttpMethod.Post, $"/v1/tenants/{id}/{verb}", platform)).Body.GetProperty("state").GetString();
    }

    [Fact]
    public async Task Of_two_changes_of_what_was_read_the_second_is_rejected()
    {
        var platform = running.Platform;
        var created = await SendAsync(HttpMethod.Post, "/v1/tenants", platform, new { name = NewName(), displayName = "First" });
        var path = $"/v1/tenants/{created.Body.GetProperty("id").GetGuid()}";
        var tag = ("If-Match", (await SendAsync(HttpMethod.Get, path, platform)).Response.Headers.ETag!.Tag);
        var changed = await SendAsync(HttpMethod.Patch, path, platform, new { displayName = "Second" }, tag);
        Assert.Equal((HttpStatusCode.OK, "Second"), (changed.Status, changed.Body.GetProperty("displayName").GetString()));
        Assert.Equal(
            (HttpStatusCode.PreconditionFailed, "request.precondition-failed"),
            Of(await SendAsync(HttpMethod.Patch, path, platform, new { displayName = "Third" }, tag))
        );
        Assert.Equal(
            (HttpStatusCode.Conflict, "organizations.tenant-named-by-settings"),
            Of(await SendAsync(HttpMethod.Patch, $"/v1/tenants/{DefaultTenant.Id}", platform, new { displayName = "Other" }))
        );
    }

    [Theory]
    [InlineData("", "Acme", "name: request.required")]
    [InlineData("Acme", "Acme", "name: organizations.tenant-name-invalid")]
    [InlineData("-acme", "Acme", "name: organizations.tenant-name-invalid")]
    [InlineData("acme-", "Acme", "name: organizations.tenant-name-invalid")]
    [InlineData("acmé", "Acme", "name: organizations.tenant-name-invalid")]
    [InlineData("acme", "  ", "displayName: request.required")]
    [InlineData("acme", "0123456789012345678901234567890123456789012345678901234567890", "displayName: request.too-long")]
    public async Task Names_that_cannot_be_used_are_rejected(string name, string displayName, string error)
    {
        var answer = await SendAsync(HttpMethod.Post, "/v1/tenants", running.Platform, new { name, displayName });
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, string.Join(", ", answer.Errors)));
    }

    [Fact]
    public async Task Of_the_same_name_created_at_once_one_tenant_comes_about()
    {
        var name = NewName();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ => SendAsync(HttpMethod.Post, "/v1/tenants", running.Platform, new { name, displayName = "One" }))
        );
        Assert.Equal(5, answers.Count(a => Of(a) == (HttpStatusCode.Conflict, "organizations.tenant-name-taken")));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(
            (HttpStatusCode.Conflict, "organizations.tenant-name-taken"),
            Of(await SendAsync(HttpMethod.Post, "/v1/tenants", running.Platform, new { name = "default", displayName = "Again" }))
        );
    }

    [Fact]
    public async Task The_list_goes_page_by_page_and_knows_all()
    {
        for (var n = 0; n < 3; n++)
            await SendAsync(HttpMethod.Post, "/v1/tenants", running.Platform, new { name = NewName(), displayName = "Listed" });
        var all = await app.ScalarAsync<long>("select count(*) from organizations.tenants");
        var seen = new List<Guid>();
        for (string? after = ""; after is not null; )
        {
            var page = await SendAsync(HttpMethod.Get, $"/v1/tenants?limit=2{after}", running.Platform);
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()));
            after = page.Body.GetProperty("next").GetString() is { } next ? "&after=" + next : null;
        }

        Assert.True(seen.Count >= all && seen.Distinct().Count() == seen.Count);
        Assert.Equal(DefaultTenant.Id, seen[^1]);
    }

    private static string NewName() => $"acme-{Interlocked.Increment(ref count)}";

    private static (HttpStatusCode, string?) Of(Answer answer) => (answer.Status, answer.Code);

    private async Task<SignedIn> SignUpAsync(string tenant)
    {
        var email = TestUsers.NewEmail();
        var header = ("Gatehouse-Tenant", tenant);
        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            header
        );
        var letter = await app.Users.LetterAsync(email);
        var answer = await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code = letter.Code }, header);
        return new SignedIn(answer.Body.GetProperty("user").GetProperty("id").GetGuid(), email, answer.Tokens(), answer.Device());
    }

    private async Task<IEnumerable<string?>> NamesAsync(SignedIn by) =>
        (await SendAsync(HttpMethod.Get, "/v1/tenants", by))
            .Body.GetProperty("items")
            .EnumerateArray()
            .Select(t => t.GetProperty("name").GetString());

    private Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        SignedIn by,
        object? body = null,
        params (string Name, string Value)[] headers
    ) => app.Users.SendAsync(method, path, by, body, headers);

    public sealed class Installation : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        internal SignedIn Platform { get; private set; } = null!;

        internal (string, string) First { get; } = ("Gatehouse-Tenant", "default");

        public async ValueTask InitializeAsync()
        {
            App = await TestApp.StartAsync();
            Platform = await App.AlwaysFreshAsync(await App.PlatformAdministratorAsync());
        }

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
