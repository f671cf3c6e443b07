using Gatehouse.Core.Postgres;
using Gatehouse.Files;

namespace Gatehouse.Identity.Data;

/// <summary>Begins files and removes them, with row and object in an order in which nothing is lost from sight.</summary>
internal sealed class UserFiles(Database database, FileStore files)
{
    public FileStore Store => files;

    /// <summary>Notes a file that is about to be stored. Unless it is kept by then, it is removed.</summary>
    public Task BeginAsync(StoredFile file, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            "file.begin",
            async tx =>
            {
                await file.InsertAsync(tx);
                return true;
            },
            cancellationToken
        );

    /// <summary>Removes a file that was given up, first the object, then the row.</summary>
    public async Task RemoveAsync(Guid tenantId, Guid userId, Guid id, CancellationToken cancellationToken)
    {
        await files.RemoveAsync(userId, id, cancellationToken);
        await database.InTransactionAsync(
            "file.remove",
            tx =>
                tx.ExecuteAsync(
                    """
                    delete from identity.files
                     where tenant_id = @tenantId and user_id = @userId and id = @id and remove_after <= @now
                    """,
                    new
                    {
                        tenantId,
                        userId,
                        id,
                        now = tx.Now,
                    }
                ),
            cancellationToken
        );
    }

    /// <summary>Removes everything that a user has in the store: for the end of an account. What is still sent to an address from before is
    /// removed at the time of its row. Safe to repeat.</summary>
    public async Task RemoveAllAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            "file.release-all",
            async tx =>
            {
                await StoredFile.ReleaseAsync(tx, tenantId, userId);
                await tx.ExecuteAsync(
                    "update identity.users set photo = null where tenant_id = @tenantId and id = @userId and photo is not null",
                    new { tenantId, userId }
                );
                return true;
            },
            cancellationToken
        );
        if (files.IsOn)
            await files.RemoveAllAsync(userId, cancellationToken);
        await database.InTransactionAsync(
            "file.remove-all",
            tx =>
                tx.ExecuteAsync(
                    "delete from identity.files where tenant_id = @tenantId and user_id = @userId and remove_after <= @now",
                    new
                    {
                        tenantId,
                        userId,
                        now = tx.Now,
                    }
                ),
            cancellationToken
        );
    }
}
