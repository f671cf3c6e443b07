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

/// <summary>
/// Creates a client with its first secret, which is shown this once. It may do no more than its creator; one of the platform may only be
/// created by somebody who may do all of it in every tenant.
/// </summary>
internal static class CreateClient
{
    public sealed record Request
    {
        [Description("What people read, 1 to 64 characters.")]
        [Required, MaxLength(ClientInput.MaxName)]
        public string? Name { get; init; }

        [Description("Names of the permissions that it holds for itself, such as users:read: 1 to 100; with signIn it may have none.")]
        public IReadOnlyList<string>? Scopes { get; init; }

        [Description("The organization it acts in; omit it for the whole tenant.")]
        [MaxLength(36)]
        public string? OrganizationId { get; init; }

        [Description("Whether it may act in every tenant, by the header Gatehouse-Tenant. Default false.")]
        public bool? Platform { get; init; }

        [Description("Days after which its secret expires: 1 to 730; omit it for never.")]
        public int? SecretDays { get; init; }

        [Description("How it signs users in by OpenID Connect; omit it for a service account.")]
        public SignInInput? SignIn { get; init; }

        [Description("Up to 4 public keys (Base64 of SubjectPublicKeyInfo, RSA of at least 2,048 bits or P-256) for private_key_jwt.")]
        public IReadOnlyList<string>? PublicKeys { get; init; }

        [Description(
            "Up to 10 services, as absolute URIs without fragment, for which it may get access tokens by the parameter resource "
                + "(RFC 8707). Such a token is for them alone, and none for Gatehouse."
        )]
        public IReadOnlyList<string>? Resources { get; init; }
    }

    public sealed record Response
    {
        public required ClientView Client { get; init; }

        [Description("Its first secret, which is not shown again; null for a public client, which has none.")]
        public required NewSecretView? Secret { get; init; }

        public override string ToString() => Client.ToString();
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/clients",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(created =>
                    {
                        http.Response.Headers.Location = $"/v1/clients/{created.Client.Row.Id}";
                        var response = new Response
                        {
                            Client = created.Client.View,
                            Secret = created.Secret is { } secret ? NewSecretView.Of(secret) : null,
                        };
                        return http.Tagged(response, created.Client.Row.Tag, StatusCodes.Status201Created);
                    })
            )
            .WithName(nameof(CreateClient))
            .WithSummary("Create a client")
            .WithDescription(
                "A service account, an application that signs users in, or both, with its first secret, which is not shown again. Nobody "
                    + "gives it a scope that they do not hold."
            )
            .Produces<Response>(StatusCodes.Status201Created)
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.WriteClients)
            .RequireFresh();

    internal sealed record Created(FoundClient Client, NewSecret? Secret);

    internal sealed class Handler(Database database, ClientRules rules)
    {
        private const string Action = "client.created";

        public async Task<Outcome<Created>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var name = ClientInput.ParseName(request.Name, errors);
            var scopes = ClientInput.ParseScopes(request.Scopes, mayBeNone: request.SignIn is not null, errors);
            var signIn = request.SignIn?.Parse(errors);
            var keys = SignInInput.ParseKeys(request.PublicKeys, errors) ?? [];
            var resources = ClientInput.ParseResources(request.Resources, errors) ?? [];
            if (signIn?.Public == true && (scopes.Count > 0 || keys.Count > 0 || request.SecretDays is not null))
                errors.Add("signIn.public", ClientInput.PublicClient);
            var organization = ClientInput.ParseOrganization(request.OrganizationId, errors);
            var lifetime = ClientInput.ParseLifetime(request.SecretDays, "secretDays", errors);
            if ((request.Platform == true || signIn is not null) && organization is not null)
                errors.Add("organizationId", ValidationCodes.UnknownMember);
            if (errors.Any || name is null)
                return RequestErrors.InvalidWith(errors);
            var grant = new Grant(scopes, organization) { IsPlatform = request.Platform ?? false };
            var made = new Made(name, grant)
            {
                Lifetime = lifetime,
                SignIn = signIn,
                PublicKeys = [.. keys],
                Resources = resources,
            };
            var rejected = ClientRules.Check(grant, await rules.LookUpAsync(scopes, organization, actor, cancellationToken), actor);
            if (rejected is { Errors.Count: > 0 })
                return rejected;
            return await database.InTransactionAsync<Outcome<Created>>(
                "client.create",
                async tx =>
                {
                    if (rejected is null)
                        return await InsertAsync(tx, made, actor);
                    tx.Record(AuditRecord.Of(actor, Action).RefusedWith(rejected.Code));
                    return rejected;
                },
                cancellationToken
            );
        }

        private static async Task<Created> InsertAsync(Transaction tx, Made made, Actor actor)
        {
            var grant = made.Grant;
            var row = await tx.SingleAsync<ClientRow>(
                $"""
                insert into openid.clients (tenant_id, id, client_id, name, scopes, organization_id, is_platform, tokens_since, created_by,
                                            created_at, updated_at, sign_in, public_keys, resources)
                values (@tenant, @id, @clientId, @Name, @scopes, @organization, @IsPlatform, @Now, @by, @Now, @Now, @SignIn::jsonb,
                        @PublicKeys, @Resources)
                returning {ClientRow.Columns}
                """,
                new
                {
                    tenant = actor.Tenant.Id,
                    id = Guid.CreateVersion7(tx.Now),
                    clientId = ClientSecret.CreateClientId(),
                    made.Name,
                    made.SignIn,
                    made.PublicKeys,
                    made.Resources,
                    scopes = grant.Scopes.ToArray(),
                    organization = grant.Organization ?? ClientRow.WholeTenant,
                    grant.IsPlatform,
                    by = actor.Id,
                    tx.Now,
                }
            );
            var secret = row.IsPublic ? null : await NewSecret.InsertAsync(tx, actor.Tenant.Id, row.Id, made.Lifetime);
            tx.Record(ClientRules.Record(actor, Action, row).WithFact("scopes", string.Join(' ', row.Scopes)));
            return new Created(new FoundClient(row, await SecretRow.ListAsync(tx, actor.Tenant.Id, [row.Id])), secret);
        }

        private sealed record Made(string Name, Grant Grant)
        {
            public required TimeSpan? Lifetime { get; init; }

            public required SignInSettings? SignIn { get; init; }

            public required string[] PublicKeys { get; init; }

            public required string[] Resources { get; init; }
        }
    }
}
