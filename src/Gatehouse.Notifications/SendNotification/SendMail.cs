using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Data;
using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.Templates;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.SendNotification;

/// <summary>
/// Writes and hands over one mail. It opens the sealed address only now; a registration that ended, or a user who was erased meanwhile, has
/// no key any more and gets no mail. A message past its time is never handed over, and nothing goes to a suppressed address.
/// <para>Publishes <c>notification.delivered.v1</c> or <c>notification.failed.v1</c>, with the end of the job.</para>
/// </summary>
internal sealed partial class SendMail(
    IUserKeys personKeys,
    ITenantDirectory tenants,
    TemplateCatalog templates,
    IMailSender sender,
    MailRateLimiter pace,
    MailHealth health,
    Database database,
    NotificationsMetrics metrics,
    TimeProvider clock,
    ILogger<SendMail> logger
) : IJob
{
    public static string Kind => "notifications.send-mail";

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var job = JsonSerializer.Deserialize(payload, MailJobJson.Default.MailJob)!;
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

        var mail = templates.Render(job.Request.Template, job.Request.Language, personal.Values, tenant.DisplayName);
        var wait = pace.Take();
        if (wait > MailRateLimiter.MaxWait)
            return JobResult.Later(wait);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancellationToken);
        if (HasExpired(job))
            return Failed(job, "expired");

        using var span = Spans.Start("mail.hand-over");
        var outgoing = new OutgoingMail
        {
            Id = job.Request.NotificationId,
            TenantId = job.TenantId,
            Key = job.Key,
            AddressIndex = address,
            To = personal.To,
            Content = mail,
            ServiceName = tenant.DisplayName,
        };
        var handOver = await sender.SendAsync(outgoing, cancellationToken);
        health.Note(handOver);
        return handOver.Result switch
        {
            SendOutcome.Accepted => Delivered(job),
            SendOutcome.Refused => Refused(job, handOver.Reason),
            _ => JobResult.Retry(handOver.Reason, Failure(job, "given-up"), handOver.NotBefore),
        };
    }

    private bool HasExpired(MailJob job) => job.Request.ExpiresAt <= clock.GetUtcNow();

    private JobResult Delivered(MailJob job) =>
        JobResult.Done(tx =>
        {
            metrics.Sent(sender.Name, job.Request.Template);
            tx.Publish(
                job.TenantId,
                job.Key,
                new NotificationDeliveredV1
                {
                    NotificationId = job.Request.NotificationId,
                    Channel = job.Request.Channel,
                    Sender = sender.Name,
                }
            );
            return Task.CompletedTask;
        });

    private JobResult Refused(MailJob job, string reason)
    {
        Log.Refused(logger, job.Request.NotificationId, reason);
        return Failed(job, "refused");
    }

    private JobResult Failed(MailJob job, string reason) => JobResult.Done(Failure(job, reason));

    private Func<Transaction, Task> Failure(MailJob job, string reason) =>
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
