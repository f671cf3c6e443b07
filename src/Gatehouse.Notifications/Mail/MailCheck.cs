using Gatehouse.Core.Tenants;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Templates;
using Gatehouse.Web.Health;

namespace Gatehouse.Notifications.Mail;

/// <summary>What <c>gatehouse doctor</c> says of the way mail goes out.</summary>
internal sealed class MailCheck(IMailSender sender, TenantOptions tenant, TimeProvider clock) : IInstallationCheck
{
    private const string Subject = "mail";

    public async Task<Finding> ExamineAsync(CancellationToken cancellationToken)
    {
        var result = await sender.CheckAsync(cancellationToken);
        return result switch
        {
            { Result: SendOutcome.Accepted } => new Finding(Subject, FindingLevel.Good, $"{sender.Checked} ({sender.Name})"),
            { IsMisconfigured: true } => new Finding(
                Subject,
                FindingLevel.Error,
                result.Reason,
                "Correct the settings under Mail, or the mail server's; until then mails wait."
            ),
            _ => new Finding(
                Subject,
                FindingLevel.Advice,
                result.Reason,
                $"Mails wait until the mail server answers; check {sender.TargetSettings}."
            ),
        };
    }

    /// <summary>Sends one mail that says that it is a test.</summary>
    public async Task<Finding> SendTestAsync(string address, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var result = await sender.SendAsync(
            new OutgoingMail
            {
                Id = id,
                TenantId = Guid.Empty,
                Key = id,
                AddressIndex = null,
                To = address,
                Content = new RenderedMail
                {
                    Subject = $"Test mail from {tenant.DisplayName}",
                    Text = "Mail from this installation arrives.\n",
                    Html = "<p>Mail from this installation arrives.</p>",
                },
                ServiceName = tenant.DisplayName,
            },
            cancellationToken
        );
        return result.Result == SendOutcome.Accepted
            ? new Finding("test mail", FindingLevel.Good, $"was accepted ({sender.Name}); see that it arrives")
            : new Finding(
                "test mail",
                FindingLevel.Error,
                $"was not accepted: {result.Reason}",
                "Correct the settings under Mail, the mail server's, or the address."
            );
    }
}
