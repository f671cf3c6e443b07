using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>A browser that holds its tokens in cookies, as our own pages use the API.</summary>
public sealed class CookieTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tokens_go_into_cookies_that_no_script_reads_and_no_other_host_gets(bool remember)
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        using var browser = new Browser(app);

        var answer = await browser.SignInAsync(email, remember);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var tokens = answer.Body.GetProperty("tokens");
        Assert.Equal(("Cookie", 600), (tokens.GetProperty("tokenType").GetString(), tokens.GetProperty("expiresIn").GetInt32()));
        Assert.Equal(("null", "null"), (tokens.GetProperty("accessToken").GetRawText(), tokens.GetProperty("refreshToken").GetRawText()));
        var cookies = answer
            .Response.Headers.GetValues("Set-Cookie")
            .Where(c =>
                c.StartsWith("__Host-gatehouse-access", StringComparison.Ordinal)
                || c.StartsWith("__Host-gatehouse-refresh", StringComparison.Ordinal)
            )
            .ToList();
        Assert.Equal(2, cookies.Count);
        Assert.All(
            cookies,
            cookie =>
            {
                Assert.Contains("; path=/; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
                Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Equal(remember, cookie.Contains("max-age=1209600", StringComparison.Ordinal));
            }
        );
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);
    }

    [Fact]
    public async Task A_proved_registration_may_put_its_tokens_into_cookies_too()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email);
        using var browser = new Browser(app);

        var verified = await browser.PostAsync(
            $"/v1/registrations/{started.RegistrationId}/verify",
            new { code = (await app.Users.LetterAsync(email)).Code, transport = "cookie" }
        );

        Assert.Equal(HttpStatusCode.Created, verified.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Gatehouse-Request", null)]
    public async Task A_call_that_another_site_makes_the_browser_send_is_refused_and_changes_nothing(string header, string? value)
    {
        using var browser = await SignedInAsync();
        browser.Set(header, value);

        foreach (
            var answer in new[]
            {
                await browser.SendAsync(HttpMethod.Delete, "/v1/sessions"),
                await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current"),
                await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" }),
                await browser.PostAsync(
                    "/v1/sessions",
                    new
                    {
                        identifier = "somebody",
                        password = TestUsers.Password,
                        transport = "cookie",
                    }
                ),
            }
        )
        {
            Assert.Equal((HttpStatusCode.Forbidden, "request.cross-site"), (answer.Status, answer.Code));
            Assert.False(answer.Response.Headers.Contains("Set-Cookie"));
        }

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);
    }

    [Fact]
    public async Task Public_operations_go_on_for_a_forged_call_but_as_of_nobody()
    {
        using var browser = await SignedInAsync();
        browser.Set("Gatehouse-Request", null);

        Assert.Equal(
            HttpStatusCode.Accepted,
            (
                await browser.PostAsync(
                    "/v1/registrations",
                    new
                    {
                        email = TestUsers.NewEmail(),
                        name = "Ada",
                        password = TestUsers.Password,
                    }
                )
            ).Status
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("a.b.c")]
    public async Task A_broken_access_cookie_keeps_nobody_from_what_is_public_nor_from_refreshing_and_signing_out(string cookie)
    {
        using var browser = await SignedInAsync();
        browser.SetCookie("__Host-gatehouse-access", cookie);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/usernames/somebody")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/me")).Status);

        browser.SetCookie("__Host-gatehouse-access", cookie);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" })).Status);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("v.rubbish")]
    [InlineData("r.AQAAAAAAAXAAgAAAAAAAAAEBof35psN7iob9cBf47wyCAAAAAAAAAAHYzloYcL8SjyRsJe4QyYBKlvK4UtjWfZY51BJ573rXig")]
    public async Task Broken_cookies_are_removed_when_a_refresh_fails(string cookie)
    {
        using var browser = new Browser(app);
        browser.SetCookie("__Host-gatehouse-refresh", cookie);

        var answer = await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" });

        Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-refresh-token"), (answer.Status, answer.Code));
        Assert.Contains(
            answer.Response.Headers.GetValues("Set-Cookie"),
            c => c.StartsWith("__Host-gatehouse-refresh=; max-age=0", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_refresh_keeps_the_choice_to_be_remembered()
    {
        using var browser = await SignedInAsync(remember: true);

        var refreshed = await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" });

        Assert.All(
            refreshed.Response.Headers.GetValues("Set-Cookie"),
            c => Assert.Contains("max-age=1209600", c, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Signing_out_removes_the_cookies_and_what_the_browser_kept()
    {
        using var browser = await SignedInAsync();

        var answer = await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current");

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        // Emptying the cache would take seconds; no page was kept in it.
        Assert.Equal("", answer.Header("Clear-Site-Data"));
        Assert.All(answer.Response.Headers.GetValues("Set-Cookie"), c => Assert.Contains("max-age=0", c, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/me")).Status);
    }

    [Fact]
    public async Task A_token_in_the_header_wins_over_cookies_and_needs_no_proof_of_origin()
    {
        using var browser = await SignedInAsync();
        browser.Set("Gatehouse-Request", null);
        var other = await app.Users.SomebodyAsync();

        browser.Set("Authorization", "Bearer " + other.Tokens.Access);
        Assert.Equal(other.UserId, (await browser.GetAsync("/v1/me")).Body.GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current")).Status);

        browser.Set("Authorization", "Bearer rubbish");
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/me")).Status);
    }

    [Fact]
    public async Task An_unknown_transport_is_named_with_all_other_faults()
    {
        var answer = await app.Users.PostAsync(
            "/v1/sessions",
            new
            {
                identifier = "",
                password = "",
                transport = "pigeon",
            }
        );

        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.Equal(
            ["identifier: request.required", "password: request.required", "transport: request.unknown-value"],
            answer.Errors.Order(StringComparer.Ordinal)
        );
    }

    private async Task<Browser> SignedInAsync(bool remember = false)
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(email, remember)).Status);
        return browser;
    }
}
