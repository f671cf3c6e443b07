using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.OpenId.SignIn;

/// <summary>
/// Tells applications that a user's session has ended (OpenID Connect Back-Channel Logout): each that has an address for it, once for the
/// session of the browser. A session of an application alone is told of where somebody else ended it, and not the application itself.
/// </summary>
internal sealed class OnSessionRevoked : ISubscriber<SessionRevokedV1>
{
    public const string Name = "openid.tell-of-sign-out";

    // Sessions of applications that outlive the browser's end one by one, often together with it.
    private static readonly string[] ByOthers =
    [
        "access-withdrawn",
        "closed",
        "disabled",
        "email-change-undone",
        "ended-by-administrator",
        "ended-by-owner",
        "erased",
        "organization-deactivated",
        "password-changed",
        "sign-in-reported",
    ];

    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    public async Task<Delivery> HandleAsync(
        SessionRevokedV1 message,
        EventEnvelope envelope,
        Transaction tx,
        CancellationToken cancellationToken
    )
    {
        var told = await tx.ListAsync<SignedOut>(
            """
            with told as (
                update openid.grants g set told_at = @Now
                 where tenant_id = @TenantId and redeemed_at is not null
                   and (browser_session = @SessionId and told_at is null
                        or id = @SessionId and @byOthers and (told_at is null or told_at < @before))
                returning client, user_id, browser_session, domain)
            select distinct c.id as client, told.user_id, told.browser_session, told.domain
              from told join openid.clients c on c.tenant_id = @TenantId and c.id = told.client
             where c.disabled_at is null and c.sign_in ->> 'backchannelLogoutUri' is not null
            """,
            new
            {
                envelope.TenantId,
                message.SessionId,
                byOthers = ByOthers.Contains(message.Reason, StringComparer.Ordinal),
                before = tx.Now - Together,
                tx.Now,
            }
        );
        foreach (var one in told)
            SendLogoutToken.Enqueue(tx, envelope.TenantId, one);
        return Delivery.Done;
    }
}

/// <summary>A user who signed out, as one application is told.</summary>
internal sealed class SignedOut
{
    public Guid Client { get; init; }

    public Guid UserId { get; init; }

    public Guid BrowserSession { get; init; }

    /// <summary>Of the issuer at which the user signed in; null for <c>Http:PublicUrl</c>.</summary>
    public string? Domain { get; init; }
}
