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
/// Gives up the authenticator app. Not the last factor where one is required, nor where the password is too short to stand alone.
/// <para>Publishes <c>credential.changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class RemoveTotp
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/me/totp",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveTotp))
            .WithSummary("Remove the authenticator app")
            .WithDescription("Sign-in does not ask for its codes any more.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 404, 409)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, SecondFactors factors)
    {
        public async Task<Outcome<bool>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("totp.remove", tx => RemoveAsync(tx, key, actor), cancellationToken);
        }

        private async Task<Outcome<bool>> RemoveAsync(Transaction tx, SubjectKey key, Actor actor)
        {
            var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id);
            if (user is null || await StoredTotp.FindAsync(tx, user.Row.TenantId, user.Row.Id) is not { } totp)
                return FactorsErrors.NotFound;
            if (totp.ConfirmedAt is not null)
            {
                if (await SecondFactors.MayRemoveAsync(tx, user.Row, SecondFactorNames.Totp, actor.Tenant.Settings) is { } rejection)
                    return rejection;
                await factors.RemoveAsync(tx, user, key, SecondFactorNames.Totp, actor);
            }

            await tx.ExecuteAsync(
                "delete from identity.totp where tenant_id = @TenantId and user_id = @Id",
                new { user.Row.TenantId, user.Row.Id }
            );
            await user.SaveAsync(tx);
            return true;
        }
    }
}
