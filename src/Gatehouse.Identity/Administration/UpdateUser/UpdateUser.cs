using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Changes a user's details: the members and rules of <see cref="UpdateMe"/>.
/// <para>Publishes <c>user.updated.v1</c>.</para>
/// </summary>
internal static class UpdateUser
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/users/{id:guid}",
                async (Guid id, JsonBody<UpdateMe.Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        user => http.Tagged(user, user.Tag())
                    )
            )
            .WithName(nameof(UpdateUser))
            .WithSummary("Update a user")
            .WithDescription(
                "Omitted fields stay unchanged. Returns the whole account. With If-Match (the ETag of GET /v1/users/{id}) nothing is "
                    + "changed if the account was changed since."
            )
            .Produces<ManagedUser>()
            .ProducesProblems(409, 412)
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);

    internal sealed class Handler(
        Database database,
        SubjectKeys subjectKeys,
        ManagedUsers users,
        IRegistrationRoles roles,
        PictureAddresses pictures,
        RegistrationOptions options,
        TimeProvider clock
    )
    {
        public async Task<Outcome<ManagedUser>> HandleAsync(
            Guid id,
            Input<UpdateMe.Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var change = AccountChange.Parse(request, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            if (await users.RejectChangeAsync(id, actor, "user.updated", cancellationToken) is { } rejection)
                return rejection;
            return await subjectKeys.FindAsync(id, cancellationToken) is { } key
                ? await Usernames.OrTakenAsync(
                    database.InTransactionAsync("user.update", tx => SaveAsync(tx, id, change, expected, key, actor), cancellationToken)
                )
                : AdministrationErrors.UserNotFound;
        }

        private async Task<Outcome<ManagedUser>> SaveAsync(
            Transaction tx,
            Guid id,
            AccountChange change,
            StringValues expected,
            SubjectKey key,
            Actor actor
        )
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, id) is not { } user)
                return AdministrationErrors.UserNotFound;
            var saved = await change.SaveAsync(tx, user, key, expected, roles, pictures, options, actor);
            return saved.Error is { } error ? error : ManagedUser.Of(user.Row, saved.Value, key);
        }
    }
}
