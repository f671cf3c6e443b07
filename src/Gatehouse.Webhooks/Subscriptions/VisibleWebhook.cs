using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>Webhooks as far as an actor may do something there: others look like those that do not exist.</summary>
internal static class VisibleWebhook
{
    public static async Task<WebhookRow?> FindAsync(DbSession db, Actor actor, Guid id) =>
        Narrow(await WebhookRow.FindAsync(db, actor.Tenant.Id, id), actor, SubscriptionsArea.ReadWebhooks);

    /// <summary>One that may be changed, under its lock.</summary>
    public static async Task<WebhookRow?> LockAsync(Transaction tx, Actor actor, Guid id) =>
        Narrow(await WebhookRow.LockAsync(tx, actor.Tenant.Id, id), actor, SubscriptionsArea.WriteWebhooks);

    public static AuditRecord Record(Actor actor, string action, WebhookRow row) =>
        AuditRecord.Of(actor, action).WithFact("webhook", row.Id.ToString());

    private static WebhookRow? Narrow(WebhookRow? row, Actor actor, Permission permission) =>
        row is not null && actor.RequiredAccess.AllowsIn(row.Where, permission.Name) ? row : null;
}
