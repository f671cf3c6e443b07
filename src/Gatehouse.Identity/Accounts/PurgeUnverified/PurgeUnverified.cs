using Gatehouse.Core.Auditing;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Sessions;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Removes users who were signed in before they verified their address, and did not: their sessions end, and all that is stored of them
/// goes.
/// <para>Publishes <c>session.revoked.v1</c> for each session.</para>
/// </summary>
internal sealed partial class PurgeUnverified(
    Database database,
    SubjectKeys subjectKeys,
    UserSessions sessions,
    UserFiles files,
    TimeProvider clock,
    ILogger<PurgeUnverified> logger
) : IRecurring
{
    private const int Batch = 500;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var lapsed = await database.QueryAsync(
                db =>
                    db.ListAsync<Lapsed>(
                        "select tenant_id, id from identity.users where unverified_until <= @now order by unverified_until limit @Batch",
                        new { now = clock.GetUtcNow(), Batch }
                    ),
                cancellationToken
            );
            var removed = new List<Lapsed>();
            foreach (var user in lapsed)
            {
                if (await database.InTransactionAsync("user.lapse", tx => RemoveAsync(tx, user), cancellationToken))
                    removed.Add(user);
            }

            await subjectKeys.DestroyAsync([.. removed.Select(user => user.Id)], cancellationToken);
            await RemoveFilesAsync(removed, cancellationToken);
            if (removed.Count > 0)
                Log.Removed(logger, removed.Count);
            if (lapsed.Count < Batch)
                return;
        }
    }

    private async Task<bool> RemoveAsync(Transaction tx, Lapsed lapsed)
    {
        // Verified meanwhile: it stays, and so must its key.
        if (await LockedUser.LockAsync(tx, lapsed.TenantId, lapsed.Id) is not { Row.UnverifiedUntil: { } until } user || until > tx.Now)
            return false;
        await sessions.EndAllAsync(tx, user, SessionEnd.Lapsed);
        await user.SaveAsync(tx);
        await StoredFile.ReleaseAsync(tx, lapsed.TenantId, lapsed.Id);
        await UserRows.RemoveAsync(tx, lapsed.TenantId, lapsed.Id);
        tx.Record(new AuditRecord(lapsed.TenantId, "user.lapsed") { Subject = lapsed.Id });
        return true;
    }

    // What cannot be removed now goes at the time of its row.
    private async Task RemoveFilesAsync(IEnumerable<Lapsed> removed, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var user in removed)
                await files.RemoveAllAsync(user.TenantId, user.Id, cancellationToken);
        }
        catch (DependencyAwayException)
        {
            // The store has said so itself.
        }
    }

    private sealed class Lapsed
    {
        public Guid TenantId { get; init; }

        public Guid Id { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Removed {Count} users who did not verify their address in time")]
        public static partial void Removed(ILogger logger, int count);
    }
}
