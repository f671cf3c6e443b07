using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// The code that was sent came back; from then on sign-in asks for one. Who has no recovery codes yet gets them with it.
/// <para>Publishes <c>credential.changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ConfirmSentCode
{
    public sealed record Request
    {
        [Description("The six digits that were sent.")]
        [Required, MaxLength(8)]
        public string? Code { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/factors/{factor}/confirm",
                async (string factor, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(factor, body.Input, http.Actor(), http.RequestAborted)).ToResult(codes =>
                        TypedResults.Ok(codes)
                    )
            )
            .WithName(nameof(ConfirmSentCode))
            .WithSummary("Confirm codes by text message or e-mail")
            .WithDescription("From now on sign-in asks for such a code. A wrong code uses one of five attempts.")
            .Produces<NewRecoveryCodes>()
            .ProducesProblems(403, 404, 409, 410, 422)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(VerificationArea.VerifyLimit)
            .RequireFresh();

    internal sealed class Handler(
        Database database,
        SubjectKeys subjectKeys,
        SecondFactors factors,
        SentCodes codes,
        SentCodeVerification purpose,
        RecoveryCodes recoveryCodes
    )
    {
        public async Task<Outcome<NewRecoveryCodes>> HandleAsync(
            string factor,
            Input<Request> input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (!SentCodeFactor.IsOne(factor))
                return FactorsErrors.NotFound;
            var (request, errors) = input;
            var code = OneTimeCode.Parse(request.Code, purpose.CodeDigits, "code", errors);
            if (errors.Any || code is null)
                return RequestErrors.InvalidWith(errors);
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync(
                "sent-code.confirm",
                tx => ConfirmAsync(tx, key, factor, code, actor),
                cancellationToken
            );
        }

        private async Task<Outcome<NewRecoveryCodes>> ConfirmAsync(
            Transaction tx,
            SubjectKey key,
            string factor,
            OneTimeCode code,
            Actor actor
        )
        {
            if (
                await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { } user
                || await StoredSentCode.FindAsync(tx, user.Row.TenantId, user.Row.Id, factor) is not { } stored
                || user.Row.OpenContact(key, SentCodeFactor.KindOf(factor)) is not { } contact
            )
                return FactorsErrors.NotFound;
            if (stored.ConfirmedAt is not null)
                return FactorsErrors.AlreadyAdded;
            if (await codes.AcceptAsync(tx, user.Row, contact, stored.VerificationId, code) is { } rejection)
                return rejection;

            await StoredSentCode.NoteUseAsync(tx, user.Row, factor);
            await factors.AddAsync(tx, user, key, factor, actor);
            // The session that confirmed it has proved it. A mailed code takes nothing from one that proved a better factor.
            var methods = SentCodeFactor.MethodsOf(factor);
            if (SecondFactorRules.Strengthens(factor))
                await FreshAuthentication.NoteAsync(tx, actor, [.. methods, AuthenticationMethods.Several]);
            else if (!SecondFactorRules.Counting(user.Row.SecondFactors, actor.Tenant.Settings).Any(SecondFactorRules.Strengthens))
                await FreshAuthentication.NoteAsync(tx, actor, methods);
            var made = await RecoveryCodes.CountAsync(tx, user.Row) > 0 ? null : await recoveryCodes.ReplaceAsync(tx, user.Row);
            await user.SaveAsync(tx);
            return new NewRecoveryCodes { RecoveryCodes = made ?? [] };
        }
    }
}
