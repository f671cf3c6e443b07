using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web.Operations;

/// <summary>
/// The open streams of this node. One reader serves all of them: it reads what changed when a node says that something did, and looks
/// several times a second whether the tokens that opened the streams are still good. Streams have neither timers nor queries of their own.
/// </summary>
internal sealed partial class LiveStreams(
    OperationList operations,
    WorkSignal wake,
    Draining draining,
    LiveOptions options,
    DatabaseOutage outage,
    TimeProvider clock,
    ILogger<LiveStreams> logger,
    IAccessTokenCheck? tokens = null
) : BackgroundService
{
    // A sign-out is known on every node within half a second.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Finds what was signalled by a node that could not.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    // Many changes at once are one query.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    // A client that takes nothing for so long is gone, or broken.
    private static readonly TimeSpan MaxWrite = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<OperationOwner, List<LiveStream>> byOwner = [];
    private int count;

    // From where on changes are still to be read; null while nobody is told any.
    private long? from;
    private long? again;
    private Dictionary<Guid, long> seen = [];

    /// <summary>For tests and metrics.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Opens a stream, or says why not.</summary>
    /// <param name="answer">Reads the present state when the stream hears of changes already, and answers. If the answer is another one
    /// than the stream, the stream is closed.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "It lives as long as its request.")]
    public async Task<IResult> OpenAsync(HttpContext http, OperationOwner owner, Guid? operation, Func<LiveStream, Task<IResult>> answer)
    {
        if (draining.HasBegun || TokenOf(http) is not { } token)
            return RequestErrors.DependencyUnavailable.ToProblem();
        var stream = new LiveStream(this, http, owner, operation, clock) { Token = token };
        lock (gate)
        {
            if (count >= options.Streams)
                return RequestErrors.DependencyUnavailable.ToProblem();
            var others = byOwner.GetValueOrDefault(owner) ?? [];
            if (others.Count >= options.StreamsPerActor)
                return OperationsErrors.TooManyStreams.ToProblem();
            others.Add(stream);
            byOwner[owner] = others;
            count++;
        }

        // The connection may end before anything is written.
        http.Response.RegisterForDispose(stream);
        try
        {
            var result = await answer(stream);
            if (result is IStatusCodeHttpResult { StatusCode: not null and not StatusCodes.Status200OK })
                stream.Dispose();
            return result;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Lets changes be read from the mark on.</summary>
    public void Start(long mark)
    {
        lock (gate)
            again = Math.Min(again ?? long.MaxValue, mark);
        wake.LookAtOperations();
    }

    public void Close(LiveStream stream)
    {
        lock (gate)
        {
            if (!byOwner.TryGetValue(stream.Owner, out var own) || !own.Remove(stream))
                return;
            count--;
            if (own.Count == 0)
                byOwner.Remove(stream.Owner);
            if (count == 0)
                (from, again, seen) = (null, null, []);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (lastRead, lastLook) = (0L, 0L);
        try
        {
            while (true)
            {
                var isSet = await wake.OperationsAsync(Count == 0 ? Timeout.InfiniteTimeSpan : Interval, stoppingToken);
                if (isSet || clock.GetElapsedTime(lastRead) > Poll)
                {
                    lastRead = clock.GetTimestamp();
                    await GuardAsync(ReadAsync, stoppingToken);
                }

                if (clock.GetElapsedTime(lastLook) >= Interval)
                {
                    lastLook = clock.GetTimestamp();
                    await GuardAsync(LookAsync, stoppingToken);
                }

                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            foreach (var stream in All())
                stream.End();
        }
    }

    private async Task GuardAsync(Func<CancellationToken, Task> act, CancellationToken stoppingToken)
    {
        try
        {
            await act(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (!outage.Note(e))
                Log.RoundFailed(logger, e);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        long since;
        Guid[] actors;
        lock (gate)
        {
            if ((from ?? again) is null)
                return;
            since = Math.Min(from ?? long.MaxValue, again ?? long.MaxValue);
            (from, again) = (since, null);
            actors = [.. byOwner.Keys.Select(owner => owner.Actor)];
        }

        var read = await operations.ChangedAsync(since, actors, cancellationToken);
        lock (gate)
        {
            foreach (var changed in read.Operations)
            {
                if (seen.GetValueOrDefault(changed.Id) == changed.Version)
                    continue;
                foreach (var stream in byOwner.GetValueOrDefault(new OperationOwner(changed.TenantId, changed.Actor)) ?? [])
                    stream.Add(changed, read.Mark);
            }

            seen = read.Operations.ToDictionary(o => o.Id, o => o.Version);
            if (count > 0)
                from = read.Mark;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var beat = TimeSpan.FromSeconds(options.HeartbeatSeconds);
        foreach (var stream in All())
        {
            if (draining.HasBegun || tokens is null || (await tokens.CheckAsync(stream.Token, cancellationToken)).Error is not null)
                stream.End();
            stream.Look(beat, MaxWrite);
        }
    }

    private List<LiveStream> All()
    {
        lock (gate)
            return [.. byOwner.Values.SelectMany(own => own)];
    }

    private static string? TokenOf(HttpContext http) =>
        http.Features.Get<RenewedTicket>()?.AccessToken
        ?? BearerToken.Of(http.Request)
        ?? (http.MayUseCookies() ? http.AccessCookie() : null);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Changes of operations could not be told to live streams; they are when this works again")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
