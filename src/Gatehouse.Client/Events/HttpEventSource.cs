using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Client;

/// <summary>
/// Reads events from <c>/v1/events</c>, from where the last page ended. The cursor is saved behind a page; what was handled of one that was
/// broken off is known by its id.
/// </summary>
internal sealed partial class HttpEventSource(
    EventConsumer consumer,
    ServiceToken token,
    IHttpClientFactory http,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<HttpEventSource> logger
) : BackgroundService
{
    private const string Newest = "newest";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRecovery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileExpired = TimeSpan.FromMinutes(1);

    // A cursor says when it was read: without events, too, it must not grow old.
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(30);

    private string? cursor;
    private int recoveries;
    private long? savedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await consumer.PrepareAsync(stoppingToken);
            await consumer.PersistAsync(async () => cursor = await consumer.Store.FindCursorAsync(stoppingToken), stoppingToken);
            if (cursor is null && consumer.Options.StartAtNewest)
                cursor = Newest;
            for (var failures = 0; ; )
            {
                var pause = TimeSpan.Zero;
                try
                {
                    pause = await TakePageAsync(stoppingToken);
                    failures = 0;
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    if (++failures == 1)
                        Log.NotRead(logger, e);
                    pause = BackOff.After(failures, FirstPause, MaxPause);
                }

                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program is stopping.
        }
    }

    /// <returns>How long to wait before the next page.</returns>
    private async Task<TimeSpan> TakePageAsync(CancellationToken stoppingToken)
    {
        if (await ReadAsync(cursor, stoppingToken) is not { } page)
            return await RecoverAsync(stoppingToken);
        recoveries = 0;
        foreach (var item in page.Items)
            if (consumer.Options.Handlers.TryGetValue(item.Type, out var handlers))
                await consumer.ReceiveAsync(item.ToEnvelope(handlers.Topic), stoppingToken);
        cursor = page.Next;
        if (page.Items.Count > 0 || page.More || savedAt is not { } saved || clock.GetElapsedTime(saved) > SaveEvery)
            await SaveAsync(page.Next, stoppingToken);

        return page.More ? TimeSpan.Zero : consumer.Options.PollInterval;
    }

    private async Task SaveAsync(string reached, CancellationToken stoppingToken)
    {
        await consumer.PersistAsync(() => consumer.Store.SaveCursorAsync(reached, stoppingToken), stoppingToken);
        savedAt = clock.GetTimestamp();
    }

    /// <summary>Null when the cursor is older than what is kept.</summary>
    private async Task<Page?> ReadAsync(string? from, CancellationToken stoppingToken)
    {
        var types = string.Join(',', consumer.Options.Handlers.Keys.Select(Uri.EscapeDataString));
        var after = from is null ? "" : $"&after={Uri.EscapeDataString(from)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/events?limit=100&types={types}{after}", UriKind.Relative));
        var mine = await token.GetAsync(stoppingToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", mine);
        using var response = await http.CreateClient(GatehouseHttp.Name).SendAsync(request, stoppingToken);
        if (response.StatusCode == HttpStatusCode.Gone)
            return null;
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            token.Forget(mine);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(EventSourceJson.Default.Page, stoppingToken)
            ?? throw new HttpRequestException("The answer is empty.");
    }

    private async Task<TimeSpan> RecoverAsync(CancellationToken stoppingToken)
    {
        if (consumer.Options.CursorExpired is not { } recover)
        {
            Log.Expired(logger);
            return WhileExpired;
        }

        Log.Recovering(logger);
        // Taken before the service reads the present state: what changes while it does comes as an event.
        if (await ReadAsync(Newest, stoppingToken) is not { } newest)
            throw new HttpRequestException("Gatehouse does not say where its newest event is.");
        await using (var scope = scopes.CreateAsyncScope())
            await recover(scope.ServiceProvider, stoppingToken);
        cursor = newest.Next;
        await SaveAsync(newest.Next, stoppingToken);
        // One that takes longer than events are kept comes here again, and must not do so without end and without a pause.
        return recoveries++ == 0 ? consumer.Options.PollInterval : BackOff.After(recoveries, FirstRecovery, WhileExpired);
    }

    internal sealed record Page
    {
        public required IReadOnlyList<Item> Items { get; init; }

        public required string Next { get; init; }

        public required bool More { get; init; }
    }

    internal sealed record Item
    {
        public required Guid Id { get; init; }

        public required string Type { get; init; }

        public required Guid Subject { get; init; }

        public required DateTimeOffset Time { get; init; }

        [JsonPropertyName("tenantid")]
        public required Guid TenantId { get; init; }

        [JsonPropertyName("subjectversion")]
        public long? SubjectVersion { get; init; }

        [JsonPropertyName("traceparent")]
        public string? TraceParent { get; init; }

        public required JsonElement Data { get; init; }

        public EventEnvelope ToEnvelope(string topic) =>
            new()
            {
                Id = Id,
                Type = Type,
                Topic = topic,
                TenantId = TenantId,
                Key = Subject,
                SubjectVersion = SubjectVersion,
                Time = Time,
                TraceParent = TraceParent,
                Data = Data.GetRawText(),
            };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Events of Gatehouse could not be read; they are asked for again")]
        public static partial void NotRead(ILogger logger, Exception exception);

        [LoggerMessage(
            2,
            LogLevel.Critical,
            "events.cursor-expired: Gatehouse does not keep the events that follow the saved cursor any more. No event is handled until "
                + "OnCursorExpired says how to go on"
        )]
        public static partial void Expired(ILogger logger);

        [LoggerMessage(3, LogLevel.Error, "events.cursor-expired: events may be missing; the service brings itself up to date")]
        public static partial void Recovering(ILogger logger);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HttpEventSource.Page))]
internal sealed partial class EventSourceJson : JsonSerializerContext;
