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
/// A code of the app proves that it has the secret; from then on sign-in asks for one. Who has no recovery codes yet gets them with it.
/// <para>Publishes <c>credential.changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ConfirmTotp
{
    public sealed record Request
    {
        [Description("The six digits that the app shows.")]
        [Required, MaxLength(TotpSecret.Digits)]
        public string? Code { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/totp/confirm",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(codes => TypedResults.Ok(codes))
            )
            .WithName(nameof(ConfirmTotp))
            .WithSummary("Confirm an authenticator app")
            .WithDescription("From now on sign-in asks for a code of the app. The code that confirmed it is used up.")
            .Produces<NewRecoveryCodes>()
            .ProducesProblems(403, 404, 409, 422)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(VerificationArea.VerifyLimit)
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, SecondFactors factors, RecoveryCodes recoveryCodes)
    {
        public async Task<Outcome<NewRecoveryCodes>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var code = OneTimeCode.Parse(request.Code, TotpSecret.Digits, "code", errors);
            if (errors.Any || code is null)
                return RequestErrors.InvalidWith(errors);
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("totp.confirm", tx => ConfirmAsync(tx, key, code, actor), cancellationToken);
        }

        private async Task<Outcome<NewRecoveryCodes>> ConfirmAsync(Transaction tx, SubjectKey key, OneTimeCode code, Actor actor)
        {
            var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id);
            var totp = user is null ? null : await StoredTotp.FindAsync(tx, user.Row.TenantId, user.Row.Id);
            if (user is null || totp is null)
                return FactorsErrors.NotFound;
            if (user.Row.IsUnverified)
                return FactorsErrors.VerificationRequired;
            if (totp.ConfirmedAt is not null)
                return FactorsErrors.AlreadyAdded;
            if (!await totp.AcceptAsync(tx, key, code.Reveal()))
                return VerificationErrors.CodeWrong;

            await factors.AddAsync(tx, user, key, SecondFactorNames.Totp, actor);
            // The session that confirmed it has proved both.
            await FreshAuthentication.NoteAsync(tx, actor, [AuthenticationMethods.OneTimeCode, AuthenticationMethods.Several]);
            var codes = await RecoveryCodes.CountAsync(tx, user.Row) > 0 ? null : await recoveryCodes.ReplaceAsync(tx, user.Row);
            await user.SaveAsync(tx);
            return new NewRecoveryCodes { RecoveryCodes = codes ?? [] };
        }
    }
}
