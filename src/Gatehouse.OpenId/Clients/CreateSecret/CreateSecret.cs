using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>Gives a client a second secret, so that its programs can change over one by one before the first is deleted.</summary>
internal static class CreateSecret
{
    public const int MaxLive = 2;

    public sealed record Request
    {
        [Description("Days after which it expires: 1 to 730; omit it for never.")]
        public int? Days { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/clients/{id:guid}/secrets",
                async (Guid id, OptionalJsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(created =>
                        TypedResults.Json(NewSecretView.Of(created), statusCode: StatusCodes.Status201Created)
                    )
            )
            .WithName(nameof(CreateSecret))
            .WithSummary("Create a client secret")
            .WithDescription("It is not shown again. At most two are live at a time; expired ones are removed.")
            .Produces<NewSecretView>(StatusCodes.Status201Created)
            .ProducesProblems(403, 409)
            .RequirePermission(ClientsArea.WriteClients)
            .RequireFresh();

    internal sealed class Handler(Database database)
    {
        private const string Action = "client.secret-created";

        public async Task<Outcome<NewSecret>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var lifetime = ClientInput.ParseLifetime(request.Days, "days", errors);
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync("client.create-secret", tx => CreateAsync(tx, id, lifetime, actor), cancellationToken);
        }

        private static async Task<Outcome<NewSecret>> CreateAsync(Transaction tx, Guid id, TimeSpan? lifetime, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            // Its lock lets two secrets at once wait for each other.
            var locked = await ClientRules.LockAsync(tx, id, actor, Action);
            if (locked.Error is { } error)
                return error;
            await tx.ExecuteAsync(
                "delete from openid.client_secrets where tenant_id = @tenant and client = @id and expires_at <= @Now",
                new
                {
                    tenant,
                    id,
                    tx.Now,
                }
            );
            if ((await SecretRow.ListAsync(tx, tenant, [id])).Count >= MaxLive)
                return ClientErrors.TooManySecrets;
            var created = await NewSecret.InsertAsync(tx, tenant, id, lifetime);
            tx.Record(ClientRules.Record(actor, Action, locked.Value).WithFact("secret", created.Id.ToString()));
            return created;
        }
    }
}
