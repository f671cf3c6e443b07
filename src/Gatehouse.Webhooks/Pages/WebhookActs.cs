using System.Globalization;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Webhooks.Deliveries;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Webhooks.Pages;

/// <summary>The pages that ask before something is done to a webhook. Sending something needs no question: buttons of its page do it at
/// once, and the question is for who has to sign in first.</summary>
internal sealed class WebhookActs(
    GetWebhook.Handler webhooks,
    SetWebhookState.Handler state,
    DeleteWebhook.Handler delete,
    ReplaceSecret.Handler replace,
    PingWebhook.Handler ping,
    RedeliverEvent.Handler redeliver,
    Database database,
    MessageCatalog texts
) : IConsoleActs
{
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string Delete = "delete";
    public const string NewSecret = "new-secret";
    public const string Ping = "ping";
    public const string Redeliver = "redeliver";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.webhook.act.";

    private const string DeliveryParameter = "delivery";
    private const string RedeliverRoute = Redeliver + "/{" + DeliveryParameter + ":guid}";
    private const int MaxCounted = 10_000;

    private static readonly IReadOnlyList<string> All = [Disable, Enable, Delete, NewSecret, Ping, RedeliverRoute];
    private static readonly IReadOnlyList<int> Overlaps = [24, 72, ReplaceSecret.MaxHours];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapActs<WebhookActs>(WebhooksPages.Path, All, page => page.RequirePermissionSomewhere(SubscriptionsArea.WriteWebhooks));

    public static string PathOf(Guid id, string act) => $"{WebhookPages.PathOf(id)}/{act}";

    public static string RedeliverPathOf(Guid id, Guid delivery) => PathOf(id, $"{Redeliver}/{delivery}");

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var found = await webhooks.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        if (!WebhookPages.MayChange(found.Value, http.Actor()))
            return RequestErrors.Forbidden;
        var view = WebhookView.Of(found.Value);
        var name = NameOf(act);
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.webhook.ask." + name),
            About =
            [
                new(texts.Say(http, "page.console.webhooks.webhook"), WebhookPages.NameOf(view)),
                new(texts.Say(http, "page.console.webhooks.address"), view.Address),
            ],
            Effects =
            [
                texts.Say(http, "page.console.webhook.effect." + name),
                .. act is Disable or Delete or Enable ? await WaitingAsync(id, act, http) : [],
            ],
            Act = texts.Say(http, Text + name),
            Path = act == RedeliverRoute ? RedeliverPathOf(id, Delivery(http)) : PathOf(id, act),
            Back = WebhookPages.PathOf(id),
            Next = act == Delete ? WebhooksPages.Path : null,
            Entry = WebhooksPages.Path,
            Choice = act == NewSecret ? Overlap(http) : null,
            Phrase = act == Delete ? new Uri(view.Address).Host : null,
            AsksPassword = act is Delete or NewSecret,
        };
    }

    public Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        string Done() => texts.Say(http, "page.console.webhook.done." + NameOf(act), ("name", asked.About[0].Value!));
        return act switch
        {
            Disable => http.ActAsync(asked, _ => state.DisableAsync(id, actor, stop), _ => Done()),
            Enable => http.ActAsync(asked, _ => state.EnableAsync(id, actor, stop), _ => Done()),
            Delete => http.ActAsync(asked, _ => delete.HandleAsync(id, actor, stop), _ => Done()),
            NewSecret => http.ActAsync(
                asked,
                typed => replace.HandleAsync(id, Input.Of(new ReplaceSecret.Request { OverlapHours = Hours(typed) }), actor, stop),
                created =>
                {
                    ShownSecret.Keep(http, id, created.Secret.Text);
                    return Done();
                }
            ),
            Ping => http.ActAsync(asked, _ => ping.HandleAsync(id, actor, stop), _ => Done()),
            _ => http.ActAsync(asked, _ => redeliver.HandleAsync(id, Delivery(http), actor, stop), _ => Done()),
        };
    }

    private async Task<IReadOnlyList<string>> WaitingAsync(Guid id, string act, HttpContext http)
    {
        var count = await database.QueryAsync(
            db =>
                db.SingleAsync<long>(
                    """
                    select count(*) from (
                        select 1 from webhooks.deliveries where tenant_id = @tenant and webhook = @id and state = 'pending'
                         limit @MaxCounted) d
                    """,
                    new
                    {
                        tenant = http.Actor().Tenant.Id,
                        id,
                        MaxCounted,
                    }
                ),
            http.RequestAborted
        );
        var key = count == MaxCounted ? "page.console.webhook.waiting-many." : "page.console.webhook.waiting.";
        return [texts.Say(http, key + act, ("count", count))];
    }

    private ConfirmationChoice Overlap(HttpContext http) =>
        new(
            texts.Say(http, "page.console.webhook.overlap"),
            [
                .. Overlaps.Select(hours =>
                    (hours.ToString(CultureInfo.InvariantCulture), texts.Say(http, "page.console.webhook.overlap-hours", ("count", hours)))
                ),
                ("0", texts.Say(http, "page.console.webhook.overlap-none")),
            ]
        );

    private static int Hours(Confirmed typed) => int.Parse(typed.Choice, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string NameOf(string act) => act == RedeliverRoute ? Redeliver : act;

    private static Guid Delivery(HttpContext http) => Guid.Parse((string)http.GetRouteValue(DeliveryParameter)!);
}
