using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.SendNotification;
using Gatehouse.Notifications.Sms;
using Gatehouse.Notifications.Suppression;
using Gatehouse.Web.Modules;

namespace Gatehouse.Notifications;

/// <summary>What goes out to users.</summary>
public sealed class NotificationsModule : IModule
{
    public string Name => "notifications";

    public IReadOnlyList<IArea> Areas { get; } = [new MailArea(), new SmsArea(), new SendNotificationArea(), new SuppressionArea()];
}
