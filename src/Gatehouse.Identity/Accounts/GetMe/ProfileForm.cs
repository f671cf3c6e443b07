using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web.Pages;

namespace Gatehouse.Identity.Accounts;

/// <summary>The form of a user's details, languages and links as one text each.</summary>
public sealed record ProfileForm
{
    private static readonly char[] BetweenLinks = [' ', '\t', '\r', '\n'];
    private static readonly char[] BetweenTags = [',', ';', '،', ' ', '\t', '\r', '\n'];

    public static readonly IReadOnlyList<string> Fields =
    [
        "name",
        "givenName",
        "familyName",
        "title",
        "website",
        "links",
        "birthDate",
        "about",
        "languages",
        "preferredLanguage",
        "username",
        "publicFields",
    ];

    public required string Name { get; init; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    public required string Title { get; init; }

    public required string Website { get; init; }

    public required string Links { get; init; }

    public required string BirthDate { get; init; }

    public required string About { get; init; }

    public required string Languages { get; init; }

    public required string PreferredLanguage { get; init; }

    public required string Username { get; init; }

    /// <summary>What others see, separated by commas, as boxes of one name are sent.</summary>
    public required string PublicFields { get; init; }

    internal bool Shows(string field) => PublicFields.Split(',').Contains(field, StringComparer.Ordinal);

    /// <summary>From the values of <see cref="Fields"/>, in their order.</summary>
    public static ProfileForm? Of(IReadOnlyList<string>? fields) =>
        fields is null
            ? null
            : new()
            {
                Name = fields[0],
                GivenName = fields[1],
                FamilyName = fields[2],
                Title = fields[3],
                Website = fields[4],
                Links = fields[5],
                BirthDate = fields[6],
                About = fields[7],
                Languages = fields[8],
                PreferredLanguage = fields[9],
                Username = fields[10],
                PublicFields = fields[11],
            };

    internal static ProfileForm Of(UserView user) =>
        new()
        {
            Name = user.Name,
            GivenName = user.GivenName ?? "",
            FamilyName = user.FamilyName ?? "",
            Title = user.Title ?? "",
            Website = user.Website ?? "",
            Links = string.Join('\n', user.Links),
            BirthDate = user.BirthDate is { } born ? Values.BirthDate.Write(born) : "",
            About = user.About ?? "",
            Languages = string.Join(", ", user.Languages),
            PreferredLanguage = user.PreferredLanguage,
            Username = user.Username ?? "",
            PublicFields = string.Join(',', user.PublicFields),
        };

    internal UpdateMe.Request Request() =>
        new()
        {
            Name = Name,
            GivenName = GivenName,
            FamilyName = FamilyName,
            Title = Title,
            Website = Website,
            Links = Links.Split(BetweenLinks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            BirthDate = BirthDate,
            About = About,
            Languages = Languages.Split(BetweenTags, StringSplitOptions.RemoveEmptyEntries),
            PreferredLanguage = PreferredLanguage,
            // Left empty, it stays as it is: most users have none.
            Username = string.IsNullOrWhiteSpace(Username) ? null : Username,
            PublicFields = PublicFields.Split(',', StringSplitOptions.RemoveEmptyEntries),
        };

    /// <summary>Tags and links stand in one field each, so the error of any of them is that field's.</summary>
    internal static Error InOneField(Error rejection)
    {
        var error = rejection.AtField("username", AccountsErrors.UsernameTaken, AccountsErrors.UsernameChangedTooOften)!;
        return error.With([
            .. error.Errors.Select(e =>
                e.Field.IndexOf('[', StringComparison.Ordinal) is > 0 and var end ? e with { Field = e.Field[..end] } : e
            ),
        ]);
    }

    public override string ToString() => "[profile]";
}
