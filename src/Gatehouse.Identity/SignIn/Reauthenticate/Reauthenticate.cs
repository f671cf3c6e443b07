using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.SignIn;

/// <summary>Proves again who is signed in (<see cref="FreshAuthentication"/>), for what asks for a young proof. Who has a second factor
/// gets a challenge for it.</summary>
internal static class Reauthenticate
{
    public sealed record Request
    {
        [Description("The current password. Not needed by a user who has a second factor.")]
        [MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/reauthenticate",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult<ChallengeDue?>(due =>
                        due is null ? TypedResults.NoContent() : TypedResults.Ok(due.ToResponse())
                    )
            )
            .WithName(nameof(Reauthenticate))
            .WithSummary("Prove again who you are")
            .WithDescription(
                "Sensitive operations answer 403 identity.reauthentication-required unless the session was authenticated within the last "
                    + "five minutes. The proof counts for the session of the token, at once and without a new token. A user who has a "
                    + "second factor gets a challenge, which is answered with the same access token."
            )
            .Produces<ChallengeResponse>()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(SignInArea.SignInLimit);

    internal sealed class Handler(Database database, FreshAuthentication fresh)
    {
        /// <returns>A challenge for what has to be proved; null if the password was enough.</returns>
        public async Task<Outcome<ChallengeDue?>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (input.Errors.Any)
                return RequestErrors.InvalidWith(input.Errors);
            if (await fresh.FactorsAsync(actor, cancellationToken) is { Count: > 0 } factors)
                return await database.InTransactionAsync(
                    "reauthenticate.challenge",
                    tx => PendingChallenge.BeginAsync(tx, actor.HomeTenantId ?? actor.Tenant.Id, actor.RequiredUser, factors),
                    cancellationToken
                );
            return await fresh.ProveAsync(actor, input.Value.Password, cancellationToken) is { } error
                ? error
                : (Outcome<ChallengeDue?>)(ChallengeDue?)null;
        }
    }
}
