using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// Gives up codes by text message or mail. Not the last factor where one is required, nor where the password is too short to stand alone.
/// <para>Publishes <c>credential.changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class RemoveSentCode
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/me/factors/{factor}",
                async (string factor, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(factor, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveSentCode))
            .WithSummary("Remove codes by text message or e-mail")
            .WithDescription("The factor is sms or email. Sign-in does not ask for such codes any more.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 409)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, SecondFactors factors)
    {
        public async Task<Outcome<bool>> HandleAsync(string factor, Actor actor, CancellationToken cancellationToken)
        {
            if (!SentCodeFactor.IsOne(factor))
                return FactorsErrors.NotFound;
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("sent-code.remove", tx => RemoveAsync(tx, key, factor, actor), cancellationToken);
        }

        private async Task<Outcome<bool>> RemoveAsync(Transaction tx, SubjectKey key, string factor, Actor actor)
        {
            if (
                await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { } user
                || await StoredSentCode.FindAsync(tx, user.Row.TenantId, user.Row.Id, factor) is not { } stored
            )
                return FactorsErrors.NotFound;
            if (stored.ConfirmedAt is not null)
            {
                if (await SecondFactors.MayRemoveAsync(tx, user.Row, factor, actor.Tenant.Settings) is { } rejection)
                    return rejection;
                await factors.RemoveAsync(tx, user, key, factor, actor);
            }

            await StoredSentCode.RemoveAsync(tx, user.Row, factor);
            await user.SaveAsync(tx);
            return true;
        }
    }
}
