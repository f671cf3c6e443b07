using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Identity.Accounts;

/// <summary>What was sent; null for what stays as it is. Names and texts that were sent empty are there, without a value.</summary>
internal sealed record AccountChange
{
    public Username? Username { get; private init; }

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

    public IReadOnlyList<string>? PublicFields { get; private init; }

    public static AccountChange Parse(UpdateMe.Request request, DateOnly today, ValidationErrors errors)
    {
        var preferred = TextInput.IsBlank(request.PreferredLanguage) ? null : request.PreferredLanguage;
        if (preferred is not null && !Web.Languages.All.Contains(preferred, StringComparer.Ordinal))
            errors.Add(
                "preferredLanguage",
                ValidationCodes.UnknownValue,
                TextInput.Limits(("allowed", string.Join(", ", Web.Languages.All)))
            );
        return new AccountChange
        {
            Username = request.Username is null ? null : Username.Parse(request.Username, "username", errors),
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
            PublicFields = request.PublicFields is null ? null : CardFields.Parse(request.PublicFields, "publicFields", errors),
        };
    }

    private (AccountNames Row, Profile Profile) Apply(StoredUser user, Profile old) =>
        (
            new AccountNames
            {
                Username = Username ?? user.Username,
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
                PublicFields = PublicFields ?? old.PublicFields,
            }
        );

    /// <summary>Changes what is different and publishes that, unless something else than what was read stands there.</summary>
    /// <param name="expected">The entity tag of what was read before (<c>If-Match</c>), several or <c>*</c>; empty changes whatever
    /// stands.</param>
    /// <param name="roles">Whose minimum ages count for a new birth date.</param>
    /// <param name="options">Which usernames nobody gets.</param>
    public async Task<Outcome<UserView>> SaveAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        StringValues expected,
        IRegistrationRoles roles,
        PictureAddresses pictures,
        RegistrationOptions options,
        Actor actor
    )
    {
        var view = user.Row.View(key, tx.Now, pictures);
        if (!EntityTags.Match(expected, view.Tag()))
            return RequestErrors.PreconditionFailed;

        var old = user.Row.OpenProfile(key);
        var (row, profile) = Apply(user.Row, old);
        var (before, after) = (Details(AccountNames.Of(user.Row), old), Details(row, profile));
        var changed = after.Keys.Where(k => before[k] != after[k]).ToList();
        if (changed.Count == 0)
            return view;
        if (profile.BirthDate != old.BirthDate && await RejectAgeAsync(tx, user, profile.BirthDate, roles) is { } tooYoung)
            return tooYoung;
        if (changed.Contains("username") && await ChangeUsernameAsync(tx, user.Row, row.Username!, options, actor) is { } rejected)
            return rejected;

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
            new UserUpdatedV1 { UserId = user.Row.Id, Personal = key.Seal(new UserChangesV1(Only(before, changed), Only(after, changed))) }
        );
        tx.Record((AuditRecord.Of(actor, "user.updated") with { Subject = user.Row.Id }).WithFact("changed", string.Join(", ", changed)));
        await user.SaveAsync(tx);
        return (await StoredUser.FindAsync(tx, user.Row.TenantId, user.Row.Id))!.View(key, tx.Now, pictures);
    }

    private static async Task<Error?> ChangeUsernameAsync(
        Transaction tx,
        StoredUser user,
        Username username,
        RegistrationOptions options,
        Actor actor
    ) =>
        username != user.Username && ReservedUsernames.Contains(username, actor.Tenant.DisplayName, options.ReservedUsernames)
            ? AccountsErrors.UsernameTaken
            : await Usernames.ChangeAsync(tx, user, username);

    private static async Task<Error?> RejectAgeAsync(Transaction tx, LockedUser user, DateOnly? born, IRegistrationRoles roles)
    {
        var errors = new ValidationErrors();
        var minimum = await roles.FindMinimumAgeAsync(tx, user.Row.TenantId, user.Row.Id);
        RoleTerms.CheckAge(minimum, born, DateOnly.FromDateTime(tx.Now.UtcDateTime), errors);
        return errors.Any ? RequestErrors.InvalidWith(errors) : null;
    }

    /// <summary>As the event tells of them.</summary>
    private static Dictionary<string, string> Details(AccountNames row, Profile profile) =>
        new(StringComparer.Ordinal)
        {
            ["username"] = row.Username?.Typed ?? "",
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
            ["publicFields"] = string.Join(',', profile.PublicFields ?? CardFields.Default),
        };

    private static Dictionary<string, string> Only(Dictionary<string, string> details, List<string> names) =>
        names.ToDictionary(n => n, n => details[n], StringComparer.Ordinal);
}

/// <summary>What the user's row holds of it in clear.</summary>
internal sealed record AccountNames
{
    public required Username? Username { get; init; }

    public required PersonName Name { get; init; }

    public PersonName? GivenName { get; init; }

    public PersonName? FamilyName { get; init; }

    public required string Language { get; init; }

    public static AccountNames Of(StoredUser user) =>
        new()
        {
            Username = user.Username,
            Name = user.Name,
            GivenName = user.GivenName,
            FamilyName = user.FamilyName,
            Language = user.Language,
        };
}

/// <summary>A name that may be cleared.</summary>
internal sealed record OptionalName(PersonName? Value)
{
    public static OptionalName? Parse(string input, string field, ValidationErrors errors) =>
        TextInput.IsBlank(input) ? new OptionalName(Value: null)
        : PersonName.Parse(input, field, errors) is { } name ? new OptionalName(name)
        : null;
}
