using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Client;

/// <summary>
/// The token that this service calls Gatehouse with (RFC 6749, 4.4). One request at a time gets it, ahead of its end, so that nobody waits
/// for it but the first.
/// </summary>
internal sealed partial class ServiceToken(
    IHttpClientFactory http,
    IOptions<GatehouseClientOptions> options,
    TimeProvider clock,
    ILogger<ServiceToken> logger
)
{
    private const int Attempts = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(15);

    // A wrong secret is not tried again by every request.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Token? current;
    private Task<Token>? renewal;
    private long? failedAt;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref current);
        var now = clock.GetUtcNow();
        if (known is not null && now < known.RenewAt)
            return known.Text;
        var renewed = Renew();
        if (known is not null && now < known.EndsAt)
            return known.Text;
        return (await renewed.WaitAsync(cancellationToken)).Text;
    }

    /// <summary>Gatehouse does not accept it: the next call gets another one.</summary>
    public void Forget(string token)
    {
        if (Volatile.Read(ref current) is { } known && known.Text == token)
            Interlocked.CompareExchange(ref current, null, known);
    }

    private Task<Token> Renew()
    {
        lock (gate)
        {
            if (renewal is { IsCompleted: false })
                return renewal;
            if (renewal is { IsFaulted: true } && failedAt is { } failed && clock.GetElapsedTime(failed) < AfterFailure)
                return renewal;
            renewal = Task.Run(RequestAsync);
            return renewal;
        }
    }

    private async Task<Token> RequestAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var token = await RequestOnceAsync();
                Volatile.Write(ref current, token);
                return token;
            }
            catch (Exception e)
            {
                var isFinal = e is GatehouseUnavailableException;
                if (!isFinal && attempt < Attempts)
                {
                    await Task.Delay(BackOff.After(attempt, FirstPause, MaxPause), clock, CancellationToken.None);
                    continue;
                }

                lock (gate)
                    failedAt = clock.GetTimestamp();
                Log.NoToken(logger, e);
                if (isFinal)
                    throw;
                throw new GatehouseUnavailableException("Gatehouse gave no token to this service.", e);
            }
        }
    }

    private async Task<Token> RequestOnceAsync()
    {
        var client = http.CreateClient(GatehouseHttp.Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth2/token");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);
        var credentials = $"{Uri.EscapeDataString(options.Value.ClientId)}:{Uri.EscapeDataString(options.Value.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        var askedAt = clock.GetUtcNow();
        using var response = await client.SendAsync(request, CancellationToken.None);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new GatehouseUnavailableException(
                $"Gatehouse rejects this service's client id or secret ({(int)response.StatusCode}): look at ClientId and ClientSecret."
            );
        response.EnsureSuccessStatusCode();
        var answer =
            await response.Content.ReadFromJsonAsync(ConnectionJson.Default.TokenAnswer, CancellationToken.None)
            ?? throw new HttpRequestException("The answer is empty.");
        var life = TimeSpan.FromSeconds(answer.ExpiresIn);
        return new Token(answer.AccessToken, askedAt + (life * 2 / 3), askedAt + (life > Reserve * 2 ? life - Reserve : life / 2));
    }

    private sealed record Token(string Text, DateTimeOffset RenewAt, DateTimeOffset EndsAt);

    internal sealed record TokenAnswer
    {
        [JsonPropertyName("access_token")]
        public required string AccessToken { get; init; }

        [JsonPropertyName("expires_in")]
        public required int ExpiresIn { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "This service got no token from Gatehouse; it asks again when it needs one")]
        public static partial void NoToken(ILogger logger, Exception exception);
    }
}

/// <summary>The HTTP client of the library, which a service may configure by this name.</summary>
internal static class GatehouseHttp
{
    public const string Name = "Gatehouse";
}

[JsonSerializable(typeof(ServiceToken.TokenAnswer))]
internal sealed partial class ConnectionJson : JsonSerializerContext;
