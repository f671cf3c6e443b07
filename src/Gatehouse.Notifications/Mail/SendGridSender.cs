using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Notifications.Sending;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// Sends by SendGrid's HTTP API. A mail is noted before it goes, so that a report of what became of it (ReceiveSendGridEvents) finds the
/// note even when it overtakes our own end of the hand-over.
/// </summary>
internal sealed partial class SendGridSender : IMailSender, IDisposable
{
    public const string SenderName = "sendgrid";

    private readonly HttpClient http;
    private readonly MailOptions options;
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly ILogger<SendGridSender> logger;

    [SuppressMessage("Reliability", "CA2000", Justification = "The client disposes its handler.")]
    public SendGridSender(MailOptions options, Database database, TimeProvider clock, ILogger<SendGridSender> logger)
    {
        (this.options, this.database, this.clock, this.logger) = (options, database, clock, logger);
        http = new HttpClient(
            new SocketsHttpHandler
            {
                // The key goes to the configured address and nowhere else.
                AllowAutoRedirect = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                // The name of the service may move to other machines.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxResponseHeadersLength = 16,
            }
        )
        {
            BaseAddress = new Uri(options.SendGrid.ApiUrl.AbsoluteUri.TrimEnd('/') + "/v3/mail/send"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.SendGrid.ApiKey);
        http.DefaultRequestHeaders.Add("User-Agent", "Gatehouse");
    }

    public string Name => SenderName;

    public string TargetSettings => "Mail:SendGrid:ApiUrl";

    public async Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (options.SendGrid.WebhookPublicKey.Length > 0)
            await database.QueryAsync(
                db => SentMessage.NoteAsync(db, mail, NotificationRequestedV1.Email, clock.GetUtcNow()),
                cancellationToken
            );

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.SendGrid.TimeoutSeconds), clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await PostAsync(mail, ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.TryAgain, "sendgrid time-out");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new SendResult(SendOutcome.TryAgain, "sendgrid away");
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<SendResult> PostAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, default(Uri));
        request.Content = JsonContent.Create(SendGridMail.Of(mail, options.ReadFrom()), SendGridMailJson.Default.SendGridMail);
        // The body of the answer is not read: it may repeat the address, and the status says it all.
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        var status = (int)response.StatusCode;
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            Log.KeyRefused(logger, status);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted => new SendResult(SendOutcome.Accepted),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => SendResult.Misconfigured($"sendgrid {status}"),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => new SendResult(SendOutcome.Refused, $"sendgrid {status}"),
            _ => new SendResult(SendOutcome.TryAgain, $"sendgrid {status}", RetryAfter.Read(response, clock)),
        };
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "SendGrid refuses this server's key or sender address (status {Status}): "
                + "no mail goes out until Mail:SendGrid:ApiKey may send from Mail:From; mails wait"
        )]
        public static partial void KeyRefused(ILogger logger, int status);
    }
}
