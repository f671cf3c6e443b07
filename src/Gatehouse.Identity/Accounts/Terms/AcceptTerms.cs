using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Accepts the present terms of service for the signed-in user. Accepting them again changes nothing.
/// <para>Publishes <c>user.terms-accepted.v1</c>.</para>
/// </summary>
internal static class AcceptTerms
{
    public sealed record Request
    {
        [Description("The version of the present terms.")]
        [Required, MaxLength(AcceptedTerms.MaxVersion)]
        public string? Version { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/terms",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(AcceptTerms))
            .WithSummary("Accept the terms of service")
            .WithDescription("404: the tenant has no terms.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404)
            .RequireSignIn();

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<bool>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (actor.Tenant.Terms is not { } terms)
                return AccountsErrors.NoTerms;
            var (request, errors) = input;
            if (AcceptedTerms.Check(terms, request.Version, "version", errors) is not { } version)
                return RequestErrors.InvalidWith(errors);
            return await database.InTransactionAsync("user.accept-terms", tx => AcceptAsync(tx, version, actor), cancellationToken);
        }

        private static async Task<Outcome<bool>> AcceptAsync(Transaction tx, string version, Actor actor)
        {
            // Without a user the token outlived the account by a moment.
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id) is not { } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.TermsVersion == version)
                return true;
            await AcceptedTerms.RecordAsync(tx, user, version, tx.Now);
            tx.Record((AuditRecord.Of(actor, "user.terms-accepted") with { Subject = user.Row.Id }).WithFact("version", version));
            await user.SaveAsync(tx);
            return true;
        }
    }
}
