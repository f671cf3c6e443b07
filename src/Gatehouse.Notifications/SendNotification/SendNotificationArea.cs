using Gatehouse.Contracts.Events;
using Gatehouse.Messaging;
using Gatehouse.Notifications.Templates;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.SendNotification;

/// <summary>From the event that asks for a message to its delivery.</summary>
internal sealed class SendNotificationArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<TemplateCatalog>();
        services.AddSubscriber<OnNotificationRequested, NotificationRequestedV1>(OnNotificationRequested.Name, DeadLetters.SuccessorsPass);
        services.AddJob<SendMessage>();
    }
}
