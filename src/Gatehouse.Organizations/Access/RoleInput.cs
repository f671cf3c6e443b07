using System.Buffers;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Access;

/// <summary>Names, labels and permissions of a role as people write them. Pure.</summary>
internal static partial class RoleInput
{
    public const int MaxName = 64;
    public const int MaxLabel = 64;
    public const int MaxLabels = 30;
    public const int MaxPermissions = 200;

    public const string NameMalformed = "organizations.role-name-invalid";
    public const string NameReserved = "organizations.role-name-reserved";
    public const string PermissionUnknown = "organizations.permission-unknown";
    public const string PermissionLevel = "organizations.permission-level";

    private static readonly SearchValues<char> NameText = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Names by which other programs mean somebody who may do everything, or everybody.</summary>
    private static readonly HashSet<string> Reserved = new(
        ["admin", "administrator", "root", "system", "public", "user", .. BuiltInRole.All.Select(role => role.Name)],
        StringComparer.Ordinal
    );

    public static string? ParseName(string? input, string field, ValidationErrors errors)
    {
        var name = TextInput.Clean(input, field, MaxName, errors);
        var code =
            name is null ? null
            : name.AsSpan().ContainsAnyExcept(NameText) ? NameMalformed
            : Reserved.Contains(name) ? NameReserved
            : null;
        if (code is null)
            return name;
        errors.Add(field, code);
        return null;
    }

    /// <summary>Labels by language tag, such as <c>en</c> and <c>pt-BR</c>.</summary>
    public static IReadOnlyDictionary<string, string> ParseLabels(
        IReadOnlyDictionary<string, string>? labels,
        string field,
        ValidationErrors errors
    )
    {
        var parsed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (labels?.Count > MaxLabels)
            errors.Add(field, ValidationCodes.TooLong, TextInput.Limits(("max", MaxLabels)));
        foreach (var (language, input) in labels?.Take(MaxLabels) ?? [])
        {
            if (!LanguageTag.IsMatch(language))
                errors.Add(field, ValidationCodes.UnknownMember);
            else if (OneLine.Parse(input, $"{field}.{language}", MaxLabel, errors) is { } label)
                parsed[language] = label;
        }

        return parsed;
    }

    /// <summary>Names of permissions, each once. Whether there are such is another question (<see cref="Check"/>).</summary>
    public static IReadOnlyList<string> ParsePermissions(IReadOnlyList<string>? names, string field, ValidationErrors errors)
    {
        if (names?.Count > MaxPermissions)
            errors.Add(field, ValidationCodes.TooLong, TextInput.Limits(("max", MaxPermissions)));
        return [.. (names ?? []).Take(MaxPermissions).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Adds an error if one of the names is no permission, or none that a role of the level can have.</summary>
    public static void Check(IEnumerable<string> names, AccessLevel level, PermissionSet known, ValidationErrors errors)
    {
        var code = names
            .Select(known.Find)
            .Select(permission =>
                permission is null ? PermissionUnknown
                : permission.Level > level ? PermissionLevel
                : null
            )
            .FirstOrDefault(code => code is not null);
        if (code is not null)
            errors.Add("permissions", code);
    }

    /// <summary>An id that may be left out.</summary>
    public static Guid? ParseId(string? input, string field, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            return null;
        if (Guid.TryParseExact(input, "D", out var id))
            return id;
        errors.Add(field, ValidationCodes.WrongType, TextInput.Limits(("expected", "UUID")));
        return null;
    }

    [GeneratedRegex(
        "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LanguageTag { get; }
}
