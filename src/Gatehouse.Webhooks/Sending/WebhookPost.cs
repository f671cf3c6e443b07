using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Web;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Sending;

/// <summary>
/// Posts one event with the headers of Standard Webhooks. No redirect is followed, no private address connected to unless that is allowed,
/// and no more of an answer read than lets the connection be used again.
/// </summary>
internal sealed class WebhookPost(WebhookSecrets secrets, WebhooksOptions options, TimeProvider clock) : IDisposable
{
    private const int MaxAnswer = 16 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient http = OutboundHttp.Create(options.AllowPrivateAddresses);

    public async Task<PostResult> SendAsync(DueDelivery due, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var result = await PostAsync(due, patience.Token, cancellationToken);
        return result with { Duration = Stopwatch.GetElapsedTime(start) };
    }

    public void Dispose() => http.Dispose();

    private async Task<PostResult> PostAsync(DueDelivery due, CancellationToken patience, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Sign(due);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
            await DrainAsync(response, patience);
            return PostResult.Of(response.StatusCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PostResult.Failed("timeout");
        }
        catch (Exception e) when (OutboundHttp.IsPrivateAddress(e))
        {
            return PostResult.Failed("private-address");
        }
        catch (HttpRequestException e)
        {
            return PostResult.Failed(
                e.HttpRequestError switch
                {
                    HttpRequestError.NameResolutionError => "name-unknown",
                    HttpRequestError.SecureConnectionError => "tls",
                    HttpRequestError.ConnectionError => "connection",
                    _ => "protocol",
                }
            );
        }
    }

    /// <summary>What has arrived stands, however the rest of the answer comes.</summary>
    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken patience)
    {
        try
        {
            await using var answer = await response.Content.ReadAsStreamAsync(patience);
            var buffer = new byte[4096];
            for (var read = 0; read < MaxAnswer; )
            {
                var some = await answer.ReadAsync(buffer, patience);
                if (some == 0)
                    return;
                read += some;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status was there before.
        }
    }

    private HttpRequestMessage Sign(DueDelivery due)
    {
        var body = Encoding.UTF8.GetBytes(due.Body);
        var (id, now) = (due.EventId.ToString(), clock.GetUtcNow());
        var time = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{time}."), .. body];
        var signatures = Keys(due, now).Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        var request = new HttpRequestMessage(HttpMethod.Post, due.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", time);
        request.Headers.TryAddWithoutValidation("webhook-signature", string.Join(' ', signatures));
        return request;
    }

    private IEnumerable<byte[]> Keys(DueDelivery due, DateTimeOffset now)
    {
        yield return secrets.Open(due.Webhook, due.Secret);
        if (due.PreviousSecret is { } previous && due.PreviousSecretUntil > now)
            yield return secrets.Open(due.Webhook, previous);
    }
}

/// <summary>What became of one attempt.</summary>
/// <param name="Error">A word for what went wrong; null if it was taken.</param>
internal sealed record PostResult(int? Status, string? Error)
{
    public TimeSpan Duration { get; init; }

    /// <summary>The receiver wants no more, ever.</summary>
    public bool IsGone => Status == (int)HttpStatusCode.Gone;

    public static PostResult Failed(string error) => new(Status: null, error);

    public static PostResult Of(HttpStatusCode status) =>
        new(
            (int)status,
            (int)status switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 => "redirect",
                410 => "gone",
                _ => "status",
            }
        );
}
