using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Web;

namespace Gatehouse.Identity.Captcha;

/// <summary>
/// The question that reCAPTCHA and Turnstile have in common: secret, token and address by form, an answer in JSON. Nothing else of the
/// request is sent.
/// </summary>
internal sealed class SiteVerify : IDisposable
{
    private const int MaxAnswerLength = 16 * 1024;

    // Of these our side is to blame, or the provider's, and never the token.
    private static readonly string[] Faults =
    [
        "missing-input-secret",
        "invalid-input-secret",
        "bad-request",
        "internal-error",
        "invalid-keys",
    ];

    private readonly HttpClient http;
    private readonly CaptchaOptions options;
    private readonly TimeProvider clock;

    public SiteVerify(CaptchaOptions options, TimeProvider clock)
    {
        (this.options, this.clock) = (options, clock);
        http = OutboundHttp.Create(options.AllowPrivateAddresses);
        http.MaxResponseContentBufferSize = MaxAnswerLength;
    }

    /// <param name="address">The provider's own, unless the settings name another.</param>
    /// <param name="judge">What makes a good answer of one that says success.</param>
    public async Task<CaptchaAnswer> AskAsync(
        Uri address,
        string token,
        string client,
        Func<Answer, CaptchaAnswer> judge,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(options.Timeout, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.VerifyUrl ?? address);
            request.Content = new FormUrlEncodedContent(Fields(token, client));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            // A rejection may come as 400 or as 200; either way the body says what it is.
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest))
                return CaptchaAnswer.Unknown("refused");
            await response.Content.LoadIntoBufferAsync(MaxAnswerLength, ends.Token);
            var answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(ends.Token), SiteVerifyJson.Default.Answer);
            return Evaluate(answer, judge);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CaptchaAnswer.Unknown("timed-out");
        }
        catch (JsonException)
        {
            return CaptchaAnswer.Unknown("malformed");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return CaptchaAnswer.Unknown("too-large");
        }
        catch (Exception e) when (OutboundHttp.IsPrivateAddress(e))
        {
            return CaptchaAnswer.Unknown("private-address");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or AuthenticationException)
        {
            return CaptchaAnswer.Unknown("unreachable");
        }
    }

    public void Dispose() => http.Dispose();

    private CaptchaAnswer Evaluate(Answer? answer, Func<Answer, CaptchaAnswer> judge) =>
        answer switch
        {
            { Success: true } when !IsKnown(answer.Hostname) => CaptchaAnswer.Rejected("other-hostname"),
            { Success: true } => judge(answer),
            { Success: false } when answer.ErrorCodes?.Intersect(Faults, StringComparer.Ordinal).Any() == true => CaptchaAnswer.Unknown(
                "misconfigured"
            ),
            { Success: false } => CaptchaAnswer.Rejected("rejected"),
            _ => CaptchaAnswer.Unknown("malformed"),
        };

    private bool IsKnown(string? hostname) =>
        options.Hostnames.Length == 0 || options.Hostnames.Contains(hostname, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<KeyValuePair<string, string>> Fields(string token, string client)
    {
        yield return KeyValuePair.Create("secret", options.SecretKey);
        yield return KeyValuePair.Create("response", token);
        if (IPAddress.TryParse(client, out _))
            yield return KeyValuePair.Create("remoteip", client);
    }

    /// <summary>What both answer; the score is reCAPTCHA's alone.</summary>
    internal sealed record Answer
    {
        /// <summary>Null in what is no answer.</summary>
        public bool? Success { get; init; }

        public double? Score { get; init; }

        public string? Action { get; init; }

        public string? Hostname { get; init; }

        [JsonPropertyName("error-codes")]
        public IReadOnlyList<string>? ErrorCodes { get; init; }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(SiteVerify.Answer))]
internal sealed partial class SiteVerifyJson : JsonSerializerContext;
