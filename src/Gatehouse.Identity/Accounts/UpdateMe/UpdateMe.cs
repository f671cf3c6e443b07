using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
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
        [Description(
            "Public name of 3 to 30 characters: a-z, 0-9, and single . _ - between them. The former one stays reserved for its user for 30 "
                + "days. Cannot be cleared."
        )]
        [MaxLength(Values.Username.MaxLength), EmptyText]
        public string? Username { get; init; }

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

        [Description(
            "YYYY-MM-DD, not in the future and not more than 120 years ago. An empty text clears it, unless a role of the user has a "
                + "minimum age."
        )]
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

        [Description(
            "What others see on the public profile, beside the username: any of name, picture, title, about, website, links, languages, "
                + "age, email, phoneNumber. Unless set, all but the last three."
        )]
        [MaxLength(10)]
        public IReadOnlyList<string>? PublicFields { get; init; }
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
            .ProducesProblems(409, 412)
            .RequireSignIn();

    internal sealed class Handler(
        Database database,
        SubjectKeys subjectKeys,
        IRegistrationRoles roles,
        PictureAddresses pictures,
        RegistrationOptions options,
        TimeProvider clock
    )
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
            var change = AccountChange.Parse(request, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);

            var key = await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken);
            // The token outlived the account by a moment.
            if (key is null)
                return RequestErrors.Unauthenticated;
            return await Usernames.OrTakenAsync(
                database.InTransactionAsync(
                    "user.update",
                    async tx =>
                        await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id) is { } user
                            ? await change.SaveAsync(tx, user, key, expected, roles, pictures, options, actor)
                            : RequestErrors.Unauthenticated,
                    cancellationToken
                )
            );
        }
    }
}
