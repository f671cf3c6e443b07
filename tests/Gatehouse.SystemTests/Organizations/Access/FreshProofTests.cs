using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.Web;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.SystemTests.Organizations.Access;

/// <summary>What reaches far asks whoever is signed in to prove it again: the operations and the forms that are marked, all of them, and
/// no others.</summary>
public sealed partial class FreshProofTests(RunningApp running)
{
    private const string Stale = "identity.reauthentication-required";

    private static readonly string[] MayReview = ["members:write"];

    private static readonly string[] Operations =
    [
        "DELETE /v1/clients/{id}",
        "DELETE /v1/roles/{id}",
        "DELETE /v1/tenants/{id}/domains/{domain}",
        "DELETE /v1/webhooks/{id}",
        "PATCH /v1/clients/{id}",
        "PATCH /v1/roles/{id}",
        "PATCH /v1/tenants/{id}/settings",
        "POST /v1/clients",
        "POST /v1/clients/{id}/secrets",
        "POST /v1/organizations/{id}/deactivate",
        "POST /v1/role-requests/{id}/review",
        "POST /v1/tenants/{id}/disable",
        "POST /v1/users/{id}/erase",
        "POST /v1/users/{id}/password-reset",
        "POST /v1/users/{id}/second-factors/reset",
        "POST /v1/webhooks/{id}/secret",
        "PUT /v1/users/{userId}/roles/{roleId}",
    ];

    private static readonly string[] Own =
    [
        "DELETE /v1/me/factors/{factor}",
        "DELETE /v1/me/passkeys/{id}",
        "DELETE /v1/me/phone",
        "DELETE /v1/me/totp",
        "GET /v1/me/export/{id}",
        "POST /v1/me/close",
        "POST /v1/me/email",
        "POST /v1/me/export",
        "POST /v1/me/factors/{factor}",
        "POST /v1/me/factors/{factor}/confirm",
        "POST /v1/me/passkeys/options",
        "POST /v1/me/phone",
        "POST /v1/me/recovery-codes",
        "POST /v1/me/totp",
        "POST /v1/me/totp/confirm",
    ];

    /// <summary>The user's own pages and forms, and where the proof leads back to.</summary>
    private static readonly (string Page, string Back)[] OwnPages =
    [
        ("GET /account/privacy/close", "/account/privacy/close"),
        ("GET /account/security/second-factor/email", "/account/security/second-factor/email"),
        ("GET /account/security/second-factor/email/remove", "/account/security/second-factor/email/remove"),
        ("GET /account/security/second-factor/sms", "/account/security/second-factor/sms"),
        ("GET /account/security/second-factor/sms/remove", "/account/security/second-factor/sms/remove"),
        ("GET /account/security/second-factor/totp", "/account/security/second-factor/totp"),
        ("GET /account/security/second-factor/totp/remove", "/account/security/second-factor/totp/remove"),
        ("POST /account/privacy/close", "/account/privacy/close"),
        ("POST /account/security/second-factor/email", "/account/security/second-factor"),
        ("POST /account/security/second-factor/email/confirm", "/account/security/second-factor/email"),
        ("POST /account/security/second-factor/email/remove", "/account/security/second-factor/email/remove"),
        ("POST /account/security/second-factor/recovery-codes", "/account/security/second-factor/recovery-codes"),
        ("POST /account/security/second-factor/sms", "/account/security/second-factor"),
        ("POST /account/security/second-factor/sms/confirm", "/account/security/second-factor/sms"),
        ("POST /account/security/second-factor/sms/remove", "/account/security/second-factor/sms/remove"),
        ("POST /account/security/second-factor/totp", "/account/security/second-factor"),
        ("POST /account/security/second-factor/totp/confirm", "/account/security/second-factor/totp"),
        ("POST /account/security/second-factor/totp/remove", "/account/security/second-factor/totp/remove"),
    ];

    private static readonly string[] Forms =
    [
        "POST /admin/clients/new",
        "POST /admin/clients/{id}/edit",
        "POST /admin/role-requests/{id}",
        "POST /admin/roles/{id}/edit",
        "POST /admin/settings",
        "POST /admin/users/{id}/access/give",
    ];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Every_marked_operation_answers_a_user_whose_proof_is_old_so_and_goes_on_after_a_new_one()
    {
        Assert.Equal(Operations, Marked("/v1/").Except(Own));
        var admin = await app.PlatformAdministratorAsync();
        var request = await RequestAsync(admin);
        await app.GrowStaleAsync(admin);

        foreach (var operation in Operations)
            Assert.Equal((operation, HttpStatusCode.Forbidden, Stale), await CallAsync(operation));
        await app.Users.ProveAsync(admin);
        foreach (var operation in Operations)
            Assert.NotEqual(Stale, (await CallAsync(operation)).Code);

        async Task<(string Operation, HttpStatusCode Status, string? Code)> CallAsync(string operation)
        {
            var (method, path) = (operation.Split(' ')[0], Fill(operation.Split(' ')[1], request));
            var answer = await app.CallAsync(HttpMethod.Parse(method), path, admin, method is "POST" or "PATCH" ? new { } : null);
            return (operation, answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task Users_must_have_proved_lately_who_they_are_for_what_reaches_far_in_their_own_account()
    {
        Assert.Equal(Own, Marked("/v1/me/"));
        var user = await app.Users.SomebodyAsync();
        await app.GrowStaleAsync(user);

        foreach (var operation in Own)
            Assert.Equal((operation, HttpStatusCode.Forbidden, Stale), await CallAsync(operation));
        await app.Users.ProveAsync(user);
        // Closing ends the session.
        foreach (var operation in Own.OrderBy(operation => operation.EndsWith("/close", StringComparison.Ordinal)))
        {
            var answer = await CallAsync(operation);
            Assert.True(answer.Status != HttpStatusCode.Unauthorized && answer.Code != Stale, $"{answer}");
        }

        async Task<(string Operation, HttpStatusCode Status, string? Code)> CallAsync(string operation)
        {
            var (method, path) = (operation.Split(' ')[0], Fill(operation.Split(' ')[1], request: default));
            var answer = await app.CallAsync(HttpMethod.Parse(method), path, user, method == "POST" ? new { code = "123456" } : null);
            return (operation, answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task Pages_of_the_account_lead_to_the_proof_and_back()
    {
        Assert.Equal(OwnPages.Select(page => page.Page), Marked("/account/"));
        var user = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(user.Email);
        await app.GrowStaleAsync(user);

        foreach (var (page, back) in OwnPages)
        {
            var path = page.Split(' ')[1];
            var led = page.StartsWith("GET", StringComparison.Ordinal) ? await browser.GetAsync(path) : await browser.SubmitAsync(path, []);
            Assert.Equal(
                (page, HttpStatusCode.SeeOther, "/reauthenticate?returnUrl=" + Uri.EscapeDataString(back)),
                (page, led.Status, led.Location())
            );
        }
    }

    [Fact]
    public async Task Every_marked_form_of_the_console_leads_to_the_proof_and_back()
    {
        Assert.Equal(Forms, Marked("/admin/"));
        var admin = await app.PlatformAdministratorAsync();
        var request = await RequestAsync(admin);
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        await app.GrowStaleAsync(admin);

        foreach (var form in Forms)
        {
            var path = Fill(form.Split(' ')[1], request);
            var led = await browser.SubmitAsync(path, [KeyValuePair.Create("role", BuiltInRole.TenantAdministrator.Id.ToString())]);
            Assert.Equal(
                (HttpStatusCode.SeeOther, "/reauthenticate?returnUrl=" + Uri.EscapeDataString(path)),
                (led.Status, led.Location())
            );
        }
    }

    [Fact]
    public async Task What_was_typed_waits_while_the_user_proves_it()
    {
        const string Path = "/admin/clients/new";
        var admin = await app.TenantAdministratorAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        var form = await browser.GetAsync(Path);
        await app.GrowStaleAsync(admin);

        var led = await browser.SendFormAsync(form, Path, ("clientName", "Till of the north"), ("scopes", "users:read"));
        var proved = await browser.FillAsync(led.Location(), "/reauthenticate", ("password", TestUsers.Password));
        Assert.Equal((HttpStatusCode.SeeOther, Path), (proved.Status, proved.Location()));
        var again = await browser.GetAsync(proved.Location());
        Assert.Contains("value=\"Till of the north\"", again.Text, StringComparison.Ordinal);
        var created = await browser.SendFormAsync(again, Path, ("clientName", "Till of the north"), ("scopes", "users:read"));
        Assert.StartsWith("/admin/clients/", created.Location(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_allows_nothing_of_Gatehouse_is_given_without_and_a_service_account_is_never_asked()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        var role = await app.CallAsync(HttpMethod.Post, "/v1/roles", admin, new { name = OrganizationCalls.NewCode() });
        var plain = user.RolePath(role.Body.GetProperty("id").GetGuid());
        var client = await app.ClientAsync(admin, "clients:write");
        await app.GrowStaleAsync(admin);

        Assert.Equal(HttpStatusCode.NoContent, (await app.CallAsync(HttpMethod.Put, plain, admin)).Status);
        Assert.Equal(Stale, (await app.CallAsync(HttpMethod.Put, user.RolePath(BuiltInRole.TenantAdministrator), admin)).Code);
        var token = await app.TokenAsync(client);
        var made = await app.AsClientAsync(token, HttpMethod.Post, "/v1/clients", new { name = "Till", scopes = Scopes });
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
    }

    private static readonly string[] Scopes = ["clients:write"];

    [GeneratedRegex(":[a-z]+}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint { get; }

    [GeneratedRegex("{[a-zA-Z]+}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter { get; }

    // A role that reaches far and a request for one; everything else is nobody's.
    private string Fill(string template, Guid request) =>
        Parameter.Replace(
            template
                .Replace("{roleId}", BuiltInRole.TenantAdministrator.Id.ToString(), StringComparison.Ordinal)
                .Replace("/role-requests/{id}", $"/role-requests/{request}", StringComparison.Ordinal)
                .Replace("{domain}", "nobody.example", StringComparison.Ordinal)
                .Replace("{factor}", "email", StringComparison.Ordinal),
            _ => Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString()
        );

    private async Task<Guid> RequestAsync(SignedIn admin)
    {
        var (organization, _) = await app.OrganizationAsync(admin);
        var role = await app.CallAsync(
            HttpMethod.Post,
            "/v1/roles",
            admin,
            new
            {
                name = OrganizationCalls.NewCode(),
                organizationId = organization,
                permissions = MayReview,
            }
        );
        var asked = await app.CallAsync(
            HttpMethod.Post,
            "/v1/role-requests",
            await app.Users.SomebodyAsync(),
            new { roleId = role.Body.GetProperty("id").GetGuid(), organizationId = organization }
        );
        Assert.True(asked.Status == HttpStatusCode.Created, asked.Text);
        return asked.Body.GetProperty("id").GetGuid();
    }

    private List<string> Marked(string below) =>
        [
            .. app
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<FreshMetadata>() is not null)
                .Select(e =>
                    (Path: "/" + e.RoutePattern.RawText!.TrimStart('/'), e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
                )
                .Where(e => e.Path.StartsWith(below, StringComparison.Ordinal))
                // What answers GET answers HEAD.
                .SelectMany(e =>
                    e.HttpMethods.Where(method => method != HttpMethod.Head.Method)
                        .Select(method => $"{method} {Constraint.Replace(e.Path, "}")}")
                )
                .Order(StringComparer.Ordinal),
        ];
}
