using Gatehouse.Core.Postgres;

namespace Gatehouse.Identity.Data;

/// <summary>A file's row. It is there before the file and until after it, so that what is in the store is always found again.</summary>
internal sealed class StoredFile
{
    public const string Photo = "photo";

    /// <summary>What photos are stored as, whatever was sent.</summary>
    public const string PhotoType = "image/jpeg";

    // The longest that the settings allow an address to be good, and a day for what is sent in its last moment.
    private static readonly TimeSpan AddressLife = TimeSpan.FromDays(7 + 1);

    public Guid TenantId { get; init; }

    public Guid UserId { get; init; }

    public Guid Id { get; init; }

    /// <summary><see cref="Photo"/>, or the name of a purpose that users choose.</summary>
    public string Purpose { get; init; } = "";

    public string ContentType { get; init; } = "";

    /// <summary>In bytes, as it was announced.</summary>
    public long Size { get; init; }

    /// <summary>Null while it is kept.</summary>
    public DateTimeOffset? RemoveAfter { get; init; }

    public static Task<StoredFile?> FindAsync(DbSession db, Guid tenantId, Guid userId, Guid id) =>
        db.FirstOrDefaultAsync<StoredFile>(
            """
            select tenant_id, user_id, id, purpose, content_type, size, remove_after
              from identity.files where tenant_id = @tenantId and user_id = @userId and id = @id
            """,
            new
            {
                tenantId,
                userId,
                id,
            }
        );

    /// <summary>Those of the user that were not given up, whether or not they have arrived.</summary>
    public static Task<IReadOnlyList<StoredFile>> ListAsync(DbSession db, Guid tenantId, Guid userId) =>
        db.ListAsync<StoredFile>(
            """
            select tenant_id, user_id, id, purpose, content_type, size, remove_after from identity.files
             where tenant_id = @tenantId and user_id = @userId and (remove_after is null or purpose <> @Photo)
             order by created_at, id
            """,
            new
            {
                tenantId,
                userId,
                Photo,
            }
        );

    public Task InsertAsync(Transaction tx) =>
        tx.ExecuteAsync(
            """
            insert into identity.files (tenant_id, user_id, id, purpose, content_type, size, created_at, remove_after)
            values (@TenantId, @UserId, @Id, @Purpose, @ContentType, @Size, @now, @RemoveAfter)
            """,
            new
            {
                TenantId,
                UserId,
                Id,
                Purpose,
                ContentType,
                Size,
                now = tx.Now,
                RemoveAfter,
            }
        );

    /// <summary>Whether it stays from now on; false if it is about to be removed, or was.</summary>
    public static async Task<bool> KeepAsync(Transaction tx, Guid tenantId, Guid userId, Guid id) =>
        await tx.ExecuteAsync(
            """
            update identity.files set remove_after = null
             where tenant_id = @tenantId and user_id = @userId and id = @id and (remove_after is null or remove_after > @now)
            """,
            new
            {
                tenantId,
                userId,
                id,
                now = tx.Now,
            }
        ) == 1;

    /// <summary>Gives a file up, or without an id all files of the user. The row stays as long as something may still be sent or written:
    /// that would be found by nothing else.</summary>
    public static Task ReleaseAsync(Transaction tx, Guid tenantId, Guid userId, Guid? id = null) =>
        tx.ExecuteAsync(
            """
            update identity.files
               set remove_after = greatest(@now, remove_after, case when purpose <> @Photo then created_at + @AddressLife end)
             where tenant_id = @tenantId and user_id = @userId and (@id::uuid is null or id = @id)
            """,
            new
            {
                tenantId,
                userId,
                id,
                now = tx.Now,
                Photo,
                AddressLife,
            }
        );
}
