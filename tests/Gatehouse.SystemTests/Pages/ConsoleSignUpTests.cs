using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Somebody who is still signing up is found by the whole address and gets another message.</summary>
public abstract class ConsoleSignUpSuite(TestApp app)
{
    protected TestApp App { get; } = app;

    [Fact]
    public async Task An_unfinished_sign_up_is_found_by_its_whole_address_and_its_message_sent_again()
    {
        var admin = await App.TenantAdministratorAsync();
        var email = TestUsers.NewEmail();
        var earlier = (await App.Users.RegisterAsync(email)).Body.GetProperty("registrationId").GetGuid();
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        var started = (await App.Users.RegisterAsync(email)).Body.GetProperty("registrationId").GetGuid();
        Assert.NotEqual(earlier, started);
        using var browser = new Browser(App);
        await browser.SignInAsync(admin.Email);

        var path = (await FindAsync(browser, email.ToUpperInvariant())).Location();
        Assert.Equal($"/admin/sign-ups/{started}", path);
        var page = await browser.GetAsync(path);
        Assert.Contains("Waits for the verification", page.Text, StringComparison.Ordinal);
        Assert.Contains("p***@example.com", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(email, page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("1 of at most", page.Text, StringComparison.Ordinal);
        Assert.Equal(1L, await RecordsAsync("registration.found", started, admin));

        // The waits of the user are those of the administrator.
        var early = await browser.SubmitAsync(path, []);
        Assert.Equal(HttpStatusCode.TooManyRequests, early.Status);
        Assert.Contains("role=\"alert\"", early.Text, StringComparison.Ordinal);
        App.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(
            (HttpStatusCode.SeeOther, path),
            ((await browser.SubmitAsync(path, [])) is var sent ? (sent.Status, sent.Location()) : default)
        );
        Assert.Contains("2 of at most", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Equal(1L, await RecordsAsync("registration.code-resent", started, admin));

        App.Clock.Advance(TimeSpan.FromHours(25));
        using var later = new Browser(App);
        await later.SignInAsync(admin.Email);
        Assert.Equal(HttpStatusCode.NotFound, (await later.GetAsync(path)).Status);
        Assert.StartsWith("/admin/find?find=", (await FindAsync(later, email)).Location(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_an_account_is_a_user_and_an_administrator_of_an_organization_finds_no_sign_up()
    {
        var admin = await App.TenantAdministratorAsync();
        using var browser = new Browser(App);
        await browser.SignInAsync(admin.Email);
        var email = TestUsers.NewEmail();
        await App.Users.RegisteredUserAsync(email);
        Assert.StartsWith("/admin/users/", (await FindAsync(browser, email)).Location(), StringComparison.Ordinal);

        var pending = TestUsers.NewEmail();
        var id = (await App.Users.RegisterAsync(pending)).Body.GetProperty("registrationId").GetGuid();
        var (organization, _) = await App.OrganizationAsync(admin);
        using var local = new Browser(App);
        await local.SignInAsync((await App.OrganizationAdministratorAsync(admin, organization)).Email);
        Assert.StartsWith("/admin/find?find=", (await FindAsync(local, pending)).Location(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await local.GetAsync($"/admin/sign-ups/{id}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await local.SubmitAsync($"/admin/sign-ups/{id}", [])).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await browser.GetAsync($"/admin/sign-ups/{Guid.CreateVersion7(App.Clock.GetUtcNow())}")).Status
        );
    }

    private static Task<Answer> FindAsync(Browser browser, string text) =>
        browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", text)]);

    private async Task<long> RecordsAsync(string action, Guid registration, SignedIn by)
    {
        await App.QuietAsync();
        return await App.ScalarAsync<long>(
            "select count(*) from audit.records where action = $1 and actor = $2 and facts::jsonb ->> 'registration' = $3",
            action,
            by.UserId,
            registration.ToString()
        );
    }
}

/// <summary>As verifications are kept in the database.</summary>
public sealed class ConsoleSignUpTests(ConsoleSignUpTests.OwnApp own)
    : ConsoleSignUpSuite(own.App),
        IClassFixture<ConsoleSignUpTests.OwnApp>
{
    /// <summary>Its clock moves.</summary>
    public sealed class OwnApp : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.StartAsync();

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}

/// <summary>As they are kept in Redis.</summary>
public sealed class ConsoleSignUpInRedisTests(RedisApp running) : ConsoleSignUpSuite(running.App), IClassFixture<RedisApp>;
