using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Startup;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web.DataProtection;

/// <summary>
/// Loads the data protection keys before the node is ready, makes the first one and each next one while no other node can, and reads again
/// every hour what other nodes have made. Keys are made a week ahead of their use, so every node has read a key long before anything is
/// protected with it.
/// </summary>
internal sealed partial class DataProtectionInitializer(
    DataProtectionKeys keys,
    IKeyManager manager,
    IDataProtectionProvider provider,
    ReadinessGate ready,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<DataProtectionInitializer> logger
) : BackgroundService, IStartupTask
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan MadeAhead = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    // The framework evaluates the dates of its keys by the system's clock.
    private readonly TimeProvider systemClock = TimeProvider.System;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        // The framework opens the keys at their first use, which must not be a request.
        provider.CreateProtector("gatehouse.begin").Protect([]);
    }

    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        if (keys.HasUnsaved || NeedsKey())
            await keys.ChangeAsync(MakeKey, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && outage.Note(e))
            {
                // The keys in memory go on.
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotRefreshed(logger, e.GetType().Name);
            }
        }
    }

    private bool NeedsKey() => LastExpiry() is not { } expiry || expiry < systemClock.GetUtcNow() + MadeAhead;

    private void MakeKey()
    {
        if (!NeedsKey())
            return;
        var now = systemClock.GetUtcNow();
        var begins = LastExpiry() is { } expiry && expiry > now ? expiry : now;
        manager.CreateNewKey(begins, begins + Lifetime);
    }

    private DateTimeOffset? LastExpiry() =>
        manager.GetAllKeys().Where(key => !key.IsRevoked).Max(key => (DateTimeOffset?)key.ExpirationDate);

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "The keys that protect forms could not be read again: {Reason}. The ones in memory stay in use; the next attempt is in an hour"
        )]
        public static partial void NotRefreshed(ILogger logger, string reason);
    }
}
