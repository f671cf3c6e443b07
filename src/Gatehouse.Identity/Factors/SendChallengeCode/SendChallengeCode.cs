using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// Sends the code that a challenge can be answered with, to the number or address of the account. Asked again, it sends another one in
/// place of the one before.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class SendChallengeCode
{
    public sealed record Request
    {
        [Description("One of the challenge's factors: sms or email.")]
        [Required, MaxLength(20)]
        public string? Factor { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/challenges/{id:guid}/send",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(view =>
                        TypedResults.Json(view, statusCode: StatusCodes.Status202Accepted)
                    )
            )
            .WithName(nameof(SendChallengeCode))
            .WithSummary("Send the code of a challenge")
            .WithDescription(
                "Possible again after 60, 120 and then every 240 seconds, up to five messages per challenge; earlier codes become invalid "
                    + "at once. The challenge then waits until five minutes after the code expires, up to 30 minutes from its start. "
                    + "A challenge of a session takes the access token of that session."
            )
            .Produces<SentCodeView>(StatusCodes.Status202Accepted)
            .ProducesProblems(404, 409, 429)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit);

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, SentCodes codes, HomeTenants homes, TimeProvider clock)
    {
        public async Task<Outcome<SentCodeView>> HandleAsync(
            Guid id,
            Input<Request> input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            if (string.IsNullOrEmpty(request.Factor))
                errors.Add("factor", ValidationCodes.Required);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var home = await homes.OfAsync(actor, cancellationToken);
            if (await FindAsync(id, home, cancellationToken) is not { } challenge)
                return FactorsErrors.ChallengeNotFound;
            var sent = challenge.Factors.Where(SentCodeFactor.IsOne).ToList();
            if (!sent.Contains(request.Factor, StringComparer.Ordinal))
            {
                errors.Add("factor", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", sent))));
                return RequestErrors.InvalidWith(errors);
            }

            return await subjectKeys.FindAsync(challenge.UserId, cancellationToken) is { } key
                ? await database.InTransactionAsync(
                    "challenge.send",
                    tx => SendAsync(tx, id, key, request.Factor!, home, cancellationToken),
                    cancellationToken
                )
                : FactorsErrors.ChallengeNotFound;
        }

        /// <summary>The code of the challenge that was sent; null for none.</summary>
        public async Task<SentCodeView?> FindSentAsync(Guid id, string factor, Actor actor, CancellationToken cancellationToken)
        {
            var home = await homes.OfAsync(actor, cancellationToken);
            if (
                await FindAsync(id, home, cancellationToken) is not { } challenge
                || await subjectKeys.FindAsync(challenge.UserId, cancellationToken) is not { } key
            )
                return null;
            return await database.QueryAsync(
                async db =>
                    (await StoredUser.FindAsync(db, challenge.TenantId, challenge.UserId))?.OpenContact(key, SentCodeFactor.KindOf(factor))
                        is { } contact
                        ? await codes.FindAsync(db, challenge.TenantId, challenge.VerificationOf(factor), contact, clock.GetUtcNow())
                        : null,
                cancellationToken
            );
        }

        private async Task<PendingChallenge?> FindAsync(Guid id, Actor home, CancellationToken cancellationToken)
        {
            var challenge = await database.QueryAsync(
                db => PendingChallenge.FindAsync(db, home.Tenant.Id, id, clock.GetUtcNow()),
                cancellationToken
            );
            return challenge?.IsOf(home) == true ? challenge : null;
        }

        private async Task<Outcome<SentCodeView>> SendAsync(
            Transaction tx,
            Guid id,
            SubjectKey key,
            string factor,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var tenant = actor.Tenant.Id;
            var user = await LockedUser.LockAsync(tx, tenant, key.Subject);
            var challenge = await PendingChallenge.FindAsync(tx, tenant, id, tx.Now);
            if (
                user is null
                || challenge is null
                || user.Row.IsLockedOut
                || challenge.CreatedAt <= user.Row.PasswordChangedAt
                || !SecondFactorRules.Asked(user.Row.SecondFactors, actor.Tenant.Settings).Contains(factor, StringComparer.Ordinal)
                || user.Row.OpenContact(key, SentCodeFactor.KindOf(factor)) is not { } contact
            )
                return FactorsErrors.ChallengeNotFound;

            var sent = await codes.SendAsync(tx, user, key, contact, challenge.VerificationOf(factor), actor, cancellationToken);
            if (sent.Error is { } rejection)
                return rejection;
            await challenge.KeepAsync(tx, factor, sent.Value.Id, sent.Value.CodeExpiresAt);
            await user.SaveAsync(tx);
            return codes.ViewOf(sent.Value, contact, tx.Now);
        }
    }
}
