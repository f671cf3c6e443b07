using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Access;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Who sees what in the console, by its links and by the address bar.</summary>
public sealed partial class ConsoleAccessTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public void Every_page_of_the_console_asks_for_a_permission()
    {
        var silent = Pages()
            .Where(page =>
                page.Metadata.GetMetadata<PermissionRequirement>() is null && page.Metadata.GetMetadata<ConsoleRequirement>() is null
            )
            .Select(page => page.RoutePattern.RawText);

        Assert.NotEmpty(Pages());
        Assert.Empty(silent);
    }

    [Fact]
    public async Task Each_role_reaches_the_pages_that_its_permissions_name_and_no_others()
    {
        var tenants = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(tenants);
        var people = new (SignedIn Who, AccessLevel? Level)[]
        {
            (await app.Users.SomebodyAsync(), null),
            (await app.OrganizationAdministratorAsync(tenants, organization), AccessLevel.Organization),
            (tenants, AccessLevel.Tenant),
            (await app.PlatformAdministratorAsync(), AccessLevel.Platform),
        };
        var catalog = app.Services.GetRequiredService<PermissionCatalog>();
        foreach (var (who, level) in people)
        {
            using var browser = new Browser(app);
            Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(who.Email)).Status);
            foreach (var page in Lists())
            {
                var needed = page.Metadata.GetMetadata<PermissionRequirement>();
                // An organization's administrator holds everything of its level there, and nothing in the whole tenant.
                var mayRead =
                    level is { } held
                    && (
                        needed is null
                        || (catalog.HeldAt(held).Contains(needed.Permission.Name) && (needed.Anywhere || held > AccessLevel.Organization))
                    );
                var answer = await browser.GetAsync("/" + page.RoutePattern.RawText!.TrimStart('/'));
                Assert.True(
                    (mayRead ? HttpStatusCode.OK : HttpStatusCode.Forbidden) == answer.Status,
                    $"{level?.ToString() ?? "nobody"} gets {answer.Status} of {page.RoutePattern.RawText}"
                );
                // A file has no navigation.
                if (mayRead && !IsFile(page))
                    Assert.Single(CurrentItem.Matches(Navigation.Match(answer.Text).Value));
            }
        }
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_sign_in_and_back()
    {
        using var browser = new Browser(app);

        var answer = await browser.GetAsync("/admin/users?status=disabled");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/sign-in?returnUrl=%2Fadmin%2Fusers%3Fstatus%3Ddisabled", answer.Response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_user_of_elsewhere_is_not_there()
    {
        var tenants = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(tenants);
        var stranger = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync((await app.OrganizationAdministratorAsync(tenants, organization)).Email);

        foreach (var path in new[] { "", "/sessions", "/edit", "/disable" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/users/{stranger.UserId}{path}")).Status);
        var found = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", stranger.Email)]);
        Assert.StartsWith("/admin/find?find=", found.Response.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain(
            stranger.UserId.ToString(),
            (await browser.GetAsync(found.Response.Headers.Location!.OriginalString)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_whole_address_or_an_id_opens_the_user_and_no_address_holds_what_was_typed()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);

        foreach (var text in new[] { user.Email.ToUpperInvariant(), user.UserId.ToString() })
        {
            var opened = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", text)]);
            Assert.Equal($"/admin/users/{user.UserId}", opened.Response.Headers.Location?.OriginalString);
        }

        var listed = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", "Ada")]);
        Assert.DoesNotContain("Ada", listed.Response.Headers.Location?.OriginalString, StringComparison.Ordinal);
        using var other = new Browser(app);
        await other.SignInAsync((await app.TenantAdministratorAsync()).Email);
        Assert.Contains("<h2>", (await browser.GetAsync(listed.Response.Headers.Location!.OriginalString)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "<b><bdi>",
            (await other.GetAsync(listed.Response.Headers.Location!.OriginalString)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_password_is_asked_for_again_when_the_last_proof_is_old_and_guessing_it_there_is_slow()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        var path = $"/admin/users/{user.UserId}/force-reset";
        Assert.DoesNotContain("type=\"password\"", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = now() - interval '1 hour' where user_id = $1",
            admin.UserId
        );
        // The token still says that the proof is new; it is, to whoever holds it, until it is refreshed.
        await browser.SendAsync(HttpMethod.Post, "/v1/tokens/refresh", JsonContentOf("""{"transport":"cookie"}"""));

        Assert.Contains("type=\"password\"", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
            Assert.Equal(
                HttpStatusCode.BadRequest,
                (await browser.SubmitAsync(path, [KeyValuePair.Create("password", "a wrong umbrella on the hill")])).Status
            );
        // The first wait is one second long, which a slow machine outlasts; it runs on.
        Assert.Equal(1L, await MoveWaitAsync(admin, "interval '1 hour'"));
        var throttled = await browser.SubmitAsync(path, [KeyValuePair.Create("password", TestUsers.Password)]);
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);

        Assert.Equal(1L, await MoveWaitAsync(admin, "interval '-2 hours'"));
        var done = await browser.SubmitAsync(path, [KeyValuePair.Create("password", TestUsers.Password)]);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(user.Email)).Status);
        Assert.DoesNotContain("type=\"password\"", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [GeneratedRegex("<li><a href=\"/admin[^>]*aria-current=", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CurrentItem { get; }

    [GeneratedRegex(
        "<nav class=\"side\".*?</nav>",
        RegexOptions.CultureInvariant | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Navigation { get; }

    private static StringContent JsonContentOf(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    /// <summary>Moves the end of the wait that wrong passwords in the session brought, if there is one.</summary>
    private Task<long> MoveWaitAsync(SignedIn who, string by) =>
        app.ScalarAsync<long>(
            $"""
            with moved as (
                update identity.sign_in_failures set blocked_until = blocked_until + {by}
                 where blocked_until > failed_at and lane in (select id from identity.sessions where user_id = $1)
                returning 1)
            select count(*) from moved
            """,
            who.UserId
        );

    private static bool IsFile(RouteEndpoint page) => page.RoutePattern.RawText!.EndsWith(".csv", StringComparison.Ordinal);

    private IEnumerable<RouteEndpoint> Pages() =>
        app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(page => ("/" + page.RoutePattern.RawText!.TrimStart('/')).StartsWith(ConsoleHome.Path, StringComparison.Ordinal));

    private IEnumerable<RouteEndpoint> Lists() =>
        Pages()
            .Where(page =>
                page.RoutePattern.Parameters.Count == 0
                // A stream has no end.
                && !page.RoutePattern.RawText!.EndsWith("/live", StringComparison.Ordinal)
                && page.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains("GET", StringComparer.Ordinal)
            );
}
