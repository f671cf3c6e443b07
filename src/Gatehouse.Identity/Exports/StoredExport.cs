using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Exports;

/// <summary>The row of a user's export, without its content.</summary>
internal sealed class StoredExport
{
    /// <summary>What the content is sealed for.</summary>
    public const string Context = "exports.content";

    /// <summary>How long it can be downloaded.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    public Guid Id { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Null until it is made.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>When it was first taken.</summary>
    public DateTimeOffset? DownloadedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The user's; null for none, and for one whose time is over.</summary>
    public static Task<StoredExport?> FindAsync(DbSession db, Guid tenant, Guid user, DateTimeOffset now) =>
        db.FirstOrDefaultAsync<StoredExport>(
            """
            select id, requested_at, ready_at, downloaded_at, expires_at from identity.exports
             where tenant_id = @tenant and user_id = @user and expires_at > @now
            """,
            new
            {
                tenant,
                user,
                now,
            }
        );
}
