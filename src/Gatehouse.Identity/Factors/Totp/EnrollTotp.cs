using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// Makes the secret of an authenticator app. It counts once a code of it was confirmed (<see cref="ConfirmTotp"/>); until then a new one
/// replaces it.
/// </summary>
internal static class EnrollTotp
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/totp",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(response => TypedResults.Ok(response))
            )
            .WithName(nameof(EnrollTotp))
            .WithSummary("Add an authenticator app")
            .WithDescription("Makes a secret for an authenticator app. It counts once one of its codes was sent to /v1/me/totp/confirm.")
            .Produces<TotpEnrollment>()
            .ProducesProblems(403, 409)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys)
    {
        public async Task<Outcome<TotpEnrollment>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            if (SecondFactorRules.Counting([SecondFactorNames.Totp], actor.Tenant.Settings).Count == 0)
                return FactorsErrors.NotAllowed;
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("totp.enroll", tx => EnrollAsync(tx, key, actor), cancellationToken);
        }

        /// <summary>The one that waits to be confirmed, shown again; null for none.</summary>
        public async Task<TotpEnrollment?> FindAsync(Actor actor, CancellationToken cancellationToken)
        {
            var (tenant, id) = (actor.Tenant.Id, actor.RequiredUser.Id);
            var user = await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, id), cancellationToken);
            var totp = await database.QueryAsync(db => StoredTotp.FindAsync(db, tenant, id), cancellationToken);
            var key = await subjectKeys.FindAsync(id, cancellationToken);
            return user is null || key is null || totp is not { ConfirmedAt: null } ? null : Show(key.Open(totp.Secret), user, key, actor);
        }

        private static async Task<Outcome<TotpEnrollment>> EnrollAsync(Transaction tx, SubjectKey key, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id) is not { } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.IsUnverified)
                return FactorsErrors.VerificationRequired;
            if (await StoredTotp.FindAsync(tx, user.Row.TenantId, user.Row.Id) is { ConfirmedAt: not null })
                return FactorsErrors.AlreadyAdded;
            var secret = TotpSecret.New();
            await tx.ExecuteAsync(
                """
                insert into identity.totp (tenant_id, user_id, secret, created_at) values (@TenantId, @Id, @secret, @Now)
                on conflict on constraint totp_pkey do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0
                """,
                new
                {
                    user.Row.TenantId,
                    user.Row.Id,
                    secret = key.Encrypt(secret),
                    tx.Now,
                }
            );
            tx.Record(
                AuditRecord.Of(actor, "second-factor.begun").WithFact("factor", SecondFactorNames.Totp) with
                {
                    Subject = user.Row.Id,
                }
            );
            return Show(secret, user.Row, key, actor);
        }

        private static TotpEnrollment Show(TotpSecret secret, StoredUser user, SubjectKey key, Actor actor)
        {
            var account = user.OpenEmail(key)?.Delivery ?? user.OpenPhone(key)?.Delivery ?? user.Name.Value;
            var address = secret.Address(actor.Tenant.DisplayName, account);
            return new TotpEnrollment
            {
                Secret = secret.Reveal(),
                Address = address,
                QrCode = Draw(address),
            };
        }

        private static string Draw(string address)
        {
            using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
            using var code = new SvgQRCode(data);
            return code.GetGraphic(4, "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
        }
    }
}

/// <summary>The secret of an authenticator app that waits to be confirmed.</summary>
public sealed record TotpEnrollment
{
    [Description("The secret in Base32, to be typed into the app where its picture cannot be read. It is shown this once.")]
    public required string Secret { get; init; }

    [Description("The same as an otpauth address, with the account it is for.")]
    public required string Address { get; init; }

    [Description("The address as a QR code: SVG with nothing but shapes and their attributes.")]
    public required string QrCode { get; init; }

    public override string ToString() => "[totp secret]";
}
