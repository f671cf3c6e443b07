using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Sessions;

/// <summary>
/// Changes the organization that the session's tokens speak for, to another one of the user's. The refresh token stays as it is and is not
/// in the answer: who holds an access token must not get one by it.
/// </summary>
internal static class SwitchOrganization
{
    public sealed record Request : ITokenRequest
    {
        [Description("An organization that the user is a member of.")]
        [Required, MaxLength(36)]
        public string? OrganizationId { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/organization",
                async (JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    // In a browser the cookies are set again together, with the refresh token that it holds.
                    var cookie = TokenTransport.ByCookie(body.Input.Value) ? http.RefreshCookie() : null;
                    return (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(signedIn =>
                        transport.Answer(
                            http,
                            signedIn with
                            {
                                Tokens = signedIn.Tokens with { RefreshToken = cookie?.Token },
                            },
                            body.Input.Value,
                            StatusCodes.Status200OK,
                            body.Input.Value.Remember ?? cookie?.IsRemembered
                        )
                    );
                }
            )
            .WithName(nameof(SwitchOrganization))
            .WithSummary("Switch the current organization")
            .WithDescription(
                "The new access token names the organization (org) and the roles there, and so do those of later refreshes. "
                    + "The refresh token stays as it is and is not in the answer. Other sessions do not change."
            )
            .Produces<SignInResponse>()
            .ProducesProblems(403, 404)
            .RequireSignIn();

    internal sealed class Handler(Database database, UserSessions sessions, UserViews users)
    {
        public async Task<Outcome<SignedIn>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (string.IsNullOrWhiteSpace(request.OrganizationId))
                errors.Add("organizationId", ValidationCodes.Required);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            // What is no id is nobody's organization.
            if (!Guid.TryParse(request.OrganizationId, out var organization) || organization == Guid.Empty)
                return SessionsErrors.OrganizationNotFound;

            var switched = await database.InTransactionAsync(
                "session.switch-organization",
                tx => SwitchAsync(tx, organization, actor),
                cancellationToken
            );
            if (switched.Error is { } error)
                return error;
            return await users.FindAsync(actor.Tenant.Id, actor.RequiredUser.Id, cancellationToken) is { } user
                ? new SignedIn(user, switched.Value, DeviceToken: null)
                : RequestErrors.Unauthenticated;
        }

        private async Task<Outcome<TokensView>> SwitchAsync(Transaction tx, Guid organization, Actor actor)
        {
            var person = actor.RequiredUser;
            var changed = await tx.ExecuteAsync(
                """
                update identity.sessions s set organization_id = @organization
                 where s.tenant_id = @tenant and s.id = @SessionId and s.user_id = @Id and s.ended_at is null
                   and exists (select 1 from identity.memberships m
                                where m.tenant_id = @tenant and m.user_id = @Id and m.organization_id = @organization)
                """,
                new
                {
                    organization,
                    tenant = actor.Tenant.Id,
                    person.SessionId,
                    person.Id,
                }
            );
            if (changed == 0)
                return SessionsErrors.OrganizationNotFound;
            tx.Record(
                (AuditRecord.Of(actor, "session.organization-switched") with { Subject = person.Id }).WithFact(
                    "organization",
                    organization.ToString()
                )
            );
            var session = await UserSession.FindAsync(tx, actor.Tenant.Id, person.SessionId);
            return sessions.Tokens(session!, session!.Generation);
        }
    }
}
