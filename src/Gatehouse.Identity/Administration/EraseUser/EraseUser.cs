using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Closing;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>Erases another user, at once and for good (<see cref="Erasure"/>).</summary>
internal static class EraseUser
{
    /// <summary>What the audit keeps: why, in one of these words. A text could name the user.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["requested", "law", "abuse", "test", "other"];

    public sealed record Request
    {
        [Description("Why: requested (by the user), law, abuse, test or other.")]
        [Required, MaxLength(20)]
        public string? Reason { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/{id:guid}/erase",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(EraseUser))
            .WithSummary("Erase a user")
            .WithDescription(
                "At once and for good: sessions end, contact data, profile and everything that signs the user in are deleted, and the key "
                    + "is destroyed with which the rest is encrypted. Other services hear of it. Nobody erases their account here, or a "
                    + "user whose roles allow more than the own ones."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(409)
            .RequirePermission(AdministrationArea.EraseUsers)
            .RequireFresh();

    internal sealed class Handler(Database database, ManagedUsers users, Erasure erasure)
    {
        public async Task<Outcome<Guid>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (string.IsNullOrEmpty(request.Reason))
                errors.Add("reason", ValidationCodes.Required);
            else if (!Reasons.Contains(request.Reason, StringComparer.Ordinal))
                errors.Add("reason", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", Reasons))));
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            if (id == actor.User?.Id)
                return AdministrationErrors.OwnAccount;
            if (await users.RejectChangeAsync(id, actor, "user.erased", cancellationToken) is { } rejection)
                return rejection;
            return await database.InTransactionAsync("user.erase", tx => EraseAsync(tx, id, request.Reason!, actor), cancellationToken);
        }

        private async Task<Outcome<Guid>> EraseAsync(Transaction tx, Guid id, string reason, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is not { } user)
                return AdministrationErrors.UserNotFound;
            await erasure.EraseAsync(tx, user, AuditRecord.Of(actor, "user.erased") with { Reason = reason });
            return id;
        }
    }
}
