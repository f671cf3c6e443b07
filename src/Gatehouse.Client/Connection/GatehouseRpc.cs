using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Client;

/// <summary>Calls to Gatehouse, each with this service's token and a deadline.</summary>
internal sealed partial class GatehouseRpc : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    // While nobody answers, requests are told so at once instead of each waiting for its deadline; then one of them tries.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    private readonly ServiceToken token;
    private readonly TimeProvider clock;
    private readonly ILogger<GatehouseRpc> logger;
    private readonly GrpcChannel channel;
    private long failedAt;
    private int probing;

    public GatehouseRpc(ServiceToken token, IOptions<GatehouseClientOptions> options, TimeProvider clock, ILogger<GatehouseRpc> logger)
    {
        (this.token, this.clock, this.logger) = (token, clock, logger);
        channel = GrpcChannel.ForAddress(
            options.Value.Rpc,
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    EnableMultipleHttp2Connections = true,
                    ConnectTimeout = Deadline,
                    // A connection that a network dropped silently is noticed.
                    KeepAlivePingDelay = TimeSpan.FromSeconds(5),
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
                    UseProxy = false,
                },
                DisposeHttpClient = true,
                // The library goes on by itself after a failure; a channel that waits longer and longer would be slower than it.
                MaxReconnectBackoff = TimeSpan.FromSeconds(1),
                InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            }
        );
        Tokens = new(channel);
        Access = new(channel);
        Users = new(channel);
    }

    public V1.Tokens.TokensClient Tokens { get; }

    public V1.Access.AccessClient Access { get; }

    public V1.Users.UsersClient Users { get; }

    /// <summary>What a call carries that goes on without a deadline.</summary>
    public async Task<CallOptions> OpenAsync(CancellationToken cancellationToken) =>
        new(Bearer(await token.GetAsync(cancellationToken)), cancellationToken: cancellationToken);

    /// <exception cref="GatehouseUnavailableException">Nobody could be asked.</exception>
    /// <exception cref="RpcException">Gatehouse rejects the question.</exception>
    public async Task<T> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call)
    {
        var isProbe = Begin();
        var isSilent = false;
        try
        {
            return await AskInTimeAsync(call);
        }
        catch (RpcException e) when (IsOwnToken(e))
        {
            throw new GatehouseUnavailableException("Gatehouse does not accept this service's token.", e);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.PermissionDenied)
        {
            Log.NotPermitted(logger, e);
            throw new GatehouseUnavailableException("This service's account lacks a permission.", e);
        }
        catch (RpcException e) when (e.StatusCode is not (StatusCode.Unauthenticated or StatusCode.InvalidArgument or StatusCode.NotFound))
        {
            // Any other status says that this one question went wrong, and nothing about the next.
            isSilent = e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded;
            Log.NotAnswered(logger, e);
            throw new GatehouseUnavailableException("Gatehouse could not be asked.", e);
        }
        catch (TimeoutException e)
        {
            isSilent = true;
            throw new GatehouseUnavailableException("Gatehouse gave no token to this service in time.", e);
        }
        catch (GatehouseUnavailableException)
        {
            isSilent = true;
            throw;
        }
        finally
        {
            Interlocked.Exchange(ref failedAt, isSilent ? Math.Max(1, clock.GetTimestamp()) : 0);
            if (isProbe)
                Interlocked.Exchange(ref probing, 0);
        }
    }

    /// <summary>The error code of a rejection.</summary>
    public static string? Reason(RpcException rejection) => rejection.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    /// <summary>The stream's token, which it was opened with, is not good any more.</summary>
    public void Forget(CallOptions options)
    {
        if (options.Headers?.GetValue("authorization") is { } header)
            token.Forget(header["Bearer ".Length..]);
    }

    public static bool IsOwnToken(RpcException e) =>
        e.StatusCode == StatusCode.Unauthenticated && Reason(e) is (null or "request.unauthenticated");

    public void Dispose() => channel.Dispose();

    /// <returns>Whether the call finds out, for all others, if Gatehouse is there again.</returns>
    private bool Begin()
    {
        if (Interlocked.Read(ref failedAt) is not (not 0 and var failed))
            return false;
        if (clock.GetElapsedTime(failed) < AfterFailure || Interlocked.CompareExchange(ref probing, 1, 0) != 0)
            throw new GatehouseUnavailableException("Gatehouse did not answer just now.");
        return true;
    }

    private async Task<T> AskInTimeAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call)
    {
        var until = clock.GetUtcNow() + Deadline;
        for (var attempt = 1; ; attempt++)
        {
            var left = until - clock.GetUtcNow();
            var mine = await token
                .GetAsync(CancellationToken.None)
                .AsTask()
                .WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, CancellationToken.None);
            try
            {
                return await call(new CallOptions(Bearer(mine), until.UtcDateTime));
            }
            catch (RpcException e) when (IsOwnToken(e))
            {
                token.Forget(mine);
                if (attempt > 1)
                    throw;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && attempt == 1)
            {
                // One more attempt: a node that is stopping has told so.
            }
        }
    }

    private static Metadata Bearer(string text) => new() { { "authorization", "Bearer " + text } };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Gatehouse does not let this service ask: its account lacks a permission")]
        public static partial void NotPermitted(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Gatehouse could not be asked")]
        public static partial void NotAnswered(ILogger logger, Exception exception);
    }
}
