using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>How webhooks look in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleWebhookLookTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task An_administrator_creates_a_webhook_sees_why_it_fails_and_replaces_its_secret(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith(StatusCodes.Status500InternalServerError);
        var admin = await app.TenantAdministratorAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(admin.Email);

        await visit.GoAsync("/admin/webhooks");
        await visit.Page.ClickAsync("main a[href='/admin/webhooks/new']");
        await visit.Page.FillAsync("#address", receiver.Url + "?" + new string('w', 60));
        await visit.Page.FillAsync("#description", "Shop <i>of</i> " + new string('W', 40));
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#events-error")).ToBeVisibleAsync();
        await visit.Page.ClickAsync("main summary >> nth=7");
        await visit.LookAsync($"console-new-webhook-refused-{picture}");
        await visit.Page.CheckAsync("input[value='tenant.domain-verified.v1']");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#new-secret")).ToBeVisibleAsync();
        await visit.LookAsync($"console-webhook-secret-{picture}");
        await visit.Page.ClickAsync("#new-secret a.button");

        await visit.Page.ClickAsync("main button[formaction$='/ping']");
        await Assertions.Expect(visit.Page.Locator("main tbody tr")).ToHaveCountAsync(1);
        var id = Guid.Parse(visit.Page.Url.Split('/')[^1]);
        await app.DeliveryAsync(admin, new TestWebhook(id, ""), d => d.Is("pending", "status"));
        await visit.Page.ReloadAsync();
        await visit.LookAsync($"console-webhook-failing-{picture}");
        receiver.Answer = null;
        await visit.Page.ClickAsync("main button[formaction*='/redeliver/']");
        await app.DeliveryAsync(admin, new TestWebhook(id, ""), d => d.Is("delivered"));
        await visit.Page.ReloadAsync();
        await visit.LookAsync($"console-webhook-{picture}");

        await visit.Page.ClickAsync("main a[href$='/edit']");
        await visit.LookAsync($"console-webhook-edit-{picture}");
        await visit.Page.ClickAsync("main button[type=submit]");
        await visit.Page.ClickAsync("main a[href$='/new-secret']");
        await visit.LookAsync($"console-webhook-new-secret-{picture}");
        await visit.Page.ClickAsync("main button.danger");
        await Assertions.Expect(visit.Page.Locator("#new-secret")).ToBeVisibleAsync();
        await visit.Page.ClickAsync("main a[href$='/disable']");
        await visit.Page.ClickAsync("main button.danger");
        await visit.GoAsync("/admin/webhooks");
        await visit.LookAsync($"console-webhooks-{picture}");
        await visit.GoAsync($"/admin/webhooks/{id}/delete");
        await visit.LookAsync($"console-webhook-delete-{picture}");
        await app.AssertDoneAsync(HttpMethod.Delete, $"/v1/webhooks/{id}", admin);
    }
}
