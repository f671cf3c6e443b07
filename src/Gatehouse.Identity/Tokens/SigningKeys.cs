using System.Collections.Frozen;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Gatehouse.Encryption;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// The signing keys as this node knows them. It reads them every second, so that a change by another node or a command holds everywhere
/// within that time; a token under a key it has not seen yet makes it look at once.
/// </summary>
internal sealed partial class SigningKeys(
    SigningKeyStore store,
    TokenOptions options,
    ReadinessGate ready,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<SigningKeys> logger
) : BackgroundService, IStartupTask
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    // Made-up key ids must not turn into a load on the key store.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim looking = new(1);
    private readonly Ring access = new(SigningAlgorithm.Es256, options);
    private readonly Ring identity = new(SigningAlgorithm.Rs256, options);
    private long lastRead;

    private IReadOnlyList<Ring> Rings => [access, identity];

    /// <summary>The key that signs access tokens now.</summary>
    public SigningKey Current => access.Current(clock.GetUtcNow());

    /// <summary>All that are published: those of each algorithm in the order in which they sign.</summary>
    public IReadOnlyList<SigningKey> All => [.. access.Ordered, .. identity.Ordered];

    /// <summary>The key that signs by that algorithm now.</summary>
    public SigningKey CurrentOf(SigningAlgorithm algorithm) => RingOf(algorithm).Current(clock.GetUtcNow());

    /// <summary>The key of that id for access tokens, looked for in the key store when it is new; null when there is none, or nobody can
    /// tell now.</summary>
    public ValueTask<SigningKey?> FindAsync(string id, CancellationToken cancellationToken) =>
        FindAsync(SigningAlgorithm.Es256, id, cancellationToken);

    /// <summary>The same for an algorithm: a key is good for nothing but its own.</summary>
    public async ValueTask<SigningKey?> FindAsync(SigningAlgorithm algorithm, string id, CancellationToken cancellationToken)
    {
        var ring = RingOf(algorithm);
        if (ring.Known.GetValueOrDefault(id) is { } key)
            return key;
        // All who meet a new key wait for the one who looks.
        await looking.WaitAsync(cancellationToken);
        try
        {
            if (!ring.Known.ContainsKey(id) && clock.GetElapsedTime(Interlocked.Read(ref lastRead)) >= LookAgainAfter)
                await ReadAsync(cancellationToken);
        }
        catch (Exception e) when (outage.Note(e))
        {
            // A made-up key must not keep anybody from what is public while the key store is away.
        }
        finally
        {
            looking.Release();
        }

        return ring.Known.GetValueOrDefault(id);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(cancellationToken);
        await ReadAsync(cancellationToken);
    }

    /// <summary>Makes the keys that are missing and removes those past their time.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var ring in Rings)
        {
            await store.ChangeAsync(
                ring.Algorithm,
                keys =>
                {
                    var kept = ring.Rules.Keep(keys, clock.GetUtcNow());
                    changed |= !kept.Select(k => k.Id).SequenceEqual(keys.Select(k => k.Id), StringComparer.Ordinal);
                    return kept;
                },
                cancellationToken
            );
        }

        return changed;
    }

    /// <summary>Lets the next keys sign as soon as every service can know them.</summary>
    /// <returns>From when on all of them do.</returns>
    public async Task<DateTimeOffset> BringForwardAsync(CancellationToken cancellationToken)
    {
        var last = DateTimeOffset.MinValue;
        foreach (var ring in Rings)
        {
            var keys = await store.ChangeAsync(ring.Algorithm, keys => ring.Rules.BringForward(keys, clock.GetUtcNow()), cancellationToken);
            last = keys[^2].ActivatesAt > last ? keys[^2].ActivatesAt : last;
        }

        return last;
    }

    /// <summary>Replaces all keys now: every access token there is ends, sessions and refresh tokens stay.</summary>
    public async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        foreach (var ring in Rings)
            await store.ChangeAsync(ring.Algorithm, _ => ring.Rules.Replace(clock.GetUtcNow()), cancellationToken);
    }

    public override void Dispose()
    {
        looking.Dispose();
        base.Dispose();
    }

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
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The keys known so far go on to be used.
                if (!outage.Note(e))
                    Log.NotRead(logger, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref lastRead, clock.GetTimestamp());
        foreach (var ring in Rings)
        {
            var keys = await store.ListAsync(ring.Algorithm, cancellationToken);
            if (ring.Use(keys))
                Log.Read(logger, keys.Count, ring.Algorithm, ring.Current(clock.GetUtcNow()).Id);
        }
    }

    private Ring RingOf(SigningAlgorithm algorithm) => algorithm == SigningAlgorithm.Rs256 ? identity : access;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} signing keys of {Algorithm} are known; {KeyId} signs")]
        public static partial void Read(ILogger logger, int count, SigningAlgorithm algorithm, string keyId);

        [LoggerMessage(2, LogLevel.Warning, "The signing keys could not be read; those known stay in use")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }

    /// <summary>The keys of one algorithm.</summary>
    private sealed class Ring(SigningAlgorithm algorithm, TokenOptions options)
    {
        public SigningAlgorithm Algorithm => algorithm;

        public SigningKeyRules Rules { get; } = new(algorithm, TimeSpan.FromDays(options.KeyDays));

        public FrozenDictionary<string, SigningKey> Known { get; private set; } = FrozenDictionary<string, SigningKey>.Empty;

        public IReadOnlyList<SigningKey> Ordered { get; private set; } = [];

        public SigningKey Current(DateTimeOffset now) =>
            SigningKeyRules.Signing(Ordered, k => k.ActivatesAt, now)
            ?? throw new InvalidOperationException("Signing keys are read before the node is ready.");

        /// <returns>Whether they are others than before.</returns>
        public bool Use(IReadOnlyList<StoredSigningKey> keys)
        {
            if (keys.Select(k => (k.Id, k.ActivatesAt)).SequenceEqual(Ordered.Select(k => (k.Id, k.ActivatesAt))))
                return false;
            Ordered = [.. keys.Select(k => SigningKey.Open(algorithm, k))];
            Known = Ordered.ToFrozenDictionary(k => k.Id, StringComparer.Ordinal);
            return true;
        }
    }
}
