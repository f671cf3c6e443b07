using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>The link that the log of an installation without an administrator holds.</summary>
public sealed partial class FirstAdministratorTests : IAsyncLifetime
{
    private const string Path = "/first-administrator";

    private TestApp app = null!;
    private string link = null!;

    public async ValueTask InitializeAsync() => link = LinkOf(app = await TestApp.StartAsync())!;

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Who_has_the_link_becomes_the_platform_administrator_and_is_signed_in()
    {
        var email = TestUsers.NewEmail();
        using var browser = ABrowser();

        var answer = await CreateAsync(browser, link, email);

        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Location()));
        Assert.Contains("Ada Byron", (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
        var id = (await browser.GetAsync("/v1/me")).Body.GetProperty("id").GetGuid();
        var mine = await browser.GetAsync("/v1/permissions/mine");
        Assert.Contains("tenants:write", mine.Text, StringComparison.Ordinal);
        await app.QuietAsync();
        Assert.Equal(
            "role.assigned operator,session.started person,user.created operator",
            await app.ScalarAsync<string>(
                "select string_agg(concat_ws(' ', action, actor_kind), ',' order by action) from audit.records where subject = $1",
                id
            )
        );
        Assert.Equal(
            "user.registered.v1,user.verified.v1,user.roles-changed.v1,session.started.v1",
            await app.ScalarAsync<string>("select string_agg(type, ',' order by seq) from runtime.events where key = $1", id)
        );
        var signedIn = await app.Users.PostAsync("/v1/sessions", new { identifier = email, password = TestUsers.Password });
        Assert.Equal(HttpStatusCode.Created, signedIn.Status);
    }

    [Fact]
    public async Task The_link_works_once_and_is_never_printed_again()
    {
        using var browser = ABrowser();
        await CreateAsync(browser, link, TestUsers.NewEmail());

        await AssertGoneAsync(link);
        await using var next = await app.StartNodeAsync();
        Assert.Null(LinkOf(next));
        await AssertGoneAsync(link);
    }

    [Fact]
    public async Task Of_two_who_send_the_form_at_once_one_becomes_administrator()
    {
        using var one = ABrowser();
        using var other = ABrowser();
        var (first, second) = (await one.GetAsync(link), await other.GetAsync(link));

        var answers = await Task.WhenAll(
            one.SendFormAsync(first, Path, Typed(TestUsers.NewEmail())),
            other.SendFormAsync(second, Path, Typed(TestUsers.NewEmail()))
        );

        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.NotFound], answers.Select(a => a.Status).Order());
        Assert.Equal((1L, 1L), (await CountAsync("identity.users"), await CountAsync("organizations.role_assignments")));
    }

    [Fact]
    public async Task A_start_makes_a_new_link_and_ends_the_one_before()
    {
        await using var next = await app.StartNodeAsync();

        await AssertGoneAsync(link);
        using var browser = ABrowser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(LinkOf(next)!)).Status);
        Assert.Equal(1L, await CountAsync("identity.first_administrator_links"));
    }

    [Fact]
    public async Task The_link_is_over_after_a_day()
    {
        using var browser = ABrowser();
        app.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        var page = await browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.Status);

        app.Clock.Advance(TimeSpan.FromMinutes(1));

        await AssertGoneAsync(link);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SendFormAsync(page, Path, Typed(TestUsers.NewEmail()))).Status);
    }

    [Fact]
    public async Task An_administrator_made_by_the_command_ends_the_link()
    {
        using var browser = ABrowser();
        var page = await browser.GetAsync(link);

        await app.WithRoleAsync(BuiltInRole.PlatformAdministrator);

        await AssertGoneAsync(link);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SendFormAsync(page, Path, Typed(TestUsers.NewEmail()))).Status);
        await using var next = await app.StartNodeAsync();
        Assert.Null(LinkOf(next));
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_the_fields_and_the_link_stays_good()
    {
        var taken = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(taken);
        using var browser = ABrowser();
        var page = await browser.GetAsync(link);

        var wrong = await browser.SendFormAsync(page, Path, ("name", " "), ("email", "nobody"), ("password", "short"));
        var known = await browser.SendFormAsync(wrong, Path, Typed(taken.ToUpperInvariant()));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("Enter your name.", wrong.Beside("name"));
        Assert.Equal("Enter a valid e-mail address.", wrong.Beside("email"));
        Assert.StartsWith("Use at least 15 characters.", wrong.Beside("password"), StringComparison.Ordinal);
        Assert.StartsWith("An account with this e-mail address already exists.", known.Beside("email"), StringComparison.Ordinal);
        Assert.DoesNotContain(TestUsers.Password, known.Text, StringComparison.Ordinal);
        Assert.Equal(0L, await CountAsync("organizations.role_assignments"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SendFormAsync(known, Path, Typed(TestUsers.NewEmail()))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=x")]
    [InlineData("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_the_link_there_is_no_such_page(string query) => await AssertGoneAsync(Path + query);

    [Fact]
    public async Task Guesses_are_limited_like_sign_ins()
    {
        await using var strict = await app.StartNodeAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["RateLimits:SignIn:Permits"] = "2",
                ["RateLimits:ApplyInDevelopment"] = "true",
            }
        );
        using var guesser = new Browser(strict);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
            statuses.Add((await guesser.SubmitAsync(Path, [KeyValuePair.Create("token", "x")])).Status);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task It_is_about_the_first_tenant_however_many_there_are()
    {
        await app.ExecuteAsync(
            """
            insert into organizations.tenants (id, name, display_name, created_at, updated_at)
            values (gen_random_uuid(), 'second', 'Second', now(), now())
            """
        );
        app.Services.GetRequiredService<Gatehouse.Organizations.Tenants.TenantDirectory>().Forget();
        using var browser = ABrowser();

        Assert.Equal(HttpStatusCode.SeeOther, (await CreateAsync(browser, link, TestUsers.NewEmail())).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);
    }

    [Fact]
    public async Task The_secret_is_in_no_database()
    {
        var secret = link.Split('=')[1];

        Assert.Equal(32L, await app.ScalarAsync<long>("select length(token_hash)::bigint from identity.first_administrator_links"));
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>(
                "select count(*) from identity.first_administrator_links l where position($1 in row_to_json(l)::text) > 0",
                secret
            )
        );
    }

    private Browser ABrowser()
    {
        var browser = new Browser(app);
        browser.Set("Accept", "text/html");
        return browser;
    }

    private async Task AssertGoneAsync(string address)
    {
        using var browser = ABrowser();
        var answer = await browser.GetAsync(address);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.Status, answer.Header("Content-Type").Split(';')[0]));
    }

    private static async Task<Answer> CreateAsync(Browser browser, string link, string email) =>
        await browser.FillAsync(link, Path, Typed(email));

    private static (string Name, string Value)[] Typed(string email) =>
        [("name", "Ada Byron"), ("email", email), ("password", TestUsers.Password)];

    private Task<long> CountAsync(string table) => app.ScalarAsync<long>($"select count(*) from {table}");

    private static string? LinkOf(TestApp node) =>
        Printed.Match(string.Join('\n', node.Logs.Lines)) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"no administrator yet.*http://localhost:8080(/first-administrator\?token=[\w-]{43})", RegexOptions.CultureInvariant)]
    private static partial Regex Printed { get; }
}
