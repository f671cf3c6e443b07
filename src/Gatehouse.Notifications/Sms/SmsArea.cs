using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Notifications.Sending;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Sms;

/// <summary>The ways messages go to phones, one of which the settings choose.</summary>
internal sealed class SmsArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SmsOptions>(configuration, "Sms");
        services.AddKeyedSingleton<ITextSender, NoTextSender>(NoTextSender.SenderName);
        services.AddKeyedSingleton<ITextSender, TwilioSender>(TwilioSender.SenderName);
        services.AddSingleton<TwilioCallback>().AddSingleton<SmsTrouble>().AddSingleton<SmsLimits>();
        services.AddUndistributedTables(new() { Local = ["notifications.phone_days"] });
        services.AddSingleton(provider => provider.GetRequiredKeyedService<ITextSender>(provider.GetRequiredService<SmsOptions>().Sender));
        services.AddSingleton<IChannel, SmsChannel>();
        services.AddSingleton<SmsHealth>().AddHealthDetail<SmsHealth>();
    }
}
