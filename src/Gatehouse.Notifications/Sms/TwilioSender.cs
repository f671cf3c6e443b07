using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Notifications.Sending;
using Gatehouse.Web;

namespace Gatehouse.Notifications.Sms;

/// <summary>
/// Sends by Twilio's Messages API. The API takes no id of ours, so a message whose answer was lost may arrive twice when it is tried again;
/// if Twilio reports on it in the meantime, it is not (<see cref="SmsLimits"/>).
/// </summary>
internal sealed class TwilioSender : ITextSender, IDisposable
{
    public const string SenderName = "twilio";

    private const int MaxAnswer = 16 * 1024;
    private const string WhatsAppPrefix = "whatsapp:";

    // What Twilio takes: from a second to ten hours.
    private static readonly TimeSpan MaxValidity = TimeSpan.FromHours(10);

    private readonly HttpClient http;
    private readonly TwilioOptions options;
    private readonly TwilioCallback callback;
    private readonly SmsTrouble trouble;
    private readonly TimeProvider clock;
    private readonly Uri address;

    public TwilioSender(SmsOptions options, TwilioCallback callback, SmsTrouble trouble, TimeProvider clock)
    {
        (this.options, this.callback, this.trouble, this.clock) = (options.Twilio, callback, trouble, clock);
        http = OutboundHttp.Create(this.options.AllowPrivateAddresses);
        http.MaxResponseContentBufferSize = MaxAnswer;
        address = new Uri($"{this.options.ApiUrl.AbsoluteUri.TrimEnd('/')}/2010-04-01/Accounts/{this.options.AccountSid}/Messages.json");
    }

    public string Name => SenderName;

    public async Task<SendResult> SendAsync(OutgoingText message, CancellationToken cancellationToken)
    {
        if (message.Channel == NotificationRequestedV1.WhatsApp && WhatsAppSender.Length == 0)
            return new SendResult(SendOutcome.Refused, "no WhatsApp sender is configured");
        return trouble.Tell(await PostAsync(message, cancellationToken));
    }

    public void Dispose() => http.Dispose();

    private string WhatsAppSender => options.WhatsAppFrom.Length > 0 ? options.WhatsAppFrom : options.MessagingServiceSid;

    private async Task<SendResult> PostAsync(OutgoingText message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            request.Content = new FormUrlEncodedContent(Fields(message));
            var credentials = Encoding.UTF8.GetBytes($"{options.User}:{options.Password}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            return await EvaluateAsync(response, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.TryAgain, "twilio time-out");
        }
        catch (Exception e) when (OutboundHttp.IsPrivateAddress(e))
        {
            return SendResult.Misconfigured(
                "twilio private address: Sms:Twilio:ApiUrl leads to one, and Sms:Twilio:AllowPrivateAddresses is false"
            );
        }
        catch (Exception e)
            when (e is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return SendResult.Misconfigured("twilio tls: Sms:Twilio:ApiUrl speaks no TLS, or its certificate is not trusted");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return new SendResult(SendOutcome.TryAgain, "twilio away");
        }
    }

    private async Task<SendResult> EvaluateAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            201 => new SendResult(SendOutcome.Accepted) { IsReportedLater = callback.IsUsed },
            >= 300 and < 400 => SendResult.Misconfigured($"twilio {status}: Sms:Twilio:ApiUrl redirects, and redirects are not followed"),
            401 or 403 or 404 => SendResult.Misconfigured($"twilio {status}"),
            429 => new SendResult(SendOutcome.TryAgain, $"twilio {status}", RetryAfter.Read(response, clock)),
            >= 400 and < 500 => await ReadCodeAsync(response, cancellationToken) is { } code
                ? TwilioErrors.Evaluate(code) with
                {
                    NotBefore = RetryAfter.Read(response, clock),
                }
                : new SendResult(SendOutcome.TryAgain, $"twilio {status}: unreadable answer"),
            _ => new SendResult(SendOutcome.TryAgain, $"twilio {status}", RetryAfter.Read(response, clock)),
        };
    }

    /// <summary>Only the code is read of an error: its text repeats the number.</summary>
    private static async Task<int?> ReadCodeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return
                body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var number)
                ? number
                : null;
        }
        catch (Exception e)
            when (e is JsonException or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            return null;
        }
    }

    private Dictionary<string, string> Fields(OutgoingText message)
    {
        var isWhatsApp = message.Channel == NotificationRequestedV1.WhatsApp;
        var prefix = isWhatsApp ? WhatsAppPrefix : "";
        var from = isWhatsApp ? options.WhatsAppFrom : options.From;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["To"] = prefix + message.To };
        if (from.Length > 0)
            fields["From"] = prefix + from;
        if (options.MessagingServiceSid.Length > 0 && (from.Length == 0 || !isWhatsApp))
            fields["MessagingServiceSid"] = options.MessagingServiceSid;
        if (isWhatsApp && options.WhatsAppTemplate(message.Template, message.Language) is { } template)
        {
            fields["ContentSid"] = template;
            if (message.Code is { } code)
                fields["ContentVariables"] = $$"""{"1":"{{JsonEncodedText.Encode(code)}}"}""";
        }
        else
        {
            fields["Body"] = message.Text;
        }

        if (callback.IsUsed)
            fields["StatusCallback"] = callback.UrlOf(message.TenantId, message.Id).AbsoluteUri;
        // A code that is no longer valid must not arrive hours later.
        if (message.ExpiresAt - clock.GetUtcNow() is { } left && left < MaxValidity)
            fields["ValidityPeriod"] = Math.Max(1, (int)left.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return fields;
    }
}
