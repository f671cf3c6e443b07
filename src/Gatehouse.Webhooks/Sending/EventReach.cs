using System.Text.Json;
using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Whose webhooks an event is for.</summary>
internal sealed class EventReach(IMembershipDirectory memberships)
{
    /// <summary>The whole tenant, and the organizations that the event concerns: it is about them, about one of their members at this
    /// moment, or names them.</summary>
    public async Task<IReadOnlySet<Guid>> OfAsync(EventEnvelope envelope, CancellationToken cancellationToken)
    {
        var organizations = new HashSet<Guid>(await memberships.OrganizationsAsync(envelope.TenantId, envelope.Key, cancellationToken))
        {
            WebhookRow.WholeTenant,
            envelope.Key,
        };
        using var data = JsonDocument.Parse(envelope.Data);
        if (data.RootElement.TryGetProperty("organizationId", out var named) && named.TryGetGuid(out var organization))
            organizations.Add(organization);
        return organizations;
    }
}
