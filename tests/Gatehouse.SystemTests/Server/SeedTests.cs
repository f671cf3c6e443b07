using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse seed FILE</c> as a process, beside a running server.</summary>
[Trait("Speed", "Slow")]
public sealed class SeedTests(RunningApp running) : IClassFixture<RunningApp>, IDisposable
{
    private const string Nothing = "Everything is there. Nothing to do.";

    private readonly TestApp app = running.App;
    private readonly TemporaryFolder folder = new();

    // Letters: part of names of permissions, codes and domains.
    private readonly string own = "s" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    private string Complete =>
        $$"""
            {
              // Everything there is.
              "permissions": [
                { "name": "{{own}}.orders:read", "level": "organization", "description": "See orders.",
                  "path": "/{{own}}/**", "methods": ["GET"] },
              ],
              "tenants": [{
                "name": "{{own}}", "displayName": "Shop",
                "organizations": [
                  { "code": "north", "name": "North", "description": "Up there", "emailDomains": ["north.example.com"],
                    "registrationCodes": ["North-1"], "related": ["default"],
                    "roles": [{ "name": "clerk", "permissions": ["{{own}}.orders:read"] }] },
                  { "code": "default", "name": "Head office", "related": ["north"] },
                ],
                "roles": [{ "name": "auditor", "labels": { "en": "Auditor", "es": "Auditora" }, "permissions": ["users:read"] }],
                "users": [
                  { "email": "ada@example.com", "name": "Ada Byron", "username": "ada", "language": "es", "passwordFrom": "ADA_PASSWORD",
                    "roles": ["tenant-administrator", "auditor"],
                    "memberships": [{ "organization": "north", "roles": ["clerk", "organization-administrator", "auditor"] }] },
                  { "email": "bob@example.com", "name": "Bob", "memberships": [{ "organization": "default" }] },
                  { "phoneNumber": "+44 7400 999999", "name": "Cy", "roles": ["auditor"] },
                ],
              }],
            }
            """;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_makes_all_that_it_describes_and_a_second_run_changes_nothing()
    {
        await using var run = await RunAsync(Complete, "--yes");

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.Equal(
            $"""
            + permission {own}.orders:read
            + tenant {own} (Shop)
            + organization north (North)
            ~ organization default (Head office)
            + e-mail domain north.example.com of the organization north
            + registration code north-1 of the organization north
            + relation of the organizations north and default
            + role clerk of the organization north
            + role auditor
            + user ada@example.com
            + role tenant-administrator of ada@example.com in the whole tenant
            + role auditor of ada@example.com in the whole tenant
            + role clerk of ada@example.com in the organization north
            + role organization-administrator of ada@example.com in the organization north
            + role auditor of ada@example.com in the organization north
            + user bob@example.com
            + membership of bob@example.com in default
            + user +447400999999
            + role auditor of +447400999999 in the whole tenant
            Done: 19.
            """,
            run.Output
        );
        var before = await app.FootprintAsync();
        await using var again = await RunAsync(Complete, "--yes");
        Assert.Equal((0, Nothing, ""), (await again.ExitCodeAsync(), again.Output, again.Errors));
        Assert.Equal(before, await app.FootprintAsync());

        await AssertRunsLikeTheInterfaceAsync();
    }

    private async Task AssertRunsLikeTheInterfaceAsync()
    {
        var tenant = await app.ScalarAsync<Guid>("select id from organizations.tenants where name = $1", own);
        Assert.Equal(
            "email-domain.added,member.added,organization.created,organization.related,organization.updated,registration-code.added,"
                + "role.assigned,role.created,user.created",
            await app.ScalarAsync<string>(
                """
                select string_agg(distinct action, ',' order by action) from audit.records
                 where tenant_id = $1 and actor_kind = 'operator'
                """,
                tenant
            )
        );
        Assert.Equal(
            "organization.created.v1,organization.related-changed.v1,organization.updated.v1,role.created.v1,tenant.created.v1,"
                + "user.registered.v1,user.roles-changed.v1,user.verified.v1",
            await app.ScalarAsync<string>(
                "select string_agg(distinct type, ',' order by type) from runtime.events where tenant_id = $1",
                tenant
            )
        );

        var signIn = await SignInAsync("ada");
        Assert.Equal(HttpStatusCode.Created, signIn.Status);
        var token = signIn.Body.GetProperty("tokens").GetProperty("accessToken").GetString()!;
        var users = await app.Users.SendAsync(HttpMethod.Get, "/v1/users", ("Authorization", "Bearer " + token));
        Assert.Equal(3, users.Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task What_differs_is_changed_and_nothing_is_removed()
    {
        await using var first = await RunAsync(Complete, "--yes");
        Assert.Equal(0, await first.ExitCodeAsync());

        await using var run = await RunAsync(
            $$"""
            { "tenants": [{
                "name": "{{own}}", "displayName": "Bigger shop",
                "organizations": [{ "code": "north", "name": "The North" }],
                "roles": [{ "name": "auditor", "labels": { "en": "Examiner" }, "permissions": ["roles:read"] }],
                "users": [{ "email": "ADA@example.com", "name": "Somebody else", "username": "other",
                            "memberships": [{ "organization": "default" }] }]
            }] }
            """,
            "--yes"
        );

        Assert.Equal(
            (
                0,
                $"""
                ~ tenant {own}: Bigger shop
                ~ organization north (The North)
                ~ role auditor: labels +roles:read -users:read
                + membership of ADA@example.com in default
                Done: 4.
                """,
                ""
            ),
            (await run.ExitCodeAsync(), run.Output, run.Errors)
        );
        Assert.Equal(
            "Ada Byron ada Up there 1 Bigger shop Examiner",
            await app.ScalarAsync<string>(
                """
                select concat_ws(' ', u.name, u.username, o.description,
                       (select count(*) from organizations.email_domains d where d.tenant_id = t.id), t.display_name, r.labels ->> 'en')
                  from organizations.tenants t
                  join organizations.organizations o on o.tenant_id = t.id and o.code = 'north'
                  join organizations.roles r on r.tenant_id = t.id and r.name = 'auditor'
                  join identity.users u on u.tenant_id = t.id and u.username = 'ada'
                 where t.name = $1
                """,
                own
            )
        );
    }

    [Theory]
    [InlineData(0, null, "--dry-run")]
    [InlineData(1, "")]
    [InlineData(1, "n\n")]
    [InlineData(1, "yikes\n")]
    public async Task Without_a_yes_the_plan_is_shown_and_nothing_is_changed(int exitCode, string? input, params string[] options)
    {
        var before = await app.FootprintAsync();

        await using var run = await AnswerAsync(Complete, input, options);

        Assert.Equal(exitCode, await run.ExitCodeAsync());
        Assert.Contains($"+ tenant {own} (Shop)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Done", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, await app.FootprintAsync());
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from organizations.tenants where name = $1", own));
    }

    [Fact]
    public async Task On_a_yes_it_is_done()
    {
        await using var run = await AnswerAsync($$"""{ "tenants": [{ "name": "{{own}}", "displayName": "Shop" }] }""", "y\n");

        Assert.Equal((0, $"+ tenant {own} (Shop)\nDone: 1."), (await run.ExitCodeAsync(), run.Output));
        Assert.Equal("Make these changes (1)? [y/N] ", run.Errors);
    }

    [Fact]
    public async Task A_run_that_was_killed_is_repeated()
    {
        await using var killed = GatehouseProcess.Start(
            ["seed", await WriteAsync(Complete), "--yes"],
            await ServeTests.SettingsAsync(app.Databases),
            killAt: "user.create.commit stop 1",
            environment: Password
        );
        Assert.Equal(GatehouseProcess.Killed, await killed.ExitCodeAsync());

        await using var run = await RunAsync(Complete, "--yes");

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.DoesNotContain("+ user ada@example.com", run.Output, StringComparison.Ordinal);
        Assert.Contains("+ role tenant-administrator of ada@example.com", run.Output, StringComparison.Ordinal);
        Assert.Contains("+ user bob@example.com", run.Output, StringComparison.Ordinal);
        await using var again = await RunAsync(Complete, "--yes");
        Assert.Equal(Nothing, again.Output);
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync("ada")).Status);
    }

    [Fact]
    public async Task A_new_user_gets_a_link_to_choose_a_password_where_the_file_says_so()
    {
        var email = TestUsers.NewEmail();

        await using var run = await RunAsync(
            $$"""
            { "tenants": [{ "name": "{{own}}", "displayName": "Shop",
                            "users": [{ "email": "{{email}}", "name": "Ada", "sendEmail": true }] }] }
            """,
            "--yes"
        );

        Assert.Equal(0, await run.ExitCodeAsync());
        Assert.Contains("/reset?", (await app.Users.LetterAsync(email)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("food-delivery.jsonc", "courier,customer,moderator,restaurant-manager", 4L)]
    [InlineData("elevate.jsonc", "mentee,mentor,regular-user,session-manager", 6L)]
    public async Task The_files_that_come_along_can_be_applied(string file, string roles, long users)
    {
        await using var fresh = await TestApp.StartAsync();
        var settings = await ServeTests.SettingsAsync(fresh.Databases);
        var path = Path.Combine(Root(), "deploy", "seeds", file);

        await using var run = await GatehouseProcess.RunAsync(["seed", path, "--yes"], settings);
        await using var again = await GatehouseProcess.RunAsync(["seed", path, "--yes"], settings);

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.Equal((0, Nothing, ""), (await again.ExitCodeAsync(), again.Output, again.Errors));
        Assert.Equal(roles, await fresh.ScalarAsync<string>("select string_agg(name, ',' order by name) from organizations.roles"));
        Assert.Equal(users, await fresh.ScalarAsync<long>("select count(*) from identity.users where password_hash is null"));
    }

    private static Dictionary<string, string> Password => new(StringComparer.Ordinal) { ["ADA_PASSWORD"] = TestUsers.Password };

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private Task<Answer> SignInAsync(string identifier) =>
        app.Users.PostAsync("/v1/sessions", new { identifier, password = TestUsers.Password }, ("Gatehouse-Tenant", own));

    private Task<GatehouseProcess> RunAsync(string file, string option) => AnswerAsync(file, input: null, option);

    private async Task<GatehouseProcess> AnswerAsync(string file, string? input, params string[] options) =>
        await GatehouseProcess.RunAsync(
            ["seed", await WriteAsync(file), .. options],
            await ServeTests.SettingsAsync(app.Databases),
            input is null ? null : Encoding.UTF8.GetBytes(input),
            environment: Password
        );

    private async Task<string> WriteAsync(string file)
    {
        Directory.CreateDirectory(folder.FullPath);
        var path = Path.Combine(folder.FullPath, "seed.jsonc");
        await File.WriteAllTextAsync(path, file);
        return path;
    }
}
