using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>Shows a user the own account.</summary>
internal static class GetMe
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/me",
                async (Handler handler, HttpContext http) =>
                {
                    http.AcceptPatch();
                    return (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(user => http.Tagged(user));
                }
            )
            .WithName(nameof(GetMe))
            .WithSummary("Get my account")
            .WithDescription("Returns the account of the signed-in user.")
            .Produces<UserView>()
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .AllowWhenClosed();

    internal sealed class Handler(UserViews users)
    {
        // Without a user the token outlived the account by a moment.
        public async Task<Outcome<UserView>> HandleAsync(Actor actor, CancellationToken cancellationToken) =>
            await users.FindAsync(actor.Tenant.Id, actor.RequiredUser.Id, cancellationToken) is { } user
                ? user with
                {
                    TermsDue =
                        actor.Tenant.Terms is { } terms && terms.Version != user.TermsVersion
                            ? TermsDueView.Of(terms, actor.Language)
                            : null,
                }
                : RequestErrors.Unauthenticated;
    }
}
