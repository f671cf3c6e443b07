using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.Templates;
using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Jobs;
using Gatehouse.Runtime.Telemetry;

namespace Gatehouse.Notifications.SendNotification;

/// <summary>
/// Writes and hands over one mail. It opens the sealed address only now; a registration that ended, or a person who was erased meanwhile, has
/// no key any more and gets no mail. A message past its time is never handed over.
/// <para>Publishes <c>notification.delivered.v1</c> or <c>notification.failed.v1</c>, with the end of the job.</para>
/// </summary>
internal sealed class SendMail(
    IPersonKeys personKeys, ITenantDirectory tenants, TemplateCatalog templates, IMailSender sender, NotificationsMetrics metrics, TimeProvider clock) : IJob
{
    public static string Kind => "notifications.send-mail";

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var job = JsonSerializer.Deserialize(payload, MailJobJson.Default.MailJob)!;
        var personal = await personKeys.OpenAsync(job.Request.Personal, cancellationToken);
        var tenant = await tenants.FindAsync(job.TenantId, cancellationToken);
        if (personal is null || tenant is null) return Failed(job, "subject-gone");

        var mail = templates.Render(job.Request.Template, job.Request.Language, personal.Values, tenant.DisplayName);
        if (job.Request.ExpiresAt <= clock.GetUtcNow()) return Failed(job, "expired");

        using var span = Spans.Start("mail.hand-over");
        var outgoing = new OutgoingMail(job.Request.NotificationId, job.TenantId, personal.To, mail.Subject, mail.Text, mail.Html);
        var handOver = await sender.SendAsync(outgoing, cancellationToken);
        return handOver.Result switch
        {
            HandOverResult.Accepted => Delivered(job),
            HandOverResult.Refused => Failed(job, "refused"),
            _ => JobResult.Retry(handOver.Reason, Failure(job, "given-up")),
        };
    }

    private JobResult Delivered(MailJob job) => JobResult.Done(tx =>
    {
        metrics.Sent(sender.Name, job.Request.Template);
        tx.Publish(job.TenantId, job.Key, new NotificationDeliveredV1 { NotificationId = job.Request.NotificationId, Channel = job.Request.Channel, Sender = sender.Name });
        return Task.CompletedTask;
    });

    private JobResult Failed(MailJob job, string reason) => JobResult.Done(Failure(job, reason));

    private Func<Tx, Task> Failure(MailJob job, string reason) => tx =>
    {
        metrics.NotSent(reason, job.Request.Template);
        tx.Publish(job.TenantId, job.Key, new NotificationFailedV1 { NotificationId = job.Request.NotificationId, Channel = job.Request.Channel, Reason = reason });
        return Task.CompletedTask;
    };
}
