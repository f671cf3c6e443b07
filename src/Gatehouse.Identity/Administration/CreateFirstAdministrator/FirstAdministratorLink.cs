using Gatehouse.Core.Actors;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Tenants;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// The link by which the first platform administrator is created. Each start of a node logs a new one while there is no administrator,
/// and the one before ends: who reads the log operates the installation. The secret is in no database and works once, for a day.
/// </summary>
internal sealed partial class FirstAdministratorLink(
    Database database,
    HttpOptions http,
    ILogger<FirstAdministratorLink> logger,
    IPlatformAdministrators? administrators = null
) : IStartupTask
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Where it leads on this server; null where this node printed none.</summary>
    public string? PathAndQuery { get; private set; }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (administrators is null)
            return;
        var token = LinkToken.New();
        var isNeeded = await database.InTransactionAsync(
            "first-administrator.offer",
            tx => StoreAsync(tx, administrators, token),
            cancellationToken
        );
        if (!isNeeded)
            return;
        PathAndQuery = $"{FirstAdministratorPage.Path}?token={token.Reveal()}";
        Log.Offered(logger, new Uri(http.PublicBase, PathAndQuery));
    }

    /// <summary>Whether it opens the page now.</summary>
    public async Task<bool> IsValidAsync(DbSession db, LinkToken token, DateTimeOffset now) =>
        administrators is not null
        && await db.FirstOrDefaultAsync<int?>(
            """
            select 1 from identity.first_administrator_links
             where tenant_id = @Id and token_hash = @hash and expires_at > @now
            """,
            Key(token, now)
        )
            is not null
        && !await administrators.ExistAsync(db);

    /// <summary>The same, and nobody else uses it until this transaction ends.</summary>
    public async Task<bool> LockAsync(Transaction tx, LinkToken token) =>
        administrators is not null
        && await tx.FirstOrDefaultAsync<int?>(
            """
            select 1 from identity.first_administrator_links
             where tenant_id = @Id and token_hash = @hash and expires_at > @now for update
            """,
            Key(token, tx.Now)
        )
            is not null
        && !await administrators.ExistAsync(tx);

    /// <summary>Appoints the user and ends the link.</summary>
    public async Task AppointAsync(Transaction tx, Guid user, Actor actor)
    {
        await administrators!.AppointAsync(tx, user, actor);
        await EndAsync(tx);
        tx.AfterCommit(() => PathAndQuery = null);
    }

    private static async Task<bool> StoreAsync(Transaction tx, IPlatformAdministrators administrators, LinkToken token)
    {
        if (await administrators.ExistAsync(tx))
        {
            await EndAsync(tx);
            return false;
        }

        await tx.ExecuteAsync(
            """
            insert into identity.first_administrator_links (tenant_id, token_hash, expires_at) values (@Id, @hash, @expires)
            on conflict (tenant_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at
            """,
            new
            {
                DefaultTenant.Id,
                hash = token.Hash().ToStored(),
                expires = tx.Now + Lifetime,
            }
        );
        return true;
    }

    private static Task<int> EndAsync(Transaction tx) =>
        tx.ExecuteAsync("delete from identity.first_administrator_links where tenant_id = @Id", new { DefaultTenant.Id });

    private static object Key(LinkToken token, DateTimeOffset now) =>
        new
        {
            DefaultTenant.Id,
            hash = token.Hash().ToStored(),
            now,
        };

    private static partial class Log
    {
        // The one secret in the log: it is how who operates the installation gets in.
        [LoggerMessage(1, LogLevel.Information, "There is no administrator yet. Create the first one within 24 hours: {Link}")]
        public static partial void Offered(ILogger logger, Uri link);
    }
}
