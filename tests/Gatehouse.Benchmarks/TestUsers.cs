using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>People who register. Their codes are read from the development inbox's table, all new ones at once: reading them one by one
/// over HTTP would be load of its own.</summary>
internal sealed partial class TestUsers : IAsyncDisposable
{
    public const string Password = "a tall bridge over calm water";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly Uri server;
    private readonly NpgsqlDataSource database;
    private readonly Task reading;

    // Several measures may share a database.
    private readonly string lot = RandomNumberGenerator.GetHexString(6, lowercase: true);
    private int count;

    public TestUsers(Uri server, NpgsqlDataSource database)
    {
        (this.server, this.database) = (server, database);
        reading = ReadInboxAsync();
    }

    public string NewEmail() => string.Create(CultureInfo.InvariantCulture, $"person{Interlocked.Increment(ref count)}.{lot}@example.com");

    /// <summary>The code of the next message to the address; asked for before that message is.</summary>
    public Task<string> CodeAsync(string email) =>
        waiting.GetOrAdd(email, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Starts a registration and waits for its code; null when the server was too busy to hash.</summary>
    public async Task<Started?> StartAsync(HttpClient http, string email)
    {
        var arrival = waiting.GetOrAdd(email, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        using var answer = await http.PostAsJsonAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = Password,
            }
        );
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            return null;
        if (answer.StatusCode != HttpStatusCode.Accepted)
            throw new InvalidOperationException($"registration: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new Started(email, body.GetProperty("registrationId").GetGuid(), await arrival.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Proves the code; the tokens of the session that begins.</summary>
    public static async Task<Tokens> VerifyAsync(HttpClient http, Started started)
    {
        using var answer = await http.PostAsJsonAsync($"/v1/registrations/{started.Registration}/verify", new { code = started.Code });
        if (answer.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"verify: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return Tokens.Of(await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Signs in; null when the server was too busy to hash.</summary>
    public static async Task<Tokens?> SignInAsync(HttpClient http, string email) =>
        await BeginSignInAsync(http, email) is { ValueKind: JsonValueKind.Object } answer ? Tokens.Of(answer) : null;

    /// <summary>Sends the password: the session, or the challenge for a second factor; undefined when the server was too busy to
    /// hash.</summary>
    public static async Task<JsonElement> BeginSignInAsync(HttpClient http, string email)
    {
        using var answer = await http.PostAsJsonAsync("/v1/sessions", new { identifier = email, password = Password });
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            return default;
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"sign-in: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<Tokens> RefreshAsync(HttpClient http, Tokens tokens)
    {
        using var answer = await http.PostAsJsonAsync("/v1/tokens/refresh", new { refreshToken = tokens.Refresh });
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"refresh: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return Tokens.Of(await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Registers without waiting for the mail; how long the answer took.</summary>
    public static async Task<TimeSpan> TimeStartAsync(HttpClient http, string email)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var answer = await http.PostAsJsonAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = Password,
            }
        );
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? elapsed
            : throw new InvalidOperationException($"registration: {answer.StatusCode}");
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await reading;
        stopping.Dispose();
    }

    private async Task ReadInboxAsync()
    {
        var newest = DateTime.MinValue.ToUniversalTime();
        while (!stopping.IsCancellationRequested)
        {
            await using (
                var command = database.CreateCommand(
                    """
                    select recipient, text, sent_at from notifications.inbox_messages where sent_at > $1 - interval '1 second'
                     order by sent_at
                    """
                )
            )
            {
                command.Parameters.Add(new NpgsqlParameter { Value = newest.Year > 1 ? newest : DateTime.UnixEpoch });
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync())
                {
                    newest = reader.GetDateTime(2);
                    if (waiting.TryRemove(reader.GetString(0), out var arrival))
                        arrival.SetResult(Code().Match(reader.GetString(1)).Value);
                }
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    [GeneratedRegex(@"\b\d{6}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}

/// <summary>A registration whose code has arrived.</summary>
internal sealed record Started(string Email, Guid Registration, string Code);

/// <summary>What a signed-in client holds.</summary>
internal sealed record Tokens(string Access, string Refresh)
{
    public static Tokens Of(JsonElement answer)
    {
        var tokens = answer.GetProperty("tokens");
        return new Tokens(tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
    }
}
