using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// A user's key is made before the user's row is committed. A process that died in between left either a user whose key is still
/// provisional, or a key without a user: the first is confirmed, the second destroyed.
/// </summary>
internal sealed partial class ReconcileUserKeys(
    Database database,
    SubjectKeys subjectKeys,
    TimeProvider clock,
    ILogger<ReconcileUserKeys> logger
) : IRecurring
{
    // Far longer than any transaction may take, so that no key of one in progress is touched.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var provisional = await subjectKeys.ListProvisionalAsync(clock.GetUtcNow() - Grace, cancellationToken);
        if (provisional.Count == 0)
            return;

        var users = await database.QueryAsync(
            db =>
                db.ListAsync<Guid>(
                    "select u.id from identity.users u join unnest(@tenants, @ids) as p (tenant_id, id) using (tenant_id, id)",
                    new { tenants = provisional.Select(p => p.TenantId).ToArray(), ids = provisional.Select(p => p.Id).ToArray() }
                ),
            cancellationToken
        );
        var orphans = provisional.Select(p => p.Id).Except(users).ToList();
        await subjectKeys.ConfirmAsync(users, cancellationToken);
        await subjectKeys.DestroyAsync(orphans, cancellationToken);
        Log.Reconciled(logger, users.Count, orphans.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "Reconciled keys that a stop left provisional: {Confirmed} confirmed, {Destroyed} destroyed"
        )]
        public static partial void Reconciled(ILogger logger, int confirmed, int destroyed);
    }
}
