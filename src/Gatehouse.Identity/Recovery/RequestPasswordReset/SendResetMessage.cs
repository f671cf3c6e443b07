using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// Finds the account that a reset is about, makes code and link and asks for the message, all with the end of the job: so each message is
/// made once, however often the job ran. Where there is no account with a proved address or number, or its quota is used up, the reset
/// gets hashes that nothing matches, and the same new times: the moment at which a code expires must not tell either. <para>Publishes
/// <c>notification.requested.v1</c>.</para>
/// </summary>
internal sealed partial class SendResetMessage(
    Database database,
    Verifications verifications,
    ResetVerification purpose,
    SubjectKeys subjectKeys,
    ServerKeys serverKeys,
    BlindIndex blindIndex,
    NotificationEncryptor encryptor,
    ResetOptions options,
    HttpOptions http,
    ITenantDirectory tenants,
    TimeProvider clock,
    ILogger<SendResetMessage> logger
) : IJob
{
    public const string Template = "password-reset";
    public const string LinkPath = "/reset";

    public static string Kind => "identity.send-reset-message";

    /// <param name="send">The how-manieth message of this reset; one that is overtaken by the next is not made.</param>
    /// <param name="template">Of the mail.</param>
    public static void Enqueue(Transaction tx, Guid reset, int send, Actor actor, string template = Template) =>
        tx.Enqueue(
            Kind,
            Guid.CreateVersion7(tx.Now),
            JsonSerializer.Serialize(
                new ResetMessage
                {
                    Tenant = actor.Tenant.Id,
                    Reset = reset,
                    Send = send,
                    Network = actor.Network,
                    Device = actor.Device,
                    Template = template,
                },
                ResetMessageJson.Default.ResetMessage
            )
        );

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var due = JsonSerializer.Deserialize(payload, ResetMessageJson.Default.ResetMessage)!;
        var flowKey = await subjectKeys.FindAsync(due.Reset, cancellationToken);
        var account = flowKey is null ? null : await database.QueryAsync(db => FindAccountAsync(db, due, flowKey), cancellationToken);
        var key = account is null ? null : await subjectKeys.FindAsync(account.Id, cancellationToken);
        return await tenants.FindAsync(due.Tenant, cancellationToken) is { } tenant
            ? JobResult.Done(tx => MakeAsync(tx, due, tenant, key, flowKey))
            : JobResult.Done();
    }

    private async Task<StoredUser?> FindAccountAsync(DbSession db, ResetMessage due, SubjectKey flowKey)
    {
        var reset = await verifications.FindAsync(db, purpose, due.Tenant, due.Reset, clock.GetUtcNow());
        if (reset is null or { CompletedAt: not null })
            return null;
        return await reset.Read(ResetPayloadJson.Default.ResetPayload).OpenIdentifier(flowKey).FindAsync(db, due.Tenant, blindIndex);
    }

    /// <param name="key">The key of the user; null where there is nobody.</param>
    private async Task MakeAsync(Transaction tx, ResetMessage due, Tenant tenant, SubjectKey? key, SubjectKey? flowKey)
    {
        var issued = verifications.Make(purpose, due.Reset);
        // Hashes that nothing matches first: whether there is an account decides which ones stay, and the row is this job's until then.
        var reset = await verifications.IssueAsync(tx, purpose, due.Tenant, due.Reset, due.Send, IssuedHashes.None, userId: null);
        if (reset is null)
            return;

        var user = key is null || reset.CompletedAt is not null ? null : await LockedUser.LockAsync(tx, due.Tenant, key.Subject);
        var address = user is null ? null : await AddressAsync(tx, reset, user.Row, tenant.Settings, key!, flowKey!);
        var hashes = address is null ? IssuedHashes.None : issued.Hashes;
        // A text message has a code only.
        if (address is PhoneNumber)
            hashes = hashes.WithoutLink();
        await verifications.IssueAsync(tx, purpose, due.Tenant, due.Reset, due.Send, hashes, address is null ? null : user!.Row.Id);
        if (user is null || address is null)
            return;

        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = address.Channel,
                Template = due.Template ?? Template,
                Language = user.Row.Language,
                ExpiresAt = reset.CodeExpiresAt,
                Personal = encryptor.Seal(key!, due.Tenant, address, Values(user.Row, address, reset.Id, issued, http.LinkBase(tenant))),
            }
        );
        tx.Record(
            new AuditRecord(due.Tenant, "password.reset-sent")
            {
                Subject = user.Row.Id,
                Network = due.Network,
                Device = due.Device,
            }.WithFact("reset", reset.Id.ToString())
        );
        await user.SaveAsync(tx);
    }

    /// <summary>Where the message goes, within its quota: to the verified address or number that was typed, or for a username to the
    /// one there is; to a number that is a second factor never. Null: nowhere.</summary>
    private async Task<IContact?> AddressAsync(
        Transaction tx,
        PendingVerification reset,
        StoredUser user,
        TenantSettings settings,
        SubjectKey key,
        SubjectKey flowKey
    )
    {
        var contact = user.OpenResetContact(key, settings, reset.Read(ResetPayloadJson.Default.ResetPayload).Kind);
        if (contact is null || user.IsLockedOut || reset.IsSupersededFor(user))
            return null;

        var index = await tx.FirstOrDefaultAsync<BlindIndexEntry>(
            """
            select blind_index from identity.identifiers
             where tenant_id = @TenantId and user_id = @Id and kind = @kind and index_version = @version
               and reserved_until is null
            """,
            new
            {
                user.TenantId,
                user.Id,
                kind = contact.Kind,
                version = BlindIndex.Version,
            }
        );
        if (index is null)
            return null;
        var share = ShareOf(reset, user, flowKey);
        if (
            await CodeQuota.TakeAsync(
                tx,
                user.TenantId,
                CodeQuota.PasswordReset,
                BlindIndex.Version,
                index,
                options.CodesPerAddressAndDay,
                share
            )
        )
            return contact;

        Log.Withheld(logger, reset.Id);
        return null;
    }

    /// <summary>All messages of a reset are taken from the part of who began it.</summary>
    private CodeQuota.Share ShareOf(PendingVerification reset, StoredUser user, SubjectKey flowKey)
    {
        var payload = reset.Read(ResetPayloadJson.Default.ResetPayload);
        var device = DeviceToken.Read(
            serverKeys.Get(ServerKeys.Devices),
            payload.OpenDevice(flowKey),
            user.TenantId,
            user.Id,
            user.PasswordChangedAt
        );
        return CodeQuota.Share.OfSource(payload.Network, device?.DeviceId, options);
    }

    private Dictionary<string, string> Values(StoredUser user, IContact address, Guid reset, IssuedCode issued, string links)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = user.Name.Value,
            ["code"] = issued.Code.Reveal(),
            ["again"] = links + ForgotPage.Path,
            ["minutes"] = options.CodeMinutes.ToString(CultureInfo.InvariantCulture),
        };
        if (address is EmailAddress)
        {
            values["link"] = $"{links}{LinkPath}?id={reset}&token={issued.Link.Reveal()}";
            values["linkMinutes"] = options.LinkMinutes.ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "No message was sent for password reset {ResetId}: the daily limit of the address, network or device is reached"
        )]
        public static partial void Withheld(ILogger logger, Guid resetId);
    }
}

/// <summary>What the queued job knows: nothing of the user. Where the request came from is for the audit.</summary>
internal sealed record ResetMessage
{
    public required Guid Tenant { get; init; }

    public required Guid Reset { get; init; }

    public required int Send { get; init; }

    public required string Network { get; init; }

    public required string Device { get; init; }

    /// <summary>Null in jobs of before there were several.</summary>
    public string? Template { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ResetMessage))]
internal sealed partial class ResetMessageJson : JsonSerializerContext;
