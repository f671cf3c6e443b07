using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Says whether a username is free. Usernames are public names, so this may be asked; unfinished registrations hold none, or anybody could
/// block names without ever proving an address.
/// </summary>
internal static class CheckUsername
{
    public sealed record Response
    {
        [Description("The username in its normalized form.")]
        public required string Username { get; init; }

        public required bool Available { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/usernames/{name}",
                async (string name, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(name, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(CheckUsername))
            .WithSummary("Check username availability")
            .Produces<Response>()
            .AllowAnonymous()
            .LimitBy(RateLimitPolicy.Other);

    internal sealed class Handler(Database database, RegistrationOptions options)
    {
        public async Task<Outcome<Response>> HandleAsync(string name, Actor actor, CancellationToken cancellationToken)
        {
            var errors = new ValidationErrors();
            var username = Username.Parse(name, "name", errors);
            if (username is null)
                return RequestErrors.InvalidWith(errors);

            var taken =
                ReservedUsernames.Contains(username, actor.Tenant.DisplayName, options.ReservedUsernames)
                || await database.QueryAsync(db => Usernames.IsTakenAsync(db, actor.Tenant.Id, username), cancellationToken);
            return new Response { Username = username.Key, Available = !taken };
        }
    }
}
