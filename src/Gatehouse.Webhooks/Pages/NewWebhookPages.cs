using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Pages;

/// <summary>The form that makes a webhook; its secret is shown on the page it leads to, once.</summary>
internal sealed class NewWebhookPages(CreateWebhook.Handler create, MessageCatalog texts)
{
    public const string Path = WebhooksPages.Path + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (Delegate)BeginAsync).RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);
        pages
            .MapPost(Path, (NewWebhookPages create, HttpContext http) => create.CreateAsync(http))
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks)
            .FormOfItself(WebhookForm.Fields)
            .Once();
    }

    private static async Task<IResult> BeginAsync(HttpContext http)
    {
        var typed = WebhookForm.Of(http.TakeDraft(Path, WebhookForm.Fields.Count));
        return await ShowAsync(http, typed ?? await WebhookForm.EmptyAsync(http), error: null);
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var typed = WebhookForm.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var organization = await typed.OrganizationAsync(http);
        if (organization.Error is { } unknown)
            return await ShowAsync(http, typed, unknown);
        var request = new CreateWebhook.Request
        {
            Address = typed.Address.Trim(),
            Description = typed.Description,
            Events = typed.Events,
            OrganizationId = organization.Value?.ToString(),
        };
        var outcome = await create.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(http, typed, error);
        var view = WebhookView.Of(outcome.Value.Row);
        ShownSecret.Keep(http, view.Id, outcome.Value.Secret.Text);
        return http.Tell(
            texts.Say(http, "page.console.webhooks.created-one", ("name", WebhookPages.NameOf(view))),
            WebhookPages.PathOf(view.Id)
        );
    }

    private static async Task<IResult> ShowAsync(HttpContext http, WebhookForm typed, Error? error) =>
        http.Page<NewWebhookPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(NewWebhookPage.Form)] = typed,
                [nameof(NewWebhookPage.Hits)] = error is null ? [] : await typed.HitsAsync(http),
                [nameof(NewWebhookPage.Error)] = WebhookForm.AtFields(error),
            },
            WebhookForm.AtFields(error)
        );
}
