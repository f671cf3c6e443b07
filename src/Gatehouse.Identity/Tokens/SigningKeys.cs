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
    private FrozenDictionary<string, SigningKey> known = FrozenDictionary<string, SigningKey>.Empty;
    private SigningKey[] ordered = [];
    private long lastRead;

    private TimeSpan Rotation => TimeSpan.FromDays(options.KeyDays);

    /// <summary>The key that signs now.</summary>
    public SigningKey Current =>
        SigningKeyRules.Signing(ordered, k => k.ActivatesAt, clock.GetUtcNow())
        ?? throw new InvalidOperationException("Signing keys are read before the node is ready.");

    /// <summary>All that are published, in the order in which they sign.</summary>
    public IReadOnlyList<SigningKey> All => ordered;

    /// <summary>The key of that id, looked for in the key store when it is new; null when there is none, or nobody can tell now.</summary>
    public async ValueTask<SigningKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (known.GetValueOrDefault(id) is { } key)
            return key;
        // All who meet a new key wait for the one who looks.
        await looking.WaitAsync(cancellationToken);
        try
        {
            if (!known.ContainsKey(id) && clock.GetElapsedTime(Interlocked.Read(ref lastRead)) >= LookAgainAfter)
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

        return known.GetValueOrDefault(id);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await KeepAsync(cancellationToken);
        Use(await store.ListAsync(cancellationToken));
    }

    /// <summary>Makes the keys that are missing and removes those past their time.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        var changed = false;
        await store.ChangeAsync(
            keys =>
            {
                var kept = SigningKeyRules.Keep(keys, Rotation, clock.GetUtcNow());
                changed = !kept.Select(k => k.Id).SequenceEqual(keys.Select(k => k.Id), StringComparer.Ordinal);
                return kept;
            },
            cancellationToken
        );
        return changed;
    }

    /// <summary>Lets the next key sign as soon as every service can know it.</summary>
    /// <returns>From when on it signs.</returns>
    public async Task<DateTimeOffset> BringForwardAsync(CancellationToken cancellationToken)
    {
        var keys = await store.ChangeAsync(keys => SigningKeyRules.BringForward(keys, Rotation, clock.GetUtcNow()), cancellationToken);
        return keys[^2].ActivatesAt;
    }

    /// <summary>Replaces all keys now: every access token there is ends, sessions and refresh tokens stay.</summary>
    public Task ReplaceAsync(CancellationToken cancellationToken) =>
        store.ChangeAsync(_ => SigningKeyRules.Replace(Rotation, clock.GetUtcNow()), cancellationToken);

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
        var keys = await store.ListAsync(cancellationToken);
        if (!keys.Select(k => (k.Id, k.ActivatesAt)).SequenceEqual(ordered.Select(k => (k.Id, k.ActivatesAt))))
            Use(keys);
    }

    private void Use(IReadOnlyList<StoredSigningKey> keys)
    {
        ordered = [.. keys.Select(k => new SigningKey(k))];
        known = ordered.ToFrozenDictionary(k => k.Id, StringComparer.Ordinal);
        Log.Read(logger, keys.Count, Current.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} signing keys are known; {KeyId} signs")]
        public static partial void Read(ILogger logger, int count, string keyId);

        [LoggerMessage(2, LogLevel.Warning, "The signing keys could not be read; those known stay in use")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
