using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Telemetry;
using Gatehouse.Messaging.Transports.Kafka;
using Gatehouse.Notifications.Sending;
using Gatehouse.Web.Health;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Mail;

/// <summary>The ways mail goes out, one of which the settings choose.</summary>
internal sealed class MailArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MailOptions>(configuration, "Mail");
        services.AddMeter(NotificationsMetrics.MeterName).AddSingleton<NotificationsMetrics>();
        services.AddKeyedSingleton<IMailSender, SmtpSender>(SmtpSender.SenderName);
        services.AddKeyedSingleton<IMailSender, SendGridSender>(SendGridSender.SenderName);
        services.AddKeyedSingleton<IMailSender, HttpSender>(HttpSender.SenderName);
        services.AddOptions<MailOptions>().PostConfigure<KafkaOptions>((mail, kafka) => mail.HasBroker = kafka.Servers.Length > 0);
        if (SettingsCatalog.Read<KafkaOptions>(configuration, "Kafka").Servers.Length > 0)
            AddKafka(services, SettingsCatalog.Read<MailOptions>(configuration, "Mail"));
        services.AddSingleton<MailTrouble>();
        services.AddSingleton(provider => provider.GetRequiredKeyedService<IMailSender>(provider.GetRequiredService<MailOptions>().Sender));
        services.AddSingleton<IChannel, MailChannel>();
        services.AddSingleton<MailCheck>().AddSingleton<IInstallationCheck>(provider => provider.GetRequiredService<MailCheck>());
        services.AddSingleton<MailHealth>().AddHealthDetail<MailHealth>();
    }

    private static void AddKafka(IServiceCollection services, MailOptions options)
    {
        services.AddKeyedSingleton<IMailSender, KafkaSender>(KafkaSender.SenderName);
        if (options.Sender == KafkaSender.SenderName)
            services.AddSingleton(new OwnTopic(options.Kafka.Topic, options.Kafka.RetentionHours));
    }
}
