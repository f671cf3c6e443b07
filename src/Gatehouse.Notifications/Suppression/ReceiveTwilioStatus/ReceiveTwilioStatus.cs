using System.Text;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Data;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Sms;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Suppression;

/// <summary>
/// Takes Twilio's reports of what became of a message it had accepted. Only what it signed for the address of this message is believed, and
/// each report once: one that is sent again changes nothing. A number whose owner unsubscribed is suppressed: that is the number we sent to,
/// whatever the report says.
/// <para>Publishes <c>notification.delivered.v1</c> or <c>notification.failed.v1</c>.</para>
/// </summary>
internal static partial class ReceiveTwilioStatus
{
    private const int Limit = 16 * 1024;

    public static void Map(IEndpointRouteBuilder callbacks) =>
        callbacks
            .MapPost(
                TwilioCallback.Route,
                async (Handler handler, HttpContext http) => (await handler.HandleAsync(http)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(ReceiveTwilioStatus))
            .WithSummary("Receive a Twilio status")
            .WithDescription(
                "For Twilio's signed status callbacks only (`Sms:Twilio:AuthToken`). A form of at most 16 KB; the address of a message's "
                    + "reports is given to Twilio with the message."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 413)
            .AllowAnonymous()
            .LimitBy(RateLimitPolicy.Other);

    internal sealed partial class Handler(
        Database database,
        TwilioCallback callback,
        SmsOptions options,
        NotificationsMetrics metrics,
        ILogger<Handler> logger
    )
    {
        /// <returns>Whether the report was new.</returns>
        public async Task<Outcome<bool>> HandleAsync(HttpContext http)
        {
            if (!callback.IsUsed)
                return RequestErrors.NotFound;

            // What is not even shaped like a report is rejected before its body is read.
            var signature = http.Request.Headers[TwilioCallback.SignatureHeader].ToString();
            if (
                signature.Length == 0
                || !Guid.TryParseExact(http.Request.Query[TwilioCallback.TenantField], "D", out var tenantId)
                || !Guid.TryParseExact(http.Request.Query[TwilioCallback.MessageField], "D", out var id)
            )
                return Refused("address");
            var body = await RequestBody.ReadAsync(http, Limit);
            if (body.Error is { } tooLarge)
                return tooLarge;
            var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body.Value.Bytes.Span));
            // No field of a report comes twice; how two would be signed is not specified.
            if (fields.Any(f => f.Value.Count != 1))
                return Refused("form");
            var form = fields.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
            if (!callback.IsSigned(callback.UrlOf(tenantId, id), form, signature))
                return Refused("signature");
            if (TwilioStatus.Read(form) is not { } status)
                return false;
            return await database.InTransactionAsync(
                "notification.report",
                tx => TakeAsync(tx, new Reported(tenantId, id), status),
                http.RequestAborted
            );
        }

        private async Task<bool> TakeAsync(Transaction tx, Reported reported, TwilioStatus status)
        {
            var (tenantId, id) = reported;
            if (await SentMessage.ReportAsync(tx, tenantId, id, status.Key, status.IsFinal) is not { } message)
                return false;
            tx.AfterCommit(() => metrics.Reported(status.Kind));
            if (status.IsFailure)
                tx.Publish(
                    tenantId,
                    message.EventKey,
                    new NotificationFailedV1
                    {
                        NotificationId = id,
                        Channel = message.Channel,
                        Reason = status.Kind,
                    }
                );
            // Reports overtake each other: "sent" may come after "undelivered".
            else if (status.IsFinal && !message.Reports.Contains(TwilioStatus.FailureKey))
                tx.Publish(
                    tenantId,
                    message.EventKey,
                    new NotificationDeliveredV1
                    {
                        NotificationId = id,
                        Channel = message.Channel,
                        Sender = TwilioSender.SenderName,
                    }
                );
            if (status.Kind == SendResult.UnsubscribedReason)
                await Suppressions.AddAsync(
                    tx,
                    tenantId,
                    message.AddressIndex,
                    status.Kind,
                    id,
                    tx.Now.AddDays(options.SuppressUnsubscribedDays)
                );
            return true;
        }

        private Error Refused(string what)
        {
            Log.Refused(logger, what);
            return NotificationsErrors.SignatureWrong;
        }

        private static partial class Log
        {
            [LoggerMessage(1, LogLevel.Warning, "A Twilio report was rejected: invalid {What}")]
            public static partial void Refused(ILogger logger, string what);
        }
    }

    private readonly record struct Reported(Guid TenantId, Guid NotificationId);
}
