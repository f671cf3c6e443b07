using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Webhooks.Pages;

/// <summary>The form that changes what is posted, and where to.</summary>
internal sealed class EditWebhookPages(GetWebhook.Handler webhooks, UpdateWebhook.Handler update, MessageCatalog texts)
{
    public const string Suffix = "/edit";

    private const string Route = WebhooksPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, EditWebhookPages edit, HttpContext http) =>
                    edit.ShowAsync(id, http, WebhookForm.Of(http.TakeDraft(http.Request.Path, WebhookForm.Fields.Count)), error: null)
            )
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks);
        pages
            .MapPost(Route, (Guid id, EditWebhookPages edit, HttpContext http) => edit.SaveAsync(id, http))
            .RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks)
            .FormOfItself(WebhookForm.Fields);
    }

    private async Task<IResult> SaveAsync(Guid id, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = WebhookForm.Of(form);
        var version = form["version"].ToString();
        var outcome = await update.HandleAsync(
            id,
            Input.Of(
                new UpdateWebhook.Request
                {
                    Address = typed.Address.Trim(),
                    Description = typed.Description,
                    Events = typed.Events,
                }
            ),
            version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version)),
            http.Actor(),
            http.RequestAborted
        );
        return outcome.Error is { } error
            ? await ShowAsync(id, http, typed, error)
            : http.Tell(
                texts.Say(http, "page.console.webhook.saved", ("name", WebhookPages.NameOf(WebhookView.Of(outcome.Value)))),
                WebhookPages.PathOf(id)
            );
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, WebhookForm? typed, Error? error)
    {
        var found = await webhooks.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } gone)
            return gone.ToProblem();
        if (!WebhookPages.MayChange(found.Value, http.Actor()))
            return RequestErrors.Forbidden.ToProblem();
        return http.Page<EditWebhookPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EditWebhookPage.Webhook)] = WebhookView.Of(found.Value),
                [nameof(EditWebhookPage.Version)] = found.Value.Version,
                [nameof(EditWebhookPage.Form)] = typed ?? WebhookForm.Of(found.Value),
                [nameof(EditWebhookPage.Error)] = error,
            },
            error
        );
    }
}
