using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.SignIn;

/// <summary>Lists the applications that the user let learn of them or is signed in to, the newest first.</summary>
internal static class ListApplications
{
    public sealed record Response
    {
        public required IReadOnlyList<GrantedApplication> Items { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/me/applications",
                async (Handler handler, HttpContext http) =>
                    TypedResults.Ok(new Response { Items = await handler.HandleAsync(http.Actor(), http.RequestAborted) })
            )
            .WithName(nameof(ListApplications))
            .WithSummary("List the applications with access to the account")
            .WithDescription("Those that the user agreed to, or is signed in to by OpenID Connect.")
            .Produces<Response>()
            .RequireSignIn();

    internal sealed class Handler(Database database, TimeProvider clock)
    {
        // Nobody uses more, and nobody reads more.
        private const int MaxItems = 200;

        public async Task<IReadOnlyList<GrantedApplication>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<Row>(
                        """
                        select c.id, c.name, used.last_used_at,
                               array(select distinct unnest(used.scopes) order by 1) as scopes
                          from (select client, max(at) as last_used_at,
                                       string_to_array(string_agg(array_to_string(scopes, ' '), ' '), ' ') as scopes
                                  from (select client, given_at as at, scopes from openid.consents
                                         where tenant_id = @tenant and user_id = @user
                                        union all
                                        select client, redeemed_at, scopes from openid.grants
                                         where tenant_id = @tenant and user_id = @user and redeemed_at is not null and ends_at > @now) uses
                                 group by client) used
                          join openid.clients c on c.tenant_id = @tenant and c.id = used.client
                         order by used.last_used_at desc, c.id limit @MaxItems
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            user = actor.RequiredUser.Id,
                            now = clock.GetUtcNow(),
                            MaxItems,
                        }
                    ),
                cancellationToken
            );
            return
            [
                .. rows.Select(row => new GrantedApplication
                {
                    Id = row.Id,
                    Name = row.Name,
                    Scopes = row.Scopes,
                    LastUsedAt = row.LastUsedAt,
                }),
            ];
        }

        private sealed class Row
        {
            public Guid Id { get; init; }

            public string Name { get; init; } = "";

            public string[] Scopes { get; init; } = [];

            public DateTimeOffset LastUsedAt { get; init; }
        }
    }
}

/// <summary>An application with access to the account.</summary>
public sealed record GrantedApplication
{
    public required Guid Id { get; init; }

    [Description("Its name.")]
    public required string Name { get; init; }

    [Description("What it may learn: scopes.")]
    public required IReadOnlyList<string> Scopes { get; init; }

    [Description("When the user last signed in to it or agreed.")]
    public required DateTimeOffset LastUsedAt { get; init; }
}
