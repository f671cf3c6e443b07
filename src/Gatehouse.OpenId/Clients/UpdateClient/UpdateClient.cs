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
using Microsoft.Extensions.Primitives;

namespace Gatehouse.OpenId.Clients;

/// <summary>Changes name, scopes, organization or sign-in of a client. What it may do from then on holds within a second, for tokens too
/// that it has.</summary>
internal static class UpdateClient
{
    public sealed record Request
    {
        [Description("What people read, 1 to 64 characters.")]
        [MaxLength(ClientInput.MaxName)]
        public string? Name { get; init; }

        [Description("All permissions that it holds, such as users:read: 1 to 100.")]
        public IReadOnlyList<string>? Scopes { get; init; }

        [Description("The organization it acts in; an empty text for the whole tenant.")]
        [MaxLength(36), EmptyText]
        public string? OrganizationId { get; init; }

        [Description("How it signs users in, all of it anew.")]
        public SignInInput? SignIn { get; init; }

        [Description("All public keys (Base64 of SubjectPublicKeyInfo) with which it may prove who it is.")]
        public IReadOnlyList<string>? PublicKeys { get; init; }

        [Description(
            "All services, up to 10, as absolute URIs without fragment, for which it may get access tokens by the parameter resource "
                + "(RFC 8707). Such a token is for them alone, and none for Gatehouse."
        )]
        public IReadOnlyList<string>? Resources { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/clients/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        found => http.Tagged(found.View, found.Row.Tag)
                    )
            )
            .WithName(nameof(UpdateClient))
            .WithSummary("Update a client")
            .WithDescription(
                "Omitted fields stay unchanged. With If-Match (its ETag) nothing is changed if the client was changed since. A client that "
                    + "may or would do more than the actor is not changed."
            )
            .Produces<ClientView>()
            .ProducesProblems(403, 412)
            .RequirePermission(ClientsArea.WriteClients)
            .RequireFresh();

    internal sealed class Handler(Database database, ClientRules rules, ServiceAccountDirectory directory)
    {
        private const string Action = "client.updated";

        public async Task<Outcome<FoundClient>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var change = new Change(request.Name is null ? null : ClientInput.ParseName(request.Name, errors))
            {
                Scopes = request.Scopes is null ? null : ClientInput.ParseScopes(request.Scopes, mayBeNone: true, errors),
                SignIn = request.SignIn?.Parse(errors),
                PublicKeys = SignInInput.ParseKeys(request.PublicKeys, errors)?.ToArray(),
                Resources = ClientInput.ParseResources(request.Resources, errors),
                Moves = request.OrganizationId is not null,
                Organization = ClientInput.ParseOrganization(request.OrganizationId, errors),
            };
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var stored = await database.QueryAsync(db => ClientRow.FindAsync(db, actor.Tenant.Id, id), cancellationToken);
            if (stored is null)
                return ClientErrors.NotFound;
            var known = await rules.LookUpAsync(change.Scopes ?? stored.Scopes, change.Organization, actor, cancellationToken);
            return await database.InTransactionAsync(
                "client.update",
                tx => UpdateAsync(tx, id, change with { Known = known }, expected, actor),
                cancellationToken
            );
        }

        private async Task<Outcome<FoundClient>> UpdateAsync(Transaction tx, Guid id, Change change, StringValues expected, Actor actor)
        {
            var locked = await ClientRules.LockAsync(tx, id, actor, Action);
            if (locked.Error is { } error)
                return error;
            var row = locked.Value;
            if (!EntityTags.Match(expected, row.Tag))
                return RequestErrors.PreconditionFailed;
            var grant = new Grant(change.Scopes ?? row.Scopes, change.Moves ? change.Organization : row.Where)
            {
                IsPlatform = row.IsPlatform,
            };
            if (row.IsPlatform && grant.Organization is not null)
                return RequestErrors.Invalid.With([new FieldError { Field = "organizationId", Code = ValidationCodes.UnknownMember }]);
            if (CheckSignIn(row, change) is { } unfit)
                return unfit;
            // A name may be mended while a scope is no permission any more.
            if ((change.Scopes is not null || change.Moves) && ClientRules.Check(grant, change.Known!, actor) is { } rejected)
            {
                if (rejected.Errors.Count == 0)
                    tx.Record(ClientRules.Record(actor, Action, row).RefusedWith(rejected.Code));
                return rejected;
            }

            return await StoreAsync(tx, row, change, grant, actor);
        }

        // One that cannot keep a secret does nothing for itself, and what it is it stays.
        private static Error? CheckSignIn(ClientRow row, Change change)
        {
            var errors = new ValidationErrors();
            var signIn = change.SignIn ?? row.SignIn;
            if (change.SignIn is not null && change.SignIn.Public != row.IsPublic)
                errors.Add("signIn.public", ClientInput.PublicClient);
            if (signIn?.Public == true && (change.Scopes ?? row.Scopes).Any())
                errors.Add("signIn.public", ClientInput.PublicClient);
            if (signIn?.Public == true && (change.PublicKeys ?? row.PublicKeys).Length > 0)
                errors.Add(SignInInput.KeysField, ClientInput.PublicClient);
            // Users are the tenant's.
            if (signIn is not null && (change.Moves ? change.Organization : row.Where) is not null)
                errors.Add("organizationId", ValidationCodes.UnknownMember);
            if (signIn is null && change.Scopes is { Count: 0 })
                errors.Add("scopes", ValidationCodes.Required);
            return errors.Any ? RequestErrors.InvalidWith(errors) : null;
        }

        private async Task<FoundClient> StoreAsync(Transaction tx, ClientRow row, Change change, Grant grant, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            var changed = await tx.FirstOrDefaultAsync<ClientRow>(
                $"""
                update openid.clients
                   set name = @name, scopes = @scopes, organization_id = @organization, sign_in = @signIn::jsonb, public_keys = @keys,
                       resources = @resources, version = version + 1, updated_at = @Now
                 where tenant_id = @tenant and id = @Id
                   and (name, scopes, organization_id, sign_in, public_keys, resources)
                       is distinct from (@name, @scopes::text[], @organization, @signIn::jsonb, @keys::text[], @resources::text[])
                returning {ClientRow.Columns}
                """,
                new
                {
                    tenant,
                    row.Id,
                    name = change.Name ?? row.Name,
                    signIn = change.SignIn ?? row.SignIn,
                    keys = change.PublicKeys ?? row.PublicKeys,
                    resources = change.Resources ?? row.Resources,
                    scopes = grant.Scopes.ToArray(),
                    organization = grant.Organization ?? ClientRow.WholeTenant,
                    tx.Now,
                }
            );
            if (changed is not null)
            {
                tx.Record(ClientRules.Record(actor, Action, changed).WithFact("scopes", string.Join(' ', changed.Scopes)));
                tx.AfterCommit(() => directory.Forget(tenant, row.Id));
            }

            return new FoundClient(changed ?? row, await SecretRow.ListAsync(tx, tenant, [row.Id]));
        }

        private sealed record Change(string? Name)
        {
            public required IReadOnlyList<string>? Scopes { get; init; }

            public required bool Moves { get; init; }

            public required Guid? Organization { get; init; }

            public required SignInSettings? SignIn { get; init; }

            public required string[]? PublicKeys { get; init; }

            public required string[]? Resources { get; init; }

            public Known? Known { get; init; }
        }
    }
}
