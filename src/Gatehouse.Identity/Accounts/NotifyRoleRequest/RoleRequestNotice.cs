using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Messaging;
using Gatehouse.Web;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Tells a user by mail or text message what became of a request for a role: only Identity knows the address.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal sealed class RoleRequestNotice(SubjectKeys keys, AccountNotice notice, HttpOptions http, ITenantDirectory tenants)
{
    public const string AcceptedTemplate = "role-request-accepted";
    public const string RejectedTemplate = "role-request-rejected";

    /// <param name="decided">The decision.</param>
    public async Task<Delivery> RequestAsync(Transaction tx, Guid tenant, Decision decided, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(decided.UserId, cancellationToken);
        var user = key is null ? null : await LockedUser.LockAsync(tx, tenant, decided.UserId);
        if (user is null || user.Row.OpenContact(key!) is not { } address)
            return Delivery.Done;
        notice.RequestTo(
            address,
            tx,
            user,
            key!,
            decided.IsApproved ? AcceptedTemplate : RejectedTemplate,
            AccountNotice.Name(user),
            ("role", decided.Role),
            ("organization", decided.Organization ?? ""),
            ("link", http.LinkBase(await tenants.FindAsync(tenant, cancellationToken)) + "/")
        );
        await user.SaveAsync(tx);
        return Delivery.Done;
    }

    /// <summary>What became of whose request.</summary>
    internal sealed record Decision(Guid UserId, bool IsApproved)
    {
        public required string Role { get; init; }

        public string? Organization { get; init; }
    }
}
