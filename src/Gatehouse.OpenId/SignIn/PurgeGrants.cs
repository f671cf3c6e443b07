using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Forgets authorization requests, codes (of devices, too), grants and assertions whose time is over: a code after an hour, so
/// that its reuse is still recognized for a while.</summary>
internal sealed class PurgeGrants(Database database, TimeProvider clock) : IRecurring
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await database.QueryAsync(
            async db =>
            {
                await db.ExecuteAsync("delete from openid.authorization_requests where expires_at < @now", new { now });
                await db.ExecuteAsync("delete from openid.client_assertions where expires_at < @now", new { now });
                await db.ExecuteAsync("delete from openid.device_codes where expires_at < @before", new { before = now - Kept });
                return await db.ExecuteAsync("delete from openid.grants where ends_at < @before", new { before = now - Kept });
            },
            cancellationToken
        );
    }
}
