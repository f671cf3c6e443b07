using System.Collections.Concurrent;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Web;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// The sessions that ended while access tokens of them may still be within their time. This node's own are there at once; those of other
/// nodes are read several times a second, so a revocation is known everywhere within one.
/// </summary>
internal sealed partial class Revocations(
    Database database,
    ReadinessGate ready,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<Revocations> logger,
    IEnumerable<IRevokedTokens> others
) : BackgroundService, IStartupTask, IHealthDetail
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    // A transaction stamps the end before it commits, and the database's clock may be set back: what was read last is read again each time,
    // and all of it now and then.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(20);
    private const int ReadAllEvery = 20;

    // The most that the setting may say, whatever it says today: tokens of yesterday's setting are still about. Real time, however the
    // clock is set.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(TokenOptions.MaxAccessMinutes + 2);

    // Longer than a hiccup of the database, shorter than anybody would trust a sign-out that does not work.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, Held> ended = new();
    private DateTimeOffset? readUntil;
    private int reads;
    private long lastRead = long.MinValue;
    private long lastSweep;
    private long lastSign;
    private DateTimeOffset knownUntil = DateTimeOffset.MinValue;

    /// <summary>Up to when all is known, by this node's clock.</summary>
    public DateTimeOffset KnownUntil => knownUntil;

    /// <summary>Each one that becomes known, as long as all of them do.</summary>
    public RevocationFeed Feed { get; } = new();

    /// <summary>False while the database has been away for so long that revocations may have been missed.</summary>
    public bool AreKnown => Interlocked.Read(ref lastRead) is var last and not long.MinValue && clock.GetElapsedTime(last) < MaxSilence;

    /// <summary>For the metrics.</summary>
    public int Count => ended.Count;

    /// <summary>Without them access tokens are not accepted.</summary>
    public bool IsRequired => true;

    public DependencyHealth Look() => new("revocations", AreKnown, 0, AreKnown ? null : "not read from the database lately");

    public bool Contains(Guid session) => ended.ContainsKey(session);

    /// <summary>Sessions that this node ended itself.</summary>
    public void Add(Guid tenant, IReadOnlyCollection<Guid> sessions)
    {
        var at = clock.GetUtcNow();
        Add([.. sessions.Select(id => new Revoked(tenant, id, at))]);
    }

    /// <summary>What a reader that knew everything at that time may have missed; for null, all that counts.</summary>
    public IReadOnlyList<Revoked> Since(DateTimeOffset? time)
    {
        var from = time - Overlap ?? DateTimeOffset.MinValue;
        return [.. ended.Values.Select(held => held.Revoked).Where(revoked => revoked.At >= from)];
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (!outage.Note(e))
                    Log.NotRead(logger, e.GetType().Name);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (began, beganAt) = (clock.GetTimestamp(), clock.GetUtcNow());
        var since = reads++ % ReadAllEvery == 0 ? (DateTimeOffset?)null : readUntil;
        var (rows, tokens) = await database.QueryAsync(
            async db =>
            {
                var sessions = await db.ListAsync<Row>(
                    """
                    select tenant_id, id, ended_at from identity.sessions
                     where ended_at > (select case when @since::timestamptz is null then clock_timestamp() - @kept
                                                   else least(@since, clock_timestamp()) - @overlap end)
                    """,
                    new
                    {
                        since,
                        overlap = Overlap,
                        kept = Kept,
                    }
                );
                // Few are, so the last ones are read again each time.
                var revoked = new List<RevokedToken>();
                foreach (var source in others)
                    revoked.AddRange(await source.ListAsync(db, since is null ? Kept : Overlap));
                return (sessions, revoked);
            },
            cancellationToken
        );
        Add([.. rows.Select(r => new Revoked(r.TenantId, r.Id, r.EndedAt)), .. tokens.Select(Describe)]);
        if (rows.Count > 0)
            readUntil = rows.Max(r => r.EndedAt);
        knownUntil = beganAt;
        Interlocked.Exchange(ref lastRead, began);
        if (clock.GetElapsedTime(lastSign) >= SignOfLife)
        {
            lastSign = began;
            Feed.Append([], knownUntil);
        }

        if (clock.GetElapsedTime(lastSweep) > SweepEvery)
            Sweep();
    }

    private static Revoked Describe(RevokedToken token) =>
        token switch
        {
            { TokenId: { } one } => new Revoked(token.TenantId, one, token.RevokedAt) { Kind = RevokedKind.Token },
            { Client: { } client } => new Revoked(token.TenantId, client, token.RevokedAt) { Kind = RevokedKind.Client },
            _ => new Revoked(token.TenantId, token.TenantId, token.RevokedAt) { Kind = RevokedKind.Tenant },
        };

    private void Add(IReadOnlyList<Revoked> revoked)
    {
        var now = clock.GetTimestamp();
        var added = revoked.Where(one => Hold(new Held(one, now))).ToList();
        if (added.Count > 0)
            Feed.Append(added, knownUntil);
    }

    // A client or tenant can be disabled more than once.
    private bool Hold(Held one)
    {
        if (ended.TryAdd(one.Revoked.Id, one))
            return true;
        return one.Revoked.Kind is RevokedKind.Client or RevokedKind.Tenant
            && ended.TryGetValue(one.Revoked.Id, out var held)
            && held.Revoked.At < one.Revoked.At
            && ended.TryUpdate(one.Revoked.Id, one, held);
    }

    private void Sweep()
    {
        lastSweep = clock.GetTimestamp();
        foreach (var (session, held) in ended)
        {
            if (clock.GetElapsedTime(held.Since) > Kept)
                ended.TryRemove(session, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Revoked sessions could not be read ({Error}); without them access tokens are soon rejected")]
        public static partial void NotRead(ILogger logger, string error);
    }

    /// <param name="Since">A timestamp of this process.</param>
    private sealed record Held(Revoked Revoked, long Since);

    private sealed class Row
    {
        public Guid TenantId { get; init; }

        public Guid Id { get; init; }

        public DateTimeOffset EndedAt { get; init; }
    }
}
