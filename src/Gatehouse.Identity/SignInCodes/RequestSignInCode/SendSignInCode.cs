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

namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// Finds who a sign-in is about, makes code and link and asks for the message, all with the end of the job: so each message is made once,
/// however often the job ran. Where nobody may sign in, or the quota is used up, the sign-in gets hashes that nothing matches, and the same
/// new times. <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal sealed partial class SendSignInCode(
    Database database,
    Verifications verifications,
    SignInCodeVerification purpose,
    CodeLength length,
    SubjectKeys subjectKeys,
    ServerKeys serverKeys,
    BlindIndex blindIndex,
    NotificationEncryptor encryptor,
    SignInCodeOptions options,
    HttpOptions http,
    MessageCatalog texts,
    ITenantDirectory tenants,
    TimeProvider clock,
    ILogger<SendSignInCode> logger
) : IJob
{
    public const string Template = "sign-in-code";
    public const string LinkPath = SignInPage.Path + "/link";

    /// <summary>The daily quota of an address (<see cref="CodeQuota"/>).</summary>
    private const string Quota = "sign-in-code";

    public static string Kind => "identity.send-sign-in-code";

    /// <param name="send">The how-manieth message of this sign-in; one that is overtaken by the next is not made.</param>
    public static void Enqueue(Transaction tx, Guid signIn, int send, Actor actor) =>
        tx.Enqueue(
            Kind,
            Guid.CreateVersion7(tx.Now),
            JsonSerializer.Serialize(
                new SignInMessage
                {
                    Tenant = actor.Tenant.Id,
                    SignIn = signIn,
                    Send = send,
                    Network = actor.Network,
                    Device = actor.Device,
                },
                SignInMessageJson.Default.SignInMessage
            )
        );

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var due = JsonSerializer.Deserialize(payload, SignInMessageJson.Default.SignInMessage)!;
        var tenant = await tenants.FindAsync(due.Tenant, cancellationToken);
        var flowKey = await subjectKeys.FindAsync(due.SignIn, cancellationToken);
        var account = flowKey is null ? null : await database.QueryAsync(db => FindAccountAsync(db, due, flowKey), cancellationToken);
        var key = account is null ? null : await subjectKeys.FindAsync(account.Id, cancellationToken);
        return JobResult.Done(tx => MakeAsync(tx, due, tenant, flowKey, new Account(account?.Id, key)));
    }

    private async Task<StoredUser?> FindAccountAsync(DbSession db, SignInMessage due, SubjectKey flowKey)
    {
        var signIn = await verifications.FindAsync(db, purpose, due.Tenant, due.SignIn, clock.GetUtcNow());
        return signIn is null or { CompletedAt: not null }
            ? null
            : await signIn.Payload().OpenIdentifier(flowKey).FindAsync(db, due.Tenant, blindIndex);
    }

    /// <param name="tenant">Null when it is served no more.</param>
    private async Task MakeAsync(Transaction tx, SignInMessage due, Tenant? tenant, SubjectKey? flowKey, Account account)
    {
        var issued = verifications.Make(purpose, due.SignIn, await length.DigitsAsync(tx, due.Tenant));
        // Hashes that nothing matches first: who there is decides which ones stay, and the row is this job's until then.
        var signIn = await verifications.IssueAsync(tx, purpose, due.Tenant, due.SignIn, due.Send, IssuedHashes.None, userId: null);
        if (signIn is null or { CompletedAt: not null } || tenant is null || flowKey is null)
            return;

        var user = account.Key is null ? null : await LockedUser.LockAsync(tx, due.Tenant, account.Key.Subject);
        var payload = signIn.Payload();
        var contact =
            user is not null ? ContactOf(signIn, user.Row, account.Key!)
            : account.Id is null && payload.MayRegister(tenant.Settings) ? payload.OpenContact(flowKey)
            : null;
        if (contact is null || !await TakeAsync(tx, payload, contact, user?.Row, tenant, flowKey))
            return;

        // A text message has a code only.
        var hashes = contact is PhoneNumber ? issued.Hashes.WithoutLink() : issued.Hashes;
        await verifications.IssueAsync(tx, purpose, due.Tenant, due.SignIn, due.Send, hashes, user?.Row.Id);
        Request(tx, signIn, contact, issued, user, new Letter(tenant, account.Key ?? flowKey, due.Device));
        tx.Record(
            new AuditRecord(due.Tenant, "sign-in.code-sent")
            {
                Subject = user?.Row.Id,
                Network = due.Network,
                Device = due.Device,
            }.WithSignIn(signIn.Id)
        );
        if (user is not null)
            await user.SaveAsync(tx);
    }

    /// <summary>The verified address or number that was typed, or for a username the one there is. Null: nowhere.</summary>
    private static IContact? ContactOf(PendingVerification signIn, StoredUser user, SubjectKey key) =>
        user.IsLockedOut || signIn.IsSupersededFor(user) ? null : user.OpenContact(key, signIn.Payload().ContactKind);

    /// <summary>All messages of a sign-in are taken from the part of who began it.</summary>
    private async Task<bool> TakeAsync(
        Transaction tx,
        SignInCodePayload payload,
        IContact contact,
        StoredUser? user,
        Tenant tenant,
        SubjectKey flowKey
    )
    {
        var device = DeviceToken.Read(
            serverKeys.Get(ServerKeys.Devices),
            payload.OpenDevice(flowKey),
            tenant.Id,
            user?.Id ?? Guid.Empty,
            user?.PasswordChangedAt
        );
        var isTaken = await CodeQuota.TakeAsync(
            tx,
            tenant.Id,
            Quota,
            BlindIndex.Version,
            blindIndex.Compute(tenant.Id, contact.Kind, contact.Canonical),
            options.CodesPerAddressAndDay,
            CodeQuota.Share.OfSource(payload.Network, device?.DeviceId, options)
        );
        if (!isTaken)
            Log.Withheld(logger, tenant.Id);
        return isTaken;
    }

    private void Request(Transaction tx, PendingVerification signIn, IContact contact, IssuedCode issued, LockedUser? user, Letter letter)
    {
        var payload = signIn.Payload();
        var language = user?.Row.Language ?? payload.Language;
        var links = http.LinkBase(letter.Tenant);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["code"] = issued.Code.Reveal(),
            ["minutes"] = options.CodeMinutes.ToString(CultureInfo.InvariantCulture),
            ["device"] = ClientDevice.Describe(letter.Device, language, texts),
        };
        if (contact is EmailAddress)
        {
            values["link"] = $"{links}{LinkPath}?token={issued.Link.Reveal()}";
            values["linkMinutes"] = options.LinkMinutes.ToString(CultureInfo.InvariantCulture);
        }

        var requested = new NotificationRequestedV1
        {
            NotificationId = Guid.CreateVersion7(tx.Now),
            Channel = contact is PhoneNumber && payload.Channel is { } channel ? channel : contact.Channel,
            Template = Template,
            Language = language,
            ExpiresAt = signIn.CodeExpiresAt,
            Personal = encryptor.Seal(letter.Key, letter.Tenant.Id, contact, values),
        };
        if (user is null)
            tx.Publish(letter.Tenant.Id, signIn.Id, requested);
        else
            user.Publish(tx, requested);
    }

    /// <param name="Id">Null where nobody has the identifier.</param>
    /// <param name="Key">Null then, too, and when it was destroyed.</param>
    private readonly record struct Account(Guid? Id, SubjectKey? Key);

    /// <param name="Key">What seals it.</param>
    /// <param name="Device">What asked for it.</param>
    private readonly record struct Letter(Tenant Tenant, SubjectKey Key, string Device);

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "A sign-in code of tenant {TenantId} was not sent: the daily limit of the address, network or device is reached"
        )]
        public static partial void Withheld(ILogger logger, Guid tenantId);
    }
}

/// <summary>What the queued job knows: nothing of the user. Where the request came from is for the message and the audit.</summary>
internal sealed record SignInMessage
{
    public required Guid Tenant { get; init; }

    public required Guid SignIn { get; init; }

    public required int Send { get; init; }

    public required string Network { get; init; }

    public required string Device { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignInMessage))]
internal sealed partial class SignInMessageJson : JsonSerializerContext;

internal static class SignInCodeExtensions
{
    public static SignInCodePayload Payload(this PendingVerification signIn) =>
        signIn.Read(SignInCodePayloadJson.Default.SignInCodePayload);

    /// <summary>Whether proving the address or number may make an account.</summary>
    public static bool MayRegister(this SignInCodePayload payload, TenantSettings settings) =>
        settings is { RegistersAutomatically: true, RegistrationIsOpen: true }
        && payload.Kind switch
        {
            Users.EmailKind => settings.RegistersByEmail,
            Users.PhoneKind => settings.RegistersByPhone,
            _ => false,
        };
}
