using Gatehouse.Core.Postgres;
using Gatehouse.Web;

namespace Gatehouse.Webhooks.Data;

/// <summary>A webhook as it is stored.</summary>
internal sealed class WebhookRow
{
    public const string Columns =
        "id, organization_id, address, description, events, previous_secret_until, disabled_at, disabled_reason, failing_since, version, "
        + "created_at, updated_at";

    /// <summary>The column value of <c>organization_id</c> that means the whole tenant.</summary>
    public static readonly Guid WholeTenant = Guid.Empty;

    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public string Address { get; init; } = "";

    public string Description { get; init; } = "";

    public string[] Events { get; init; } = [];

    public DateTimeOffset? PreviousSecretUntil { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledReason { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whose events it gets; null for those of the whole tenant.</summary>
    public Guid? Where => OrganizationId == WholeTenant ? null : OrganizationId;

    public string Tag => EntityTags.Quoted(Version);

    public static Task<WebhookRow?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<WebhookRow>(
            $"select {Columns} from webhooks.webhooks where tenant_id = @tenant and id = @id",
            new { tenant, id }
        );

    /// <summary>The webhook under its lock: nobody else changes it until the transaction ends.</summary>
    public static Task<WebhookRow?> LockAsync(Transaction tx, Guid tenant, Guid id) =>
        tx.FirstOrDefaultAsync<WebhookRow>(
            $"select {Columns} from webhooks.webhooks where tenant_id = @tenant and id = @id for update",
            new { tenant, id }
        );
}
