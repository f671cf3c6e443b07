using Gatehouse.Core.Actors;
using Gatehouse.Web.Admin;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>On the console's first page: the requests that wait for who reads it.</summary>
internal sealed class WaitingPart(RoleRequestNames requests) : IConsolePart
{
    public string Of => ConsoleHome.Path;

    public int Order => 0;

    public async Task<ConsoleFragment?> ShowAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.RequiredAccess.AllowsSomewhere(RoleRequestsArea.ReviewRoleRequests.Name))
            return null;
        var (count, oldest) = await requests.WaitingAsync(actor, cancellationToken);
        return oldest is null
            ? null
            : ConsoleFragment.Of<WaitingRequests>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(WaitingRequests.Count)] = count,
                    [nameof(WaitingRequests.Oldest)] = oldest,
                }
            );
    }
}
