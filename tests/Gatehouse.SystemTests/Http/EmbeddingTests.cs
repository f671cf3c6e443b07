using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Gatehouse.Core.Configuration;
using Gatehouse.Server.Hosting;
using Gatehouse.SystemTests.Harness;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace Gatehouse.SystemTests.Http;

/// <summary>Gatehouse inside another ASP.NET Core program, which has endpoints of its own. TestUsers sign in at the real program beside
/// it.</summary>
public sealed class EmbeddingTests(EmbeddingTests.Embedded running) : IClassFixture<EmbeddingTests.Embedded>
{
    [Fact]
    public async Task Endpoints_of_the_program_ask_for_a_signed_in_user_and_read_who_it_is()
    {
        using var nobody = await running.Program.SendAsync(HttpMethod.Get, "/mine");
        using var mallory = await running.Program.SendAsync(HttpMethod.Get, "/mine", ("Authorization", "Bearer made.up.token"));
        using var ada = await running.Program.SendAsync(HttpMethod.Get, "/mine", running.Ada.Tokens.Header);

        await IsRejectedAsync(nobody, HttpStatusCode.Unauthorized, "request.unauthenticated");
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.ToString());
        await IsRejectedAsync(mallory, HttpStatusCode.Unauthorized, "request.unauthenticated");
        Assert.Equal(HttpStatusCode.OK, ada.StatusCode);
        var claims = await ada.Content.ReadFromJsonAsync<Dictionary<string, string>>();
        Assert.Equal(running.Ada.UserId.ToString(), claims!["sub"]);
        Assert.Equal(running.Ada.UserId.ToString(), claims[ClaimTypes.NameIdentifier]);
        Assert.Equal(running.Ada.Tokens.SessionId.ToString(), claims["sid"]);
        foreach (var name in new[] { "tid", "auth_time" })
            Assert.Equal(running.Ada.Tokens.Claims.GetProperty(name).ToString(), claims[name]);
    }

    [Theory]
    [InlineData("must_enroll", "secondFactorDue")]
    [InlineData("unverified", "emailVerified")]
    public async Task A_session_that_has_something_to_do_first_signs_in_at_Gatehouse_alone(string mark, string claim)
    {
        var session = (await running.App.Users.SignInAsync(running.Ada.Email)).Tokens();
        await running.App.ExecuteAsync($"update identity.sessions set {mark} = true where id = $1", session.SessionId);
        var due = (await running.App.Users.RefreshAsync(session.Refresh)).Tokens();
        Assert.True(due.Claims.TryGetProperty(claim, out _));

        using var own = await running.Program.SendAsync(HttpMethod.Get, "/mine", due.Header);
        using var open = await running.Program.SendAsync(HttpMethod.Get, "/silent", due.Header);
        using var ours = await running.Program.SendAsync(HttpMethod.Get, "/v1/me/factors", due.Header);

        await IsRejectedAsync(own, HttpStatusCode.Unauthorized, "request.unauthenticated");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (open.StatusCode, ours.StatusCode));
    }

    [Fact]
    public async Task A_cookie_signs_in_at_endpoints_of_the_program_but_not_for_another_site()
    {
        var cookie = ("Cookie", "__Host-gatehouse-access=" + running.Ada.Tokens.Access);

        using var read = await running.Program.SendAsync(HttpMethod.Get, "/mine", cookie);
        using var foreign = await running.Program.SendAsync(HttpMethod.Post, "/mine", cookie);
        using var own = await running.Program.SendAsync(
            HttpMethod.Post,
            "/mine",
            cookie,
            ("Gatehouse-Request", "1"),
            ("Sec-Fetch-Site", "same-origin")
        );

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        await IsRejectedAsync(foreign, HttpStatusCode.Forbidden, "request.cross-site");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task An_endpoint_of_the_program_that_says_nothing_stays_open()
    {
        using var nobody = await running.Program.SendAsync(HttpMethod.Get, "/silent");
        using var mallory = await running.Program.SendAsync(HttpMethod.Get, "/silent", ("Authorization", "Bearer made.up.token"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (nobody.StatusCode, mallory.StatusCode));
    }

    [Fact]
    public async Task An_endpoint_of_Gatehouse_that_says_nothing_is_refused_whoever_asks()
    {
        using var nobody = await running.Program.SendAsync(HttpMethod.Get, "/v1/silent");
        using var ada = await running.Program.SendAsync(HttpMethod.Get, "/v1/silent", running.Ada.Tokens.Header);

        await IsRejectedAsync(nobody, HttpStatusCode.Unauthorized, "request.unauthenticated");
        await IsRejectedAsync(ada, HttpStatusCode.Forbidden, "request.forbidden");
    }

    [Fact]
    public async Task A_program_with_another_default_scheme_and_a_fallback_policy_keeps_both_and_so_does_Gatehouse()
    {
        // Before: the program is a node of the same databases, and has no development mailbox to send to.
        var somebody = await running.App.Users.SomebodyAsync();
        await using var program = await EmbeddingProgram.StartAsync(
            running.App,
            services =>
            {
                services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            }
        );

        using var own = await program.SendAsync(HttpMethod.Get, "/silent");
        using var nobody = await program.SendAsync(HttpMethod.Get, "/v1/me");
        using var ada = await program.SendAsync(HttpMethod.Get, "/v1/me", running.Ada.Tokens.Header);
        using var silent = await program.SendAsync(HttpMethod.Get, "/v1/silent", running.Ada.Tokens.Header);
        using var live = await program.SendAsync(HttpMethod.Get, "/health/live");
        using var renewed = await program.SendAsync(
            HttpMethod.Get,
            "/account",
            ("Cookie", "__Host-gatehouse-refresh=v." + somebody.Tokens.Refresh)
        );

        Assert.Equal((HttpStatusCode.Redirect, "/Account/Login"), (own.StatusCode, own.Headers.Location?.AbsolutePath));
        await IsRejectedAsync(nobody, HttpStatusCode.Unauthorized, "request.unauthenticated");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (ada.StatusCode, live.StatusCode, renewed.StatusCode));
        Assert.NotEqual(HttpStatusCode.OK, silent.StatusCode);
        Assert.Contains(
            renewed.Headers.GetValues("Set-Cookie"),
            cookie => cookie.StartsWith("__Host-gatehouse-access=", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_large_body_is_refused_by_Gatehouse_and_taken_by_an_endpoint_of_the_program()
    {
        using var large = new ByteArrayContent(new byte[65 * 1024]) { Headers = { ContentType = new("application/json") } };
        using var refused = await running.Program.Client.PostAsync(new Uri("/v1/sessions", UriKind.Relative), large);
        using var upload = new ByteArrayContent(new byte[65 * 1024]);
        using var taken = await running.Program.Client.PostAsync(new Uri("/upload", UriKind.Relative), upload);
        using var unread = new HttpRequestMessage(HttpMethod.Post, "/v1/body") { Content = new ByteArrayContent(new byte[65 * 1024]) };
        using var limited = await running.Program.Client.SendAsync(unread);

        await IsRejectedAsync(refused, HttpStatusCode.RequestEntityTooLarge, "request.too-large");
        Assert.Equal("66560", await taken.Content.ReadAsStringAsync());
        await IsRejectedAsync(limited, HttpStatusCode.RequestEntityTooLarge, "request.too-large");
    }

    [Fact]
    public void A_wrong_setting_stops_the_program_with_the_words_of_the_server()
    {
        var settings = TestApp.Settings("Host=localhost;Database=none", "Host=localhost;Database=none");
        (settings["Keys:Master"], settings["Http:DrainSeconds"], settings["Mail:Sendr"]) = ("", "never", "inbox");
        var launch = new LaunchSettings(Development: false, DataFolder: "unused", settings);

        var server = Assert.Throws<SettingsException>(() =>
            GatehouseHost.Build(launch, new Dictionary<string, string?>(StringComparer.Ordinal))
        );
        var embedding = Assert.Throws<SettingsException>(() => EmbeddingProgram.Build("Production", settings, _ => { }));

        Assert.Contains("GATEHOUSE__HTTP__DRAINSECONDS", embedding.Message, StringComparison.Ordinal);
        Assert.Equal(server.Message, embedding.Message);
    }

    [Fact]
    public async Task No_path_and_no_failed_sign_in_stands_in_the_logs_of_the_program()
    {
        using var named = await running.Program.SendAsync(HttpMethod.Get, "/v1/usernames/ada.of.the.bridge");
        using var missing = await running.Program.SendAsync(HttpMethod.Get, "/ada.of.the.bridge");
        using var mallory = await running.Program.SendAsync(HttpMethod.Get, "/v1/me", ("Authorization", "Bearer made.up.token"));

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized),
            (named.StatusCode, missing.StatusCode, mallory.StatusCode)
        );
        Assert.NotEmpty(running.Program.Logs.Lines);
        // Scopes are written only by loggers that are told to.
        var lines = running.Program.Logs.Lines.Where(line => !line.StartsWith("scope", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("ada.of", StringComparison.Ordinal));
        Assert.DoesNotContain(running.Program.Logs.Lines, line => line.Contains("AuthenticationHandler", StringComparison.Ordinal));
    }

    private static async Task IsRejectedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    /// <summary>The real program with two people signed in, and another one on the same databases that embeds Gatehouse.</summary>
    public sealed class Embedded : IAsyncLifetime
    {
        private readonly RunningApp own = new();
        private readonly SignedInApp signedIn;

        public Embedded() => signedIn = new SignedInApp(own);

        public TestApp App => signedIn.App;

        public SignedIn Ada => signedIn.Ada;

        internal EmbeddingProgram Program { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await own.InitializeAsync();
            await signedIn.InitializeAsync();
            Program = await EmbeddingProgram.StartAsync(App, _ => { });
        }

        public async ValueTask DisposeAsync()
        {
            await Program.DisposeAsync();
            await own.DisposeAsync();
        }
    }
}
