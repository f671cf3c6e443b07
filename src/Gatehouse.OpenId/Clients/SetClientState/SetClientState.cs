using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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

/// <summary>Disables a client, or enables it again. Disabled, it gets no token, and those it has count for nothing, on every node within a
/// second; they stay void when it is enabled.</summary>
internal static class SetClientState
{
    public sealed record Request
    {
        [Description("Why, for administrators: at most 500 characters, without personal data.")]
        [MaxLength(ClientInput.MaxReason)]
        public string? Reason { get; init; }

        public override string ToString() => "[reason]";
    }

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost(
                "/clients/{id:guid}/disable",
                async (Guid id, OptionalJsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.DisableAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(found =>
                        http.Tagged(found.View, found.Row.Tag)
                    )
            )
            .WithName("DisableClient")
            .WithSummary("Disable a client")
            .WithDescription("It gets no token, and its tokens are rejected from then on, even once it is enabled again.")
            .Produces<ClientView>()
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.WriteClients);
        v1.MapPost(
                "/clients/{id:guid}/enable",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.EnableAsync(id, http.Actor(), http.RequestAborted)).ToResult(found =>
                        http.Tagged(found.View, found.Row.Tag)
                    )
            )
            .WithName("EnableClient")
            .WithSummary("Enable a client")
            .WithDescription("Ends its disablement.")
            .Produces<ClientView>()
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.WriteClients);
    }

    internal sealed class Handler(Database database, ServiceAccountDirectory directory)
    {
        public async Task<Outcome<FoundClient>> DisableAsync(
            Guid id,
            Input<Request> input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var reason = ClientInput.ParseReason(request.Reason, errors);
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync(
                    "client.disable",
                    tx => SetAsync(tx, id, actor, new State(true, reason)),
                    cancellationToken
                );
        }

        public Task<Outcome<FoundClient>> EnableAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync("client.enable", tx => SetAsync(tx, id, actor, new State(false, Reason: null)), cancellationToken);

        private async Task<Outcome<FoundClient>> SetAsync(Transaction tx, Guid id, Actor actor, State state)
        {
            var tenant = actor.Tenant.Id;
            var action = state.IsDisabled ? "client.disabled" : "client.enabled";
            var locked = await ClientRules.LockAsync(tx, id, actor, action);
            if (locked.Error is { } error)
                return error;
            var row = locked.Value;
            if (row.DisabledAt is not null != state.IsDisabled)
            {
                var until = RevokedTokens.Until(tx);
                row = await tx.SingleAsync<ClientRow>(
                    $"""
                    update openid.clients
                       set disabled_at = case when @IsDisabled then @Now end, disabled_reason = @Reason,
                           tokens_since = case when @IsDisabled then @until else tokens_since end, version = version + 1, updated_at = @Now
                     where tenant_id = @tenant and id = @id
                    returning {ClientRow.Columns}
                    """,
                    new
                    {
                        tenant,
                        id,
                        state.IsDisabled,
                        state.Reason,
                        until,
                        tx.Now,
                    }
                );
                if (state.IsDisabled)
                {
                    await RevokedTokens.AddAllAsync(tx, tenant, id, until);
                    EndClientSessions.Enqueue(tx, tenant, id);
                }

                tx.Record(ClientRules.Record(actor, action, row));
                tx.AfterCommit(() => directory.Forget(tenant, id));
            }

            return new FoundClient(row, await SecretRow.ListAsync(tx, tenant, [id]));
        }

        private sealed record State(bool IsDisabled, string? Reason);
    }
}
