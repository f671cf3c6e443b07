using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Finds users by id, e-mail address, phone number or username, many at once. Who is not found is left out: unknown ones, those of other
/// tenants and those out of the actor's reach alike.
/// </summary>
internal static class LookUpUsers
{
    private const int Max = 100;

    public sealed record Request
    {
        [Description("Ids of users.")]
        [MaxLength(Max)]
        public IReadOnlyList<string>? Ids { get; init; }

        [Description("E-mail addresses.")]
        [MaxLength(Max)]
        public IReadOnlyList<string>? Emails { get; init; }

        [Description("Phone numbers with + and the country code, in any spelling.")]
        [MaxLength(Max)]
        public IReadOnlyList<string>? PhoneNumbers { get; init; }

        [Description("Usernames, in any case.")]
        [MaxLength(Max)]
        public IReadOnlyList<string>? Usernames { get; init; }

        public override string ToString() => "[look-up]";
    }

    public sealed record Response
    {
        [Description("Those that were found, each once, in no particular order.")]
        public required IReadOnlyList<UserSummary> Items { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/users/lookup",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(found => TypedResults.Json(found))
            )
            .WithName(nameof(LookUpUsers))
            .WithSummary("Look up users")
            .WithDescription(
                "By ids, e-mail addresses, phone numbers and usernames, at most 100 in all. Users that are not found are left out."
            )
            .Produces<Response>()
            .RequirePermissionSomewhere(AdministrationArea.ReadUsers);

    internal sealed class Handler(Database database, BlindIndex blindIndex, ManagedUsers users)
    {
        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            if (new[] { request.Ids, request.Emails, request.PhoneNumbers, request.Usernames }.Sum(list => list?.Count ?? 0) > Max)
                errors.Add(
                    request.Ids is not null ? "ids"
                        : request.Emails is not null ? "emails"
                        : request.PhoneNumbers is not null ? "phoneNumbers"
                        : "usernames",
                    ValidationCodes.OutOfRange,
                    TextInput.Limits(("min", 0), ("max", Max))
                );
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            var ids = ParseAll(request.Ids, "ids", errors, ParseId);
            var emails = ParseAll(request.Emails, "emails", errors, EmailAddress.Parse);
            var numbers = ParseAll(
                request.PhoneNumbers,
                "phoneNumbers",
                errors,
                (text, field, found) => PhoneNumber.Parse(text, region: null, field, found)
            );
            var usernames = ParseAll(request.Usernames, "usernames", errors, Username.Parse);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);

            var scope = UserScope.Of(actor, AdministrationArea.ReadUsers);
            var tenant = actor.Tenant.Id;
            var contacts = emails.Concat<IContact?>(numbers).ToList();
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<StoredUser>(
                        $"""
                        select {StoredUser.Columns} from identity.users u
                         where tenant_id = @tenant
                           and id in (
                               select unnest(@ids)
                               union
                               select user_id from identity.identifiers
                                where tenant_id = @tenant and index_version = @Version and reserved_until is null
                                  and (kind, blind_index) in (select * from unnest(@kinds, @indexes))
                               union
                               select id from identity.users where tenant_id = @tenant and username_key = any(@keys))
                           and {scope.Condition}
                        """,
                        new
                        {
                            tenant,
                            ids = ids.Select(id => id!.Value).ToArray(),
                            kinds = contacts.Select(c => c!.Kind).ToArray(),
                            BlindIndex.Version,
                            indexes = contacts.Select(c => blindIndex.Compute(tenant, c!.Kind, c.Canonical).ToStored()).ToArray(),
                            keys = usernames.Select(name => name!.Key).ToArray(),
                            scope.Organizations,
                        }
                    ),
                cancellationToken
            );
            return new Response { Items = await users.SummariesAsync(rows, cancellationToken) };
        }

        private static List<T?> ParseAll<T>(
            IReadOnlyList<string>? input,
            string field,
            ValidationErrors errors,
            Func<string?, string, ValidationErrors, T?> parse
        ) => [.. (input ?? []).Select((text, i) => parse(text, string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), errors))];

        private static Guid? ParseId(string? input, string field, ValidationErrors errors)
        {
            if (Guid.TryParse(input, out var id))
                return id;
            errors.Add(field, ValidationCodes.InvalidText);
            return null;
        }
    }
}
