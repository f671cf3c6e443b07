using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Data;
using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.Sending;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Suppression;

/// <summary>
/// Takes SendGrid's reports of what became of mails it had accepted. Only what its key signed just now is believed, only about mails that
/// were handed to it, and each report once: a batch sent again changes nothing. An address that takes no mail, or whose owner complained,
/// is suppressed: that is the address we sent to, whatever the report says.
/// <para>Publishes <c>notification.failed.v1</c> for what bounced, was blocked or dropped.</para>
/// </summary>
internal static partial class ReceiveSendGridEvents
{
    // SendGrid sends a batch when it reaches 768 KB.
    private const int Limit = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder callbacks) =>
        callbacks
            .MapPost(
                "/notifications/sendgrid-events",
                async (Handler handler, HttpContext http) => (await handler.HandleAsync(http)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(ReceiveSendGridEvents))
            .WithSummary("Receive SendGrid events")
            .WithDescription(
                "For SendGrid's signed event webhook only (`Mail:SendGrid:WebhookPublicKey`). A JSON array of events, at most 1 MB; "
                    + "unknown events are ignored."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 413)
            .AllowAnonymous()
            .LimitBy(RateLimitPolicy.Other);

    internal sealed partial class Handler(
        Database database,
        MailOptions options,
        NotificationsMetrics metrics,
        TimeProvider clock,
        ILogger<Handler> logger
    )
    {
        /// <returns>How many reports were new.</returns>
        public async Task<Outcome<int>> HandleAsync(HttpContext http)
        {
            if (options.Sender != SendGridSender.SenderName || options.SendGrid.WebhookPublicKey.Length == 0)
                return RequestErrors.NotFound;

            // What is not even shaped like a report is rejected before its body is read.
            var signature = new SendGridSignature
            {
                Value = http.Request.Headers[SendGridSignature.ValueHeader].ToString(),
                Timestamp = http.Request.Headers[SendGridSignature.TimestampHeader].ToString(),
            };
            if (!signature.IsFresh(clock.GetUtcNow()))
                return Refused("time stamp");
            var body = await RequestBody.ReadAsync(http, Limit);
            if (body.Error is { } tooLarge)
                return tooLarge;
            if (!signature.Fits(options.SendGrid, body.Value.Bytes))
                return Refused("signature");
            if (SendGridEvent.ReadBatch(body.Value.Bytes) is not { } events)
                return RequestErrors.MalformedJson;

            // In the order of their mails: two batches then never wait for each other's rows.
            var ordered = events.OrderBy(e => e.TenantId).ThenBy(e => e.NotificationId).ToList();
            return await database.InTransactionAsync("notification.report", tx => TakeAsync(tx, ordered), http.RequestAborted);
        }

        private async Task<int> TakeAsync(Transaction tx, List<SendGridEvent> events)
        {
            var taken = 0;
            foreach (var report in events)
            {
                if (await SentMessage.ReportAsync(tx, report.TenantId, report.NotificationId, report.Key, report.IsFinal) is not { } mail)
                    continue;
                taken++;
                tx.AfterCommit(() => metrics.Reported(report.Kind));
                if (report.Kind is SendGridEvent.Bounced or SendGridEvent.Blocked or SendGridEvent.Dropped)
                    tx.Publish(
                        report.TenantId,
                        mail.EventKey,
                        new NotificationFailedV1
                        {
                            NotificationId = report.NotificationId,
                            Channel = mail.Channel,
                            Reason = report.Kind,
                        }
                    );
                if (report.Kind is SendGridEvent.Bounced or SendGridEvent.Complained)
                    await SuppressAsync(tx, report, mail);
            }

            return taken;
        }

        private Task SuppressAsync(Transaction tx, SendGridEvent report, SentMessage mail)
        {
            DateTimeOffset? expiresAt = report.Kind == SendGridEvent.Bounced ? tx.Now.AddDays(options.SuppressBouncedDays) : null;
            return Suppressions.AddAsync(tx, report.TenantId, mail.AddressIndex, report.Kind, report.NotificationId, expiresAt);
        }

        private Error Refused(string what)
        {
            Log.Refused(logger, what);
            return NotificationsErrors.SignatureWrong;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Warning, "A SendGrid report was rejected: invalid {What}")]
            public static partial void Refused(ILogger logger, string what);
        }
    }
}
