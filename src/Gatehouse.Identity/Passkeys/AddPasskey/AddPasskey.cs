using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>
/// Adds the passkey that an authenticator has made (<see cref="CreatePasskeyOptions"/>), within five minutes and in the same session.
/// <para>Publishes <c>credential.changed.v1</c>, and tells the user by mail or text message.</para>
/// </summary>
internal static class AddPasskey
{
    public const string Credential = "passkey";
    public const string NoticeTemplate = "passkey-added";

    public sealed record Request
    {
        [Description("As the options said.")]
        [Required]
        public string? CeremonyId { get; init; }

        [Description("What the user calls it, one line of at most 64 characters.")]
        [Required, MaxLength(PasskeyName.MaxLength)]
        public string? Name { get; init; }

        [Description(PasskeyCredential.Description)]
        [Required]
        public IReadOnlyDictionary<string, JsonElement>? Credential { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/passkeys",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(added =>
                        TypedResults.Json(added, statusCode: StatusCodes.Status201Created)
                    )
            )
            .WithName(nameof(AddPasskey))
            .WithSummary("Add a passkey")
            .WithDescription(
                "Sends what the authenticator answered to the options. The user is told by e-mail or text message. From now on sign-in "
                    + "with a password asks for a passkey or a recovery code, too; who has no recovery codes yet gets them here."
            )
            .Produces<AddedPasskey>(StatusCodes.Status201Created)
            .ProducesProblems(403, 409, 422)
            .RequireSignIn()
            .AllowBeforeEnrollment();

    internal sealed class Handler(
        Database database,
        SubjectKeys subjectKeys,
        WebAuthn webAuthn,
        RecoveryCodes recoveryCodes,
        SecondFactors secondFactors,
        AccountNotice notice,
        PasskeyMetrics metrics
    )
    {
        public async Task<Outcome<AddedPasskey>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var ceremony = CeremonyId.Parse(request.CeremonyId, "ceremonyId", errors);
            var name = PasskeyName.Parse(request.Name, "name", errors);
            var credential = PasskeyCredential.Parse(request.Credential, "credential", errors);
            if (errors.Any || ceremony is null || name is null || credential is null)
                return RequestErrors.InvalidWith(errors);

            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync(
                "passkey.add",
                tx => AddAsync(tx, new PasskeyAnswer(ceremony.Value, credential, Browser: null), name, key, actor),
                cancellationToken
            );
        }

        private async Task<Outcome<AddedPasskey>> AddAsync(
            Transaction tx,
            PasskeyAnswer answer,
            PasskeyName name,
            SubjectKey key,
            Actor actor
        )
        {
            var (tenant, id) = (actor.Tenant.Id, actor.RequiredUser.Id);
            if (await LockedUser.LockAsync(tx, tenant, id) is not { } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.IsUnverified)
                return PasskeysErrors.VerificationRequired;
            // Since the options were asked for, a second factor may have been added elsewhere: this session has not proved it.
            var session = await UserSession.FindAsync(tx, tenant, actor.RequiredUser.SessionId);
            if (!SecondFactorRules.IsProved(user.Row.SecondFactors, session?.Amr ?? [], actor.Tenant.Settings))
                return SignInErrors.ReauthenticationRequired;
            if ((await StoredPasskey.ListAsync(tx, tenant, id)).Count >= StoredPasskey.Max)
                return PasskeysErrors.LimitReached;

            var purpose = CeremonyPurpose.Add(id, actor.RequiredUser.SessionId);
            var ceremony = await PasskeyCeremonies.TakeAsync(tx, tenant, answer.CeremonyId, purpose, answer.Browser);
            var made = ceremony is null ? null : await webAuthn.ReadNewAsync(ceremony, answer.Credential);
            var record = AuditRecord.Of(actor, "passkey.added") with { Subject = id };
            if (made is null || await InsertAsync(tx, user, ceremony!.Party, made, key.Encrypt(name)) is not { } passkey)
            {
                tx.Record(record.RefusedWith(PasskeysErrors.NotAdded.Code));
                return PasskeysErrors.NotAdded;
            }

            tx.Record(record.WithFact("passkey", passkey.Id.ToString()));
            user.Publish(
                tx,
                new CredentialChangedV1
                {
                    UserId = id,
                    Credential = Credential,
                    Reason = "added",
                }
            );
            notice.Request(tx, user, key, NoticeTemplate, actor.Device, ("passkey", name.Value));
            await secondFactors.HoldAsync(tx, user, SecondFactorNames.Passkey, actor);
            // The device verified its user when it made the passkey.
            await FreshAuthentication.NoteAsync(tx, actor, FirstFactor.Passkey.Amr);
            var codes = await RecoveryCodes.CountAsync(tx, user.Row) > 0 ? [] : await recoveryCodes.ReplaceAsync(tx, user.Row);
            await user.SaveAsync(tx);
            tx.AfterCommit(metrics.Added);
            return new AddedPasskey { Passkey = passkey.View(key), RecoveryCodes = codes };
        }

        /// <returns>Null if the credential has an owner already.</returns>
        private static Task<StoredPasskey?> InsertAsync(
            Transaction tx,
            LockedUser user,
            RelyingParty party,
            UserPasskeyInfo made,
            EncryptedValue<PasskeyName> name
        ) =>
            tx.FirstOrDefaultAsync<StoredPasskey>(
                $"""
                insert into identity.passkeys (tenant_id, id, user_id, relying_party, credential_id, public_key, sign_count, transports,
                    is_backup_eligible, is_backed_up, name, created_at)
                values (@TenantId, @passkey, @Id, @party, @CredentialId, @PublicKey, @count, @transports,
                    @IsBackupEligible, @IsBackedUp, @name, @Now)
                on conflict on constraint passkeys_credential_taken do nothing
                returning {StoredPasskey.Columns}
                """,
                new
                {
                    user.Row.TenantId,
                    user.Row.Id,
                    passkey = Guid.CreateVersion7(tx.Now),
                    party = party.Id,
                    made.CredentialId,
                    made.PublicKey,
                    count = (long)made.SignCount,
                    transports = Transports.Known(made.Transports),
                    made.IsBackupEligible,
                    made.IsBackedUp,
                    name,
                    tx.Now,
                }
            );
    }
}

/// <summary>A passkey that was just added.</summary>
public sealed record AddedPasskey
{
    public required PasskeyView Passkey { get; init; }

    [Description(NewRecoveryCodes.Description)]
    public required IReadOnlyList<string> RecoveryCodes { get; init; }

    public override string ToString() => "[passkey]";
}

/// <summary>How a browser reaches an authenticator (Web Authentication, level 3, section 5.8.4). Pure.</summary>
internal static class Transports
{
    private static readonly string[] All = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

    /// <summary>Those that are one; the rest of what a browser says is not stored.</summary>
    public static string[] Known(IEnumerable<string>? said) => said is null ? [] : [.. All.Intersect(said, StringComparer.Ordinal)];
}
