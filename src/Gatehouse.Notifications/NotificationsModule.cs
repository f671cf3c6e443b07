using Gatehouse.Contracts.Events;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.SendNotification;
using Gatehouse.Notifications.Suppression;
using Gatehouse.Notifications.Templates;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications;

/// <summary>What goes out to people.</summary>
public sealed class NotificationsModule : IModule
{
    public string Name => "notifications";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MailOptions>(configuration, "Mail");
        services.AddTexts(typeof(NotificationsModule).Assembly);
        services.AddMigrations(Name, typeof(NotificationsModule).Assembly);
        services.AddMeter(NotificationsMetrics.MeterName).AddSingleton<NotificationsMetrics>();
        services.AddSingleton<TemplateCatalog>();
        services.AddKeyedSingleton<IMailSender, SmtpSender>(SmtpSender.SenderName);
        services.AddKeyedSingleton<IMailSender, SendGridSender>(SendGridSender.SenderName);
        services.AddSingleton(provider => provider.GetRequiredKeyedService<IMailSender>(provider.GetRequiredService<MailOptions>().Sender));
        services.AddSingleton<MailPace>();
        services.AddSingleton<MailHealth>().AddHealthDetail<MailHealth>();

        services.AddSubscriber<OnNotificationRequested, NotificationRequestedV1>(OnNotificationRequested.Name, DeadLetters.SuccessorsPass);
        services.AddJob<SendMail>();
        services.AddRecurring<PurgeSentMessages>("notifications.purge", TimeSpan.FromHours(1));
        services.AddSingleton<ReceiveSendGridEvents.Handler>();
        services.AddSingleton<LiftSuppression.Handler>();
        services.AddSingleton<CountSuppressions.Handler>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes) => ReceiveSendGridEvents.Map(routes.MapCallbacks("Notifications"));
}
