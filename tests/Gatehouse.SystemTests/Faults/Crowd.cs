using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Faults;

/// <summary>
/// People who register, side by side and one after the other, while the server dies under them and comes back. They do what people do: who
/// gets no answer to the first form fills it in anew with another address, who gets none to the code sends it again. What they were told is
/// kept.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BetweenRegistrations = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };
    private readonly NpgsqlDataSource database;
    private readonly CancellationTokenSource closing = new();
    private readonly CancellationTokenSource closed = new();
    private readonly bool verify;
    private readonly Task people;
    private int count;

    /// <param name="verify">Whether they enter the codes that come.</param>
    public Crowd(string mainDatabase, int size, bool verify = true)
    {
        this.verify = verify;
        database = NpgsqlDataSource.Create(mainDatabase + ";Application Name=crowd;Maximum Pool Size=5");
        people = Task.WhenAll(Enumerable.Range(0, size).Select(_ => ComeOneByOneAsync()));
    }

    /// <summary>Where the server serves now; null while there is none.</summary>
    public Uri? Address { get; set; }

    /// <summary>Registration → address of everybody who was told 202.</summary>
    public ConcurrentDictionary<Guid, string> Registered { get; } = new();

    /// <summary>Address → user id of everybody who was told 201.</summary>
    public ConcurrentDictionary<string, Guid> Welcomed { get; } = new(StringComparer.Ordinal);

    /// <summary>Who lost the 201 and was told, on asking again, that the registration had been completed.</summary>
    public ConcurrentBag<string> ToldLater { get; } = [];

    /// <summary>Lets those who have begun finish.</summary>
    public async Task CloseAsync()
    {
        await closing.CancelAsync();
        await people;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await closed.CancelAsync();
        http.Dispose();
        await people.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
        closed.Dispose();
        await database.DisposeAsync();
    }

    private async Task ComeOneByOneAsync()
    {
        while (!closing.IsCancellationRequested)
            await ComeAsync(Interlocked.Increment(ref count));
    }

    private async Task ComeAsync(int number)
    {
        Guid registration;
        var email = "";
        for (var attempt = 1; ; attempt++)
        {
            email = string.Create(CultureInfo.InvariantCulture, $"person{number}.{attempt}@example.com");
            var started = await PostAsync(
                "/v1/registrations",
                new
                {
                    email,
                    name = "Ada",
                    password = TestUsers.Password,
                }
            );
            if (started is null)
                continue;
            Assert.Equal(HttpStatusCode.Accepted, started.Value.Status);
            registration = started.Value.Body.GetProperty("registrationId").GetGuid();
            Registered[registration] = email;
            break;
        }

        if (number % 3 == 0)
            await AskAgainAsync(registration);
        if (verify)
            await ProveAsync(email, registration);
        else
            await Task.Delay(BetweenRegistrations, TimeProvider.System, closed.Token);
    }

    /// <summary>Asks for a second code. That its time has come is arranged in the database: another process's clock cannot be
    /// moved.</summary>
    private async Task AskAgainAsync(Guid registration)
    {
        while (true)
        {
            await using (var command = database.CreateCommand("update identity.verifications set resend_at = created_at where id = $1"))
            {
                command.Parameters.Add(new NpgsqlParameter { Value = registration });
                await command.ExecuteNonQueryAsync();
            }

            var sent = await PostAsync($"/v1/registrations/{registration}/resend", body: null);
            if (sent is null)
                continue;
            // After lost answers the five messages may be used up; the codes of those are on their way.
            Assert.True(sent.Value.Status is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"resend: {sent.Value.Status}");
            return;
        }
    }

    /// <summary>Tries each code that arrives, once.</summary>
    private async Task ProveAsync(string email, Guid registration)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience; )
        {
            foreach (var letter in (await LettersAsync(email)).Where(l => tried.Add(l.Code)))
            {
                if (await SubmitAsync(email, registration, letter.Code))
                    return;
            }

            await Task.Delay(Pause, TimeProvider.System, closed.Token);
        }

        Assert.Fail($"No good code came for registration {registration} within {Patience}.");
    }

    private async Task<bool> SubmitAsync(string email, Guid registration, string code)
    {
        for (var lost = false; ; lost = true)
        {
            var verified = await PostAsync($"/v1/registrations/{registration}/verify", new { code });
            if (verified is not { } answer)
                continue;
            if (answer.Status == HttpStatusCode.Created)
            {
                Welcomed[email] = answer.Body.GetProperty("user").GetProperty("id").GetGuid();
                return true;
            }

            var problem = answer.Body.GetProperty("code").GetString();
            if (problem == "identity.code-wrong")
                return false;
            Assert.True(lost, $"{problem} although no answer was lost");
            Assert.Equal("identity.registration-completed", problem);
            ToldLater.Add(email);
            return true;
        }
    }

    private async Task<IReadOnlyList<Letter>> LettersAsync(string email)
    {
        try
        {
            return Address is null ? [] : (await http.GetFromJsonAsync<List<Letter>>(new Uri(Address, $"/inbox/messages?to={email}")))!;
        }
        catch (Exception e) when (IsLost(e))
        {
            return [];
        }
    }

    /// <summary>Null when no answer came, or the server was not ready to give one.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Body)?> PostAsync(string path, object? body)
    {
        try
        {
            if (Address is not null)
            {
                using var content = body is null ? null : JsonContent.Create(body);
                using var response = await http.PostAsync(new Uri(Address, path), content);
                if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
            }
        }
        catch (Exception e) when (IsLost(e))
        {
            // The server died with the request.
        }

        await Task.Delay(Pause, TimeProvider.System, closed.Token);
        return null;
    }

    private static bool IsLost(Exception e) => e is HttpRequestException or IOException or JsonException or TaskCanceledException;
}
