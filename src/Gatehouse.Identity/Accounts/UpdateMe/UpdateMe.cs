using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Lets a user change their own details. Nothing else of the account can be reached from here.
/// <para>Flow: parse what is there → one transaction: lock the user → compare → update and event, where something is different.</para>
/// <para>Publishes <c>user.updated.v1</c>.</para>
/// </summary>
internal static class UpdateMe
{
    public sealed record Request
    {
        [Description("The display name as others should read it, 1 to 100 characters. Cannot be cleared.")]
        [MaxLength(PersonName.MaxLength), EmptyText]
        public string? Name { get; init; }

        [Description("At most 100 characters. An empty text clears it.")]
        [MaxLength(PersonName.MaxLength), EmptyText]
        public string? GivenName { get; init; }

        [Description("At most 100 characters. An empty text clears it.")]
        [MaxLength(PersonName.MaxLength), EmptyText]
        public string? FamilyName { get; init; }

        [Description("Position or form of address, at most 100 characters. An empty text clears it.")]
        [MaxLength(UserTitle.MaxLength), EmptyText]
        public string? Title { get; init; }

        [Description("Absolute http or https address, at most 500 characters. An empty text clears it.")]
        [MaxLength(WebAddress.MaxLength), EmptyText]
        public string? Website { get; init; }

        [Description("Absolute http or https addresses, at most 10, in order. An empty list clears them.")]
        [MaxLength(WebAddress.MaxLinks)]
        public IReadOnlyList<string>? Links { get; init; }

        [Description("YYYY-MM-DD, not in the future and not more than 120 years ago. An empty text clears it.")]
        [MaxLength(10), EmptyText]
        public string? BirthDate { get; init; }

        [Description("A text about the user, at most 500 characters. Line breaks are kept. An empty text clears it.")]
        [MaxLength(AboutText.MaxLength), DataType(DataType.MultilineText), EmptyText]
        public string? About { get; init; }

        [Description(
            "Languages the user speaks, as BCP 47 tags such as hi or pt-BR, at most 10, in order of preference. An empty list clears them."
        )]
        [MaxLength(LanguageTag.MaxTags)]
        public IReadOnlyList<string>? Languages { get; init; }

        [Description("E-mail language: en, hi or es.")]
        public string? PreferredLanguage { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/me",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        user => http.Tagged(user)
                    )
            )
            .WithName(nameof(UpdateMe))
            .WithSummary("Update my account")
            .WithDescription(
                "Omitted fields stay unchanged. Returns the whole account. With If-Match (the ETag of GET /v1/me) nothing is changed if "
                    + "the account was changed since."
            )
            .Produces<UserView>()
            .ProducesProblems(412)
            .RequireSignIn();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, TimeProvider clock)
    {
        /// <param name="expected">The entity tag of what was read before (<c>If-Match</c>), several or <c>*</c>; empty changes whatever
        /// stands.</param>
        public async Task<Outcome<UserView>> HandleAsync(
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var change = Change.Parse(request, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);

            var key = await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken);
            // The token outlived the account by a moment.
            if (key is null)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("user.update", tx => UpdateAsync(tx, change, expected, key, actor), cancellationToken);
        }

        private static async Task<Outcome<UserView>> UpdateAsync(
            Transaction tx,
            Change change,
            StringValues expected,
            SubjectKey key,
            Actor actor
        )
        {
            var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id);
            if (user is null)
                return RequestErrors.Unauthenticated;
            var view = user.Row.View(key, tx.Now);
            if (!EntityTags.Match(expected, view.Tag()))
                return RequestErrors.PreconditionFailed;

            var old = user.Row.OpenProfile(key);
            var (row, profile) = change.Apply(user.Row, old);
            var (before, after) = (Details(Names.Of(user.Row), old), Details(row, profile));
            var changed = after.Keys.Where(k => before[k] != after[k]).ToList();
            if (changed.Count == 0)
                return view;

            await tx.ExecuteAsync(
                """
                update identity.users set name = @Name, given_name = @GivenName, family_name = @FamilyName, language = @Language,
                       profile = @profile
                 where tenant_id = @TenantId and id = @Id
                """,
                new
                {
                    row.Name,
                    row.GivenName,
                    row.FamilyName,
                    row.Language,
                    profile = profile.Encrypt(key),
                    user.Row.TenantId,
                    user.Row.Id,
                }
            );
            user.Publish(
                tx,
                new UserUpdatedV1
                {
                    UserId = user.Row.Id,
                    Personal = key.Seal(new UserChangesV1(Only(before, changed), Only(after, changed))),
                }
            );
            tx.Record(
                (AuditRecord.Of(actor, "user.updated") with { Subject = user.Row.Id }).WithFact("changed", string.Join(", ", changed))
            );
            await user.SaveAsync(tx);
            return (await StoredUser.FindAsync(tx, user.Row.TenantId, user.Row.Id))!.View(key, tx.Now);
        }

        /// <summary>As the event tells of them.</summary>
        private static Dictionary<string, string> Details(Names row, Profile profile) =>
            new(StringComparer.Ordinal)
            {
                ["name"] = row.Name.Value,
                ["givenName"] = row.GivenName?.Value ?? "",
                ["familyName"] = row.FamilyName?.Value ?? "",
                ["title"] = profile.Title ?? "",
                ["website"] = profile.Website ?? "",
                ["links"] = string.Join('\n', profile.Links),
                ["birthDate"] = profile.BirthDate is { } born ? Values.BirthDate.Write(born) : "",
                ["about"] = profile.About ?? "",
                ["languages"] = string.Join(',', profile.Languages),
                ["preferredLanguage"] = row.Language,
            };

        private static Dictionary<string, string> Only(Dictionary<string, string> details, List<string> names) =>
            names.ToDictionary(n => n, n => details[n], StringComparer.Ordinal);
    }

    /// <summary>What the user's row holds of it in clear.</summary>
    private sealed record Names
    {
        public required PersonName Name { get; init; }

        public PersonName? GivenName { get; init; }

        public PersonName? FamilyName { get; init; }

        public required string Language { get; init; }

        public static Names Of(StoredUser user) =>
            new()
            {
                Name = user.Name,
                GivenName = user.GivenName,
                FamilyName = user.FamilyName,
                Language = user.Language,
            };
    }

    /// <summary>What was sent; null for what stays as it is. Names and texts that were sent empty are there, without a value.</summary>
    private sealed record Change
    {
        public PersonName? Name { get; private init; }

        public OptionalName? GivenName { get; private init; }

        public OptionalName? FamilyName { get; private init; }

        public UserTitle? Title { get; private init; }

        public WebAddress? Website { get; private init; }

        public IReadOnlyList<string>? Links { get; private init; }

        public BirthDate? BirthDate { get; private init; }

        public AboutText? About { get; private init; }

        public IReadOnlyList<string>? Languages { get; private init; }

        public string? PreferredLanguage { get; private init; }

        public static Change Parse(Request request, DateOnly today, ValidationErrors errors)
        {
            var preferred = TextInput.IsBlank(request.PreferredLanguage) ? null : request.PreferredLanguage;
            if (preferred is not null && !Web.Languages.All.Contains(preferred, StringComparer.Ordinal))
                errors.Add(
                    "preferredLanguage",
                    ValidationCodes.UnknownValue,
                    TextInput.Limits(("allowed", string.Join(", ", Web.Languages.All)))
                );
            return new Change
            {
                Name = request.Name is null ? null : PersonName.Parse(request.Name, "name", errors),
                GivenName = request.GivenName is null ? null : OptionalName.Parse(request.GivenName, "givenName", errors),
                FamilyName = request.FamilyName is null ? null : OptionalName.Parse(request.FamilyName, "familyName", errors),
                Title = request.Title is null ? null : UserTitle.Parse(request.Title, "title", errors),
                Website = request.Website is null ? null : WebAddress.Parse(request.Website, "website", errors),
                Links = request.Links is null ? null : WebAddress.ParseAll(request.Links, "links", errors),
                BirthDate = request.BirthDate is null ? null : Values.BirthDate.Parse(request.BirthDate, "birthDate", today, errors),
                About = request.About is null ? null : AboutText.Parse(request.About, "about", errors),
                Languages = request.Languages is null ? null : LanguageTag.ParseAll(request.Languages, "languages", errors),
                PreferredLanguage = preferred,
            };
        }

        public (Names Row, Profile Profile) Apply(StoredUser user, Profile old) =>
            (
                new Names
                {
                    Name = Name ?? user.Name,
                    GivenName = GivenName is null ? user.GivenName : GivenName.Value,
                    FamilyName = FamilyName is null ? user.FamilyName : FamilyName.Value,
                    Language = PreferredLanguage ?? user.Language,
                },
                old with
                {
                    Title = Title is null ? old.Title : Title.Value,
                    Website = Website is null ? old.Website : Website.Value,
                    Links = Links ?? old.Links,
                    BirthDate = BirthDate is null ? old.BirthDate : BirthDate.Value,
                    About = About is null ? old.About : About.Value,
                    Languages = Languages ?? old.Languages,
                }
            );
    }

    /// <summary>A name that may be cleared.</summary>
    private sealed record OptionalName(PersonName? Value)
    {
        public static OptionalName? Parse(string input, string field, ValidationErrors errors) =>
            TextInput.IsBlank(input) ? new OptionalName(Value: null)
            : PersonName.Parse(input, field, errors) is { } name ? new OptionalName(name)
            : null;
    }
}
