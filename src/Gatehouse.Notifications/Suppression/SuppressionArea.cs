using Gatehouse.Core.Hosting;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Suppression;

/// <summary>What became of messages, and the addresses that take none.</summary>
internal sealed class SuppressionArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } =
    [
        Slice.Callback<ReceiveSendGridEvents.Handler>("Notifications", ReceiveSendGridEvents.Map),
        Slice.Callback<ReceiveTwilioStatus.Handler>("Notifications", ReceiveTwilioStatus.Map),
        Slice.Command<LiftSuppression.Handler>(),
        Slice.Command<CountSuppressions.Handler>(),
    ];

    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddRecurring<PurgeSentMessages>("notifications.purge", TimeSpan.FromHours(1));
}
