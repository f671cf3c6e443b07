using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Data;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Sms;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.SendNotification;

/// <summary>
/// Writes and hands over one message. It opens the sealed address only now; a registration that ended, or a user who was erased meanwhile,
/// has no key any more and gets none. A message past its time is never handed over, and nothing goes to a suppressed address.
/// <para>Publishes <c>notification.delivered.v1</c> or <c>notification.failed.v1</c>, with the end of the job.</para>
/// </summary>
internal sealed partial class SendMessage(
    IUserKeys personKeys,
    ITenantDirectory tenants,
    IEnumerable<IChannel> channels,
    Database database,
    NotificationsMetrics metrics,
    SmsOptions sms,
    TimeProvider clock,
    ILogger<SendMessage> logger
) : IJob
{
    // It began with mails alone; jobs that wait keep the name of their kind.
    public static string Kind => "notifications.send-mail";

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var job = JsonSerializer.Deserialize(payload, MessageJobJson.Default.MessageJob)!;
        if (HasExpired(job))
            return Failed(job, "expired");
        var personal = await personKeys.OpenAsync(job.Request.Personal, cancellationToken);
        var tenant = await tenants.FindAsync(job.TenantId, cancellationToken);
        if (personal is null || tenant is null)
            return Failed(job, "recipient-deleted");

        var address = personal.AddressIndex is { } index ? new BlindIndexEntry(Convert.FromBase64String(index)) : null;
        if (
            address is not null
            && await database.QueryAsync(db => Suppressions.HoldsAsync(db, job.TenantId, address, clock.GetUtcNow()), cancellationToken)
        )
            return Failed(job, "suppressed");

        var channel = channels.First(c => c.Takes(job.Request.Channel));
        var wait = channel.Rate.Take();
        if (wait > SendingRate.MaxWait)
            return JobResult.Later(wait);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancellationToken);
        if (HasExpired(job))
            return Failed(job, "expired");

        using var span = Spans.Start("message.hand-over");
        var handOver = await channel.SendAsync(
            new DueMessage
            {
                TenantId = job.TenantId,
                Key = job.Key,
                Request = job.Request,
                Personal = personal,
                AddressIndex = address,
                ServiceName = tenant.DisplayName,
            },
            cancellationToken
        );
        channel.Health.Note(handOver);
        return handOver.Result switch
        {
            SendOutcome.Accepted => Accepted(job, channel.SenderName, handOver),
            SendOutcome.Refused => Refused(job, address, handOver),
            _ => JobResult.Retry(handOver.Reason, Failure(job, "given-up"), handOver.NotBefore),
        };
    }

    private bool HasExpired(MessageJob job) => job.Request.ExpiresAt <= clock.GetUtcNow();

    private JobResult Accepted(MessageJob job, string sender, SendResult handOver) =>
        JobResult.Done(tx =>
        {
            metrics.Sent(sender, job.Request.Template);
            if (handOver.IsReportedLater)
                return Task.CompletedTask;
            tx.Publish(
                job.TenantId,
                job.Key,
                new NotificationDeliveredV1
                {
                    NotificationId = job.Request.NotificationId,
                    Channel = job.Request.Channel,
                    Sender = sender,
                }
            );
            return Task.CompletedTask;
        });

    private JobResult Refused(MessageJob job, BlindIndexEntry? address, SendResult handOver)
    {
        if (handOver.FailedAs != SendResult.Limited.FailedAs)
            Log.Refused(logger, job.Request.NotificationId, handOver.Reason);
        var failure = Failure(job, handOver.FailedAs);
        return JobResult.Done(async tx =>
        {
            await failure(tx);
            if (handOver.FailedAs == SendResult.UnsubscribedReason)
                await Suppressions.AddAsync(
                    tx,
                    job.TenantId,
                    address,
                    handOver.FailedAs,
                    job.Request.NotificationId,
                    tx.Now.AddDays(sms.SuppressUnsubscribedDays)
                );
        });
    }

    private JobResult Failed(MessageJob job, string reason) => JobResult.Done(Failure(job, reason));

    private Func<Transaction, Task> Failure(MessageJob job, string reason) =>
        tx =>
        {
            metrics.NotSent(reason, job.Request.Template);
            tx.Publish(
                job.TenantId,
                job.Key,
                new NotificationFailedV1
                {
                    NotificationId = job.Request.NotificationId,
                    Channel = job.Request.Channel,
                    Reason = reason,
                }
            );
            return Task.CompletedTask;
        };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Message {NotificationId} was rejected and is not sent again: {Reason}")]
        public static partial void Refused(ILogger logger, Guid notificationId, string reason);
    }
}
