using Gatehouse.Contracts.Access;
using Gatehouse.Core.Postgres;

namespace Gatehouse.OpenId.Clients;

/// <summary>A permission that a client holds as a scope stays: without it nobody could change the client.</summary>
internal sealed class HeldScopes(Database database) : IPermissionUse
{
    public async ValueTask<bool> IsHeldAsync(string permission, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            db =>
                db.SingleAsync<bool>("select exists (select 1 from openid.clients where scopes @> array[@permission])", new { permission }),
            cancellationToken
        );
}
