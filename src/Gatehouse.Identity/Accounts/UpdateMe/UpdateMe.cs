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

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Lets a user change the own details: name, about, languages, preferred language. Nothing else of the account can be reached from here.
/// <para>Flow: parse what is there → one transaction: lock the user → compare → update and event, where something is different.</para>
/// <para>Publishes <c>user.updated.v1</c>.</para>
/// </summary>
internal static class UpdateMe
{
    public sealed record Request
    {
        [Description("The name as others should read it, 1 to 100 characters. Cannot be cleared.")]
        [MaxLength(PersonName.MaxLength), EmptyText]
        public string? Name { get; init; }

        [Description("A text about the user, at most 500 characters. Line breaks are kept. An empty text clears it.")]
        [MaxLength(AboutText.MaxLength), DataType(DataType.MultilineText), EmptyText]
        public string? About { get; init; }

        [Description("Languages the user speaks, as BCP 47 tags such as hi or pt-BR, at most 10, in order of preference. An empty list clears them.")]
        [MaxLength(LanguageTag.MaxTags)]
        public IReadOnlyList<string>? Languages { get; init; }

        [Description("E-mail language: en, hi or es.")]
        public string? PreferredLanguage { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) => v1
        .MapPatch("/me", async (JsonBody<Request> body, Handler handler, HttpContext http) =>
            (await handler.HandleAsync(body.Value, body.Errors, http.Actor(), http.RequestAborted)).ToResult(user => TypedResults.Json(user)))
        .WithName(nameof(UpdateMe))
        .WithSummary("Update my account")
        .WithDescription("Omitted fields stay unchanged. Returns the whole account.")
        .Produces<UserView>()
        .RequireSignIn();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys)
    {
        public async Task<Outcome<UserView>> HandleAsync(Request request, ValidationErrors errors, Actor actor, CancellationToken cancellationToken)
        {
            var name = request.Name is null ? null : PersonName.Parse(request.Name, "name", errors);
            var about = request.About is null ? null : AboutText.Parse(request.About, "about", errors);
            var languages = request.Languages is null ? null : LanguageTag.ParseAll(request.Languages, "languages", errors);
            if (request.PreferredLanguage is { } preferred && !Web.Languages.All.Contains(preferred, StringComparer.Ordinal))
                errors.Add("preferredLanguage", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", Web.Languages.All))));
            if (errors.Any) return RequestErrors.InvalidWith(errors);

            var key = await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken);
            // The token outlived the account by a moment.
            if (key is null) return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("user.update", tx => UpdateAsync(tx, new Change(name, about, languages, request.PreferredLanguage), key, actor), cancellationToken);
        }

        private static async Task<Outcome<UserView>> UpdateAsync(Transaction tx, Change change, SubjectKey key, Actor actor)
        {
            var user = await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id);
            if (user is null) return RequestErrors.Unauthenticated;

            var (before, old) = Details(user.Row, key);
            var profile = new Profile(change.About is null ? old.About : change.About.Value, change.Languages ?? old.Languages);
            var name = change.Name?.Value ?? user.Row.Name;
            var language = change.PreferredLanguage ?? user.Row.Language;
            var after = Details(name, profile, language);
            var changed = after.Keys.Where(k => before[k] != after[k]).ToList();
            if (changed.Count == 0) return user.Row.View(key);

            await tx.ExecuteAsync(
                "update identity.users set name = @name, language = @language, profile = @profile where tenant_id = @TenantId and id = @Id",
                new { name, language, profile = profile.Seal(key), user.Row.TenantId, user.Row.Id });
            user.Publish(tx, new UserUpdatedV1 { UserId = user.Row.Id, Personal = key.Seal(new UserChangesV1(Only(before, changed), Only(after, changed))) });
            tx.Record((AuditRecord.Of(actor, "user.updated") with { Subject = user.Row.Id }).WithFact("changed", string.Join(", ", changed)));
            await user.SaveAsync(tx);
            return (await StoredUser.FindAsync(tx, user.Row.TenantId, user.Row.Id))!.View(key);
        }

        private static (Dictionary<string, string> Details, Profile Profile) Details(StoredUser user, SubjectKey key)
        {
            var profile = user.OpenProfile(key);
            return (Details(user.Name, profile, user.Language), profile);
        }

        /// <summary>As the event tells of them.</summary>
        private static Dictionary<string, string> Details(string name, Profile profile, string language) => new(StringComparer.Ordinal)
        {
            ["name"] = name,
            ["about"] = profile.About ?? "",
            ["languages"] = string.Join(',', profile.Languages),
            ["preferredLanguage"] = language,
        };

        private static Dictionary<string, string> Only(Dictionary<string, string> details, List<string> names) => names.ToDictionary(n => n, n => details[n], StringComparer.Ordinal);

        /// <summary>What was sent; null for what stays as it is.</summary>
        private sealed record Change(PersonName? Name, AboutText? About, IReadOnlyList<string>? Languages, string? PreferredLanguage);
    }
}
