using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Client;

/// <summary>Follows the stream of revocations, and takes it up again where it was cut.</summary>
internal sealed partial class RevocationFollower(
    GatehouseRpc rpc,
    Revocations revocations,
    TimeProvider clock,
    ILogger<RevocationFollower> logger
) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(3);

    private string cursor = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; )
        {
            var heard = false;
            try
            {
                await FollowAsync(() => heard = true, stoppingToken);
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                // A cursor that is not understood: everything that counts is asked for again.
                if (e is RpcException { StatusCode: StatusCode.InvalidArgument })
                    cursor = "";
                if (heard || failures == 0)
                    Log.Cut(logger, e);
            }

            failures = heard ? 1 : failures + 1;
            var pause = BackOff.After(failures, FirstPause, MaxPause);
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(Action heard, CancellationToken stoppingToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        // Disposed of first, and only once its callback has ended.
        await using var timer = clock.CreateTimer(
            _ => _ = silence.CancelAsync(),
            state: null,
            Revocations.MaxSilence,
            Timeout.InfiniteTimeSpan
        );
        var call = await rpc.OpenAsync(silence.Token);
        try
        {
            using var stream = rpc.Tokens.WatchRevocations(new V1.WatchRevocationsRequest { Cursor = cursor }, call);
            // What is sent first may come in several messages; a message without a revocation says that it was all.
            var isComplete = false;
            while (await stream.ResponseStream.MoveNext(silence.Token))
            {
                var message = stream.ResponseStream.Current;
                foreach (var revoked in message.Revocations)
                    revocations.Add(revoked);
                cursor = isComplete || message.Revocations.Count == 0 ? message.Cursor : cursor;
                isComplete |= message.Revocations.Count == 0;
                if (isComplete)
                    revocations.Heard();
                timer.Change(Revocations.MaxSilence, Timeout.InfiniteTimeSpan);
                heard();
            }
        }
        catch (RpcException e) when (GatehouseRpc.IsOwnToken(e))
        {
            rpc.Forget(call);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The stream of revocations was cut; it is taken up again")]
        public static partial void Cut(ILogger logger, Exception exception);
    }
}
