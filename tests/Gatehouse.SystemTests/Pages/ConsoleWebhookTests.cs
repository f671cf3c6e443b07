using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Webhooks in the console.</summary>
public sealed partial class ConsoleWebhookTests(RunningApp running)
{
    private const string List = "/admin/webhooks";

    // Of which none is written here: the events of the tenant are those of other tests.
    private const string Rare = "tenant.domain-verified.v1";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_webhook_is_created_with_a_secret_that_is_shown_once()
    {
        using var browser = await SignedInAsync(await app.TenantAdministratorAsync());
        var description = "Shop <i>here</i> " + Unique();
        var page = await browser.GetAsync(List + "/new");
        (string, string)[] typed =
        [
            ("address", " https://shop.example.com/events "),
            ("description", description),
            ("events", $"{Rare},role-request.*"),
        ];

        var created = await browser.SendFormAsync(page, List + "/new", typed);

        Assert.Equal(HttpStatusCode.SeeOther, created.Status);
        Assert.Equal(created.Location(), (await browser.SendFormAsync(page, List + "/new", typed)).Location());
        var first = await browser.GetAsync(created.Location());
        var secret = Secret.Match(WebUtility.HtmlDecode(first.Text)).Value;
        Assert.NotEqual("", secret);
        Assert.Contains("no-store", first.Response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Contains("https://shop.example.com/events<", first.Text, StringComparison.Ordinal);
        Assert.Contains("role-request.*", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(description, first.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Secret, WebUtility.HtmlDecode((await browser.GetAsync(created.Location())).Text));
        Assert.DoesNotContain(secret, created.Text + created.Response.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(secret[8..], StringComparison.Ordinal));
        Assert.Contains(created.Location(), (await browser.GetAsync(List)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("address", "")]
    [InlineData("address", "shop.example.com")]
    [InlineData("address", "ftp://shop.example.com/")]
    [InlineData("address", "https://ada@shop.example.com/")]
    [InlineData("description", "two\nlines")]
    [InlineData("events", "")]
    [InlineData("events", "no.such.v1")]
    [InlineData("organization", "no such organization anywhere")]
    [InlineData("organization", "01a1f96e-3a6f-740d-963f-8de6feb3ecb8")]
    public async Task What_was_mistyped_is_said_beside_its_field_and_the_rest_is_kept(string field, string value)
    {
        using var browser = await SignedInAsync(await app.TenantAdministratorAsync());
        (string Name, string Value)[] good =
        [
            ("address", "https://kept.example.com/"),
            ("description", "Kept words"),
            ("events", Rare),
            ("organization", ""),
        ];

        var rejected = await browser.FillAsync(List + "/new", List + "/new", [.. good.Select(f => f.Name == field ? (field, value) : f)]);

        Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
        Assert.NotEqual("", rejected.Beside(field));
        Assert.Contains(field == "description" ? "kept.example.com" : "Kept words", rejected.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_changed_with_the_version_it_was_opened_with()
    {
        var admin = await app.TenantAdministratorAsync();
        var path = await MakeAsync(admin, "https://old.example.com/");
        using var browser = await SignedInAsync(admin);
        var page = await browser.GetAsync(path + "/edit");
        Assert.Contains($"value=\"{Rare}\" checked", page.Text, StringComparison.Ordinal);

        var saved = await browser.SendFormAsync(
            page,
            path + "/edit",
            ("address", "https://new.example.com/"),
            ("description", "Renamed"),
            ("events", "tenant.*")
        );

        Assert.Equal(path, saved.Location());
        var shown = (await browser.GetAsync(path)).Text;
        Assert.Contains("Renamed", shown, StringComparison.Ordinal);
        Assert.Contains("https://new.example.com/", shown, StringComparison.Ordinal);
        var stale = await browser.SendFormAsync(page, path + "/edit", ("address", "https://again.example.com/"), ("events", Rare));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("again.example.com", stale.Text, StringComparison.Ordinal);
        var wrong = await browser.FillAsync(path + "/edit", path + "/edit", ("address", "nowhere"), ("events", Rare));
        Assert.NotEqual("", wrong.Beside("address"));
    }

    [Fact]
    public async Task A_secret_is_replaced_after_a_fresh_proof_and_shown_on_its_own_page_alone()
    {
        var admin = await app.TenantAdministratorAsync();
        var (path, other) = (await MakeAsync(admin, "https://one.example.com/"), await MakeAsync(admin, "https://two.example.com/"));
        using var browser = await SignedInAsync(admin);
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = now() - interval '1 hour' where user_id = $1",
            admin.UserId
        );
        await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" });
        var act = path + "/new-secret";

        Assert.NotEqual("", (await browser.FillAsync(act, act, ("choice", "24"))).Beside("password"));
        Assert.NotEqual("", (await browser.FillAsync(act, act, ("choice", "25"), ("password", TestUsers.Password))).Beside("choice"));
        var done = await browser.FillAsync(act, act, ("choice", "24"), ("password", TestUsers.Password));

        Assert.Equal(path, done.Location());
        Assert.DoesNotMatch(Secret, WebUtility.HtmlDecode((await browser.GetAsync(other)).Text));
        var shown = WebUtility.HtmlDecode((await browser.GetAsync(path)).Text);
        Assert.Matches(Secret, shown);
        Assert.Contains("Also signed with the old secret until", shown, StringComparison.Ordinal);
        Assert.Equal(path, (await browser.FillAsync(act, act, ("choice", "0"))).Location());
        Assert.DoesNotContain("Also signed", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_is_disabled_enabled_and_deleted()
    {
        var admin = await app.TenantAdministratorAsync();
        var path = await MakeAsync(admin, "https://gone.example.com:8443/events");
        using var browser = await SignedInAsync(admin);

        Assert.Equal(path, (await browser.FillAsync(path + "/disable", path + "/disable")).Location());
        var disabled = (await browser.GetAsync(path)).Text;
        Assert.Contains("by an administrator", disabled, StringComparison.Ordinal);
        Assert.DoesNotContain(path + "/ping", disabled, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.FillAsync(path + "/ping", path + "/ping")).Status);
        Assert.Equal(path, (await browser.FillAsync(path + "/enable", path + "/enable")).Location());

        Assert.NotEqual("", (await browser.FillAsync(path + "/delete", path + "/delete", ("phrase", "something"))).Beside("phrase"));
        Assert.Equal(List, (await browser.FillAsync(path + "/delete", path + "/delete", ("phrase", "gone.example.com"))).Location());
        foreach (var gone in new[] { path, path + "/edit", path + "/disable", path + "/ping" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(gone)).Status);
    }

    [Fact]
    public async Task A_test_event_is_sent_and_what_failed_is_said_in_words_and_sent_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith(StatusCodes.Status503ServiceUnavailable);
        var admin = await app.TenantAdministratorAsync();
        var webhook = await app.WebhookAsync(admin, receiver.Url, organization: null, Rare);
        var path = $"{List}/{webhook.Id}";
        using var browser = await SignedInAsync(admin);

        Assert.Equal(path, (await browser.FillAsync(path, path + "/ping")).Location());
        var delivery = (await app.DeliveryAsync(admin, webhook, d => d.Is("pending", "status"))).GetProperty("id").GetGuid();
        var shown = (await browser.GetAsync(path)).Text;
        Assert.Contains("Answered 503", shown, StringComparison.Ordinal);
        Assert.Contains("Failing", shown, StringComparison.Ordinal);
        Assert.Contains("webhook.ping", (await browser.GetAsync(path + "?state=pending")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(delivery.ToString(), (await browser.GetAsync(path + "?state=failed")).Text, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", (await browser.GetAsync(path + "?state=lost")).Text, StringComparison.Ordinal);

        receiver.Answer = null;
        Assert.Equal(path, (await browser.FillAsync($"{path}/redeliver/{delivery}", $"{path}/redeliver/{delivery}")).Location());
        await app.DeliveryAsync(admin, webhook, d => d.Is("delivered"));
        Assert.Contains("Answered 200", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        var unknown = $"{path}/redeliver/{webhook.Id}";
        Assert.Equal(HttpStatusCode.NotFound, (await browser.FillAsync(unknown, unknown)).Status);
        await app.AssertDoneAsync(HttpMethod.Delete, webhook.Path, admin);
    }

    [Fact]
    public async Task Who_administers_an_organization_makes_webhooks_there_and_sees_no_others()
    {
        var admin = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, organization);
        await app.QuietAsync();
        var (foreign, stranger) = (await MakeAsync(admin, "https://foreign.example.com/"), await app.Users.SomebodyAsync());
        using var browser = await SignedInAsync(local);

        var form = await browser.GetAsync(List + "/new");
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        Assert.Contains($"value=\"{code}\"", form.Text, StringComparison.Ordinal);
        var whole = await browser.SendFormAsync(form, List + "/new", ("address", "https://all.example.com/"), ("events", Rare));
        Assert.NotEqual("", whole.Beside("organization"));
        var created = await browser.FillAsync(
            List + "/new",
            List + "/new",
            ("address", "https://own.example.com/"),
            ("events", Rare),
            ("organization", code!)
        );
        Assert.Equal(HttpStatusCode.SeeOther, created.Status);
        var list = (await browser.GetAsync(List)).Text;
        Assert.Contains(created.Location(), list, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, list, StringComparison.Ordinal);
        foreach (var act in new[] { "", "/edit", "/disable", "/delete", "/new-secret", "/ping", $"/redeliver/{organization}" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(foreign + act)).Status);

        using var nobody = await SignedInAsync(stranger);
        foreach (var path in new[] { List, List + "/new", foreign, foreign + "/edit", foreign + "/ping" })
            Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Who_may_only_read_webhooks_finds_no_way_to_change_one()
    {
        var admin = await app.TenantAdministratorAsync();
        var path = await MakeAsync(admin, "https://read.example.com/");
        var role = await app.PostAsync("/v1/roles", new { name = "readers-" + Unique(), permissions = Read }, admin);
        var reader = await app.Users.SomebodyAsync();
        await app.CallAsync(HttpMethod.Put, reader.RolePath(role.Body.GetProperty("id").GetGuid()), admin);
        await app.QuietAsync();
        using var browser = await SignedInAsync(reader);

        var page = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain(path + "/", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(List + "/new", (await browser.GetAsync(List)).Text, StringComparison.Ordinal);
        foreach (var act in new[] { "edit", "disable", "enable", "delete", "new-secret", "ping", "redeliver/" + reader.UserId })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"{path}/{act}")).Status);
    }

    [GeneratedRegex("whsec_[A-Za-z0-9+/]{43}=", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret { get; }

    private static readonly string[] Read = ["webhooks:read"];

    private async Task<string> MakeAsync(SignedIn admin, string address) =>
        $"{List}/{(await app.WebhookAsync(admin, address, organization: null, Rare)).Id}";

    private async Task<Browser> SignedInAsync(SignedIn who)
    {
        var browser = new Browser(app);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(who.Email)).Status);
        return browser;
    }

    private string Unique() => Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
}
