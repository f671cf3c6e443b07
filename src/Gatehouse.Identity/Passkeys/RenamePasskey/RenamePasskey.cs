using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>Gives a passkey another name. Nothing depends on the name, so nothing is published.</summary>
internal static class RenamePasskey
{
    public sealed record Request
    {
        [Description("What the user calls it, one line of at most 64 characters.")]
        [MaxLength(PasskeyName.MaxLength)]
        public string? Name { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/me/passkeys/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(passkey =>
                        TypedResults.Json(passkey)
                    )
            )
            .WithName(nameof(RenamePasskey))
            .WithSummary("Rename a passkey")
            .WithDescription("Passkeys of other users are reported as not found.")
            .Produces<PasskeyView>()
            .RequireSignIn();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys)
    {
        public async Task<Outcome<PasskeyView>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var name = PasskeyName.Parse(request.Name, "name", errors);
            if (errors.Any || name is null)
                return RequestErrors.InvalidWith(errors);
            var user = actor.RequiredUser.Id;
            if (await subjectKeys.FindAsync(user, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync<Outcome<PasskeyView>>(
                "passkey.rename",
                async tx =>
                {
                    var renamed = await tx.FirstOrDefaultAsync<StoredPasskey>(
                        $"""
                        update identity.passkeys set name = @name where tenant_id = @tenant and id = @id and user_id = @user
                        returning {StoredPasskey.Columns}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id,
                            user,
                            name = key.Encrypt(name),
                        }
                    );
                    if (renamed is null)
                        return PasskeysErrors.NotFound;
                    tx.Record(AuditRecord.Of(actor, "passkey.renamed").WithFact("passkey", id.ToString()) with { Subject = user });
                    return renamed.View(key);
                },
                cancellationToken
            );
        }
    }
}
