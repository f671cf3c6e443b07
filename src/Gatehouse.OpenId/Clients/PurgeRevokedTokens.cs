using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.OpenId.Clients;

/// <summary>Forgets revoked tokens and secrets once they have expired: a token a while ago, a secret a month ago.</summary>
internal sealed class PurgeRevokedTokens(Database database, TimeProvider clock) : IRecurring
{
    private static readonly TimeSpan TokensKept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SecretsKept = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await database.QueryAsync(
            async db =>
            {
                await db.ExecuteAsync("delete from openid.revoked_tokens where expires_at < @ended", new { ended = now - TokensKept });
                return await db.ExecuteAsync(
                    "delete from openid.client_secrets where expires_at < @ended",
                    new { ended = now - SecretsKept }
                );
            },
            cancellationToken
        );
    }
}
