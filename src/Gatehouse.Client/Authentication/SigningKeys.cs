using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Client;

/// <summary>
/// The public keys of Gatehouse. They are read again every minute, which is long before a new one signs, and at once for an unknown one:
/// a token waits for its key rather than being rejected. Keys that are not published any more are forgotten.
/// </summary>
internal sealed partial class SigningKeys(IHttpClientFactory http, TimeProvider clock, ILogger<SigningKeys> logger) : BackgroundService
{
    private const string Path = ".well-known/jwks.json";
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    // Whoever makes up key ids makes us ask no more often than this.
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private FrozenDictionary<string, JsonWebKey> keys = FrozenDictionary<string, JsonWebKey>.Empty;
    private Task running = Task.CompletedTask;
    private Task? next;
    private long? startedAt;

    public bool Contains(string keyId) => Volatile.Read(ref keys).ContainsKey(keyId);

    /// <exception cref="GatehouseUnavailableException">The key is unknown, and the keys cannot be read.</exception>
    public async ValueTask<SecurityKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref keys).TryGetValue(keyId, out var known))
            return known;
        Task current;
        lock (gate)
            current = running;
        if (!current.IsCompleted)
            await current.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Volatile.Read(ref keys).TryGetValue(keyId, out known))
            return known;

        // One that begins from now on: the key may have been published while the last one was under way.
        await ReadAgain().WaitAsync(cancellationToken);
        return Volatile.Read(ref keys).GetValueOrDefault(keyId);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; )
        {
            try
            {
                await ReadAgain().WaitAsync(stoppingToken);
                failures = 0;
            }
            catch (GatehouseUnavailableException e)
            {
                failures++;
                Log.NotRead(logger, e.InnerException);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var pause = failures == 0 ? Period : BackOff.After(failures, FirstPause, MaxPause);
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task ReadAgain()
    {
        lock (gate)
            return next ??= Task.Run(() => ReadAfterAsync(running));
    }

    private async Task ReadAfterAsync(Task previous)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (startedAt is { } started && MinInterval - clock.GetElapsedTime(started) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, CancellationToken.None);
        lock (gate)
        {
            (running, next) = (next!, null);
            startedAt = clock.GetTimestamp();
        }

        try
        {
            var text = await http.CreateClient(GatehouseHttp.Name).GetStringAsync(new Uri(Path, UriKind.Relative), CancellationToken.None);
            Take(new JsonWebKeySet(text));
        }
        catch (Exception e)
        {
            throw new GatehouseUnavailableException("The signing keys of Gatehouse cannot be read.", e);
        }
    }

    private void Take(JsonWebKeySet published)
    {
        var usable = published.Keys.Where(key =>
            key is { Kty: "EC", Crv: "P-256", Kid.Length: > 0, Alg: "ES256" or null, Use: "sig" or null }
        );
        // A key that stays is the same object: what verifies with it is kept by the library for good.
        var taken = usable.ToFrozenDictionary(
            key => key.Kid,
            key => keys.TryGetValue(key.Kid, out var same) && same.X == key.X && same.Y == key.Y ? same : key,
            StringComparer.Ordinal
        );
        if (taken.Count == 0)
            throw new FormatException("No key of them is one for ES256.");
        Volatile.Write(ref keys, taken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The signing keys of Gatehouse could not be read; those known stay in use")]
        public static partial void NotRead(ILogger logger, Exception? exception);
    }
}
