using Gatehouse.Contracts.Events;
using Gatehouse.Messaging;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Administration;

/// <summary>Users as administrators see and change them.</summary>
internal sealed class AdministrationArea : IArea
{
    public IReadOnlyList<Slice> Slices { get; } = [];

    // A state that is retried late must not replace a newer one, so successors wait.
    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSubscriber<OnUserRolesChanged, UserRolesChangedV1>(OnUserRolesChanged.Name, DeadLetters.SuccessorsWait);
}
