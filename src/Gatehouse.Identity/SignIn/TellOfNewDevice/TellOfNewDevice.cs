using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Tells a user of a sign-in from a device that is not known, at most once an hour, with a link for who did not sign in. A job, so that the
/// sign-in waits neither for the key of the link nor for what seals the message; the link is made with the end of it, however often it ran.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal sealed class TellOfNewDevice(
    Verifications verifications,
    NewDeviceVerification purpose,
    SubjectKeys subjectKeys,
    BlindIndex blindIndex,
    AccountNotice notice,
    HttpOptions http,
    ITenantDirectory tenants
) : IJob
{
    public const string Template = "new-device";
    public const string LinkPath = "/sign-in/not-me";

    public static string Kind => "identity.tell-of-new-device";

    public static void Enqueue(Transaction tx, StoredUser user, Guid session, Actor actor) =>
        tx.Enqueue(
            Kind,
            Guid.CreateVersion7(tx.Now),
            JsonSerializer.Serialize(
                new NewDeviceMessage
                {
                    Tenant = user.TenantId,
                    User = user.Id,
                    Session = session,
                    Network = actor.Network,
                    Device = actor.Device,
                    At = tx.Now,
                },
                NewDeviceMessageJson.Default.NewDeviceMessage
            )
        );

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var due = JsonSerializer.Deserialize(payload, NewDeviceMessageJson.Default.NewDeviceMessage)!;
        if (
            await subjectKeys.FindAsync(due.User, cancellationToken) is not { } key
            || await tenants.FindAsync(due.Tenant, cancellationToken) is not { } tenant
        )
            return JobResult.Done();
        return JobResult.Done(tx => TellAsync(tx, due, http.LinkBase(tenant), key, cancellationToken));
    }

    private async Task TellAsync(Transaction tx, NewDeviceMessage due, string links, SubjectKey key, CancellationToken cancellationToken)
    {
        if (
            await LockedUser.LockAsync(tx, due.Tenant, due.User) is not { } user
            || !NewDevices.IsDue(user.Row, tx.Now)
            || user.Row.OpenContact(key) is not { } contact
        )
            return;
        await tx.ExecuteAsync(
            "update identity.users set new_device_told_at = @Now where tenant_id = @Tenant and id = @User",
            new
            {
                tx.Now,
                due.Tenant,
                due.User,
            }
        );
        List<(string Name, string Value)> values =
        [
            AccountNotice.Name(user),
            notice.Device(user, due.Device),
            ("network", due.Network),
            AccountNotice.At(due.At),
            ("signIn", links + SignInPage.Path),
        ];
        // A text message holds no link that opens anything.
        if (contact is EmailAddress)
        {
            values.Add(("link", $"{links}{LinkPath}?token={await BeginAsync(tx, due, contact, cancellationToken)}"));
            values.Add(("days", purpose.Lifetime.Days.ToString(CultureInfo.InvariantCulture)));
        }

        notice.RequestTo(contact, tx, user, key, Template, values);
        tx.Record(
            new AuditRecord(due.Tenant, "sign-in.new-device-told")
            {
                Subject = due.User,
                Session = due.Session,
                Network = due.Network,
                Device = due.Device,
            }
        );
        await user.SaveAsync(tx);
    }

    /// <returns>What the link carries.</returns>
    private async Task<string> BeginAsync(Transaction tx, NewDeviceMessage due, IContact contact, CancellationToken cancellationToken)
    {
        var flowKey = await verifications.CreateKeyAsync(tx, purpose, due.Tenant, cancellationToken);
        var issued = verifications.Make(purpose, flowKey.Subject);
        await verifications.BeginAsync(
            tx,
            purpose,
            due.Tenant,
            flowKey,
            new NewDevicePayload(due.Session, due.At, blindIndex.Compute(due.Tenant, contact.Kind, contact.Canonical)),
            NewDevicePayloadJson.Default.NewDevicePayload,
            issued.Hashes.WithoutCode(),
            target: null,
            due.User
        );
        return issued.Link.Reveal();
    }
}

/// <summary>What the queued job knows: no address and no name.</summary>
internal sealed record NewDeviceMessage
{
    public required Guid Tenant { get; init; }

    public required Guid User { get; init; }

    public required Guid Session { get; init; }

    public required string Network { get; init; }

    public required string Device { get; init; }

    public required DateTimeOffset At { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NewDeviceMessage))]
internal sealed partial class NewDeviceMessageJson : JsonSerializerContext;
