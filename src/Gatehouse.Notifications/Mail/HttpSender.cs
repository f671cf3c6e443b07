using System.Net.Sockets;
using System.Security.Authentication;
using Gatehouse.Notifications.Sending;
using Gatehouse.Web;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// Posts each message, signed, to a mailer of the installation's own. The status alone counts: 2xx is accepted, a 4xx about the message is
/// final, and what may pass is tried again under the same id.
/// </summary>
internal sealed class HttpSender : IMailSender, IDisposable
{
    public const string SenderName = "http";

    private readonly HttpClient http;
    private readonly MailOptions options;
    private readonly MailTrouble trouble;
    private readonly TimeProvider clock;

    public HttpSender(MailOptions options, MailTrouble trouble, TimeProvider clock)
    {
        (this.options, this.trouble, this.clock) = (options, trouble, clock);
        http = OutboundHttp.Create(options.Http.AllowPrivateAddresses);
    }

    public string Name => SenderName;

    public string Checked => "the mailer at Mail:Http:Url answers";

    public string TargetSettings => "Mail:Http:Url";

    public async Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var message = SignedMessage.Of(mail, options.Signing, clock.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Http.Url);
        request.Content = new ByteArrayContent(message.Body);
        request.Content.Headers.ContentType = new(SignedMessage.ContentType);
        foreach (var (name, value) in message.Headers)
            request.Headers.Add(name, value);
        return trouble.Tell(await AskAsync(request, Evaluate, cancellationToken));
    }

    /// <summary>Asks without a message. What a mailer says to another method than POST means little, unless it leads elsewhere.</summary>
    public async Task<SendResult> CheckAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, options.Http.Url);
        return await AskAsync(
            request,
            response => (int)response.StatusCode is >= 300 and < 400 or 503 ? Evaluate(response) : new SendResult(SendOutcome.Accepted),
            cancellationToken
        );
    }

    public void Dispose() => http.Dispose();

    private async Task<SendResult> AskAsync(
        HttpRequestMessage request,
        Func<HttpResponseMessage, SendResult> evaluate,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.Http.TimeoutSeconds), clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // The body of the answer is not read: it may repeat the address, and the status says it all.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            return evaluate(response);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.TryAgain, "http time-out");
        }
        catch (Exception e) when (OutboundHttp.IsPrivateAddress(e))
        {
            return SendResult.Misconfigured(
                "http private address: Mail:Http:Url leads to one, and Mail:Http:AllowPrivateAddresses is false"
            );
        }
        catch (Exception e)
            when (e is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return SendResult.Misconfigured("http tls: the mailer speaks no TLS here, or its certificate is not trusted");
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
        {
            return new SendResult(SendOutcome.TryAgain, "http unreadable answer");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return new SendResult(SendOutcome.TryAgain, "http away");
        }
    }

    private SendResult Evaluate(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => new SendResult(SendOutcome.Accepted),
            >= 300 and < 400 => SendResult.Misconfigured($"http {status}: Mail:Http:Url redirects, and redirects are not followed"),
            408 or 425 or 429 => new SendResult(SendOutcome.TryAgain, $"http {status}", RetryAfter.Read(response, clock)),
            // About the signature or the URL, not about this message.
            401 or 403 or 404 or 405 or 410 => SendResult.Misconfigured($"http {status}"),
            >= 400 and < 500 => new SendResult(SendOutcome.Refused, $"http {status}"),
            _ => new SendResult(SendOutcome.TryAgain, $"http {status}", RetryAfter.Read(response, clock)),
        };
    }
}
