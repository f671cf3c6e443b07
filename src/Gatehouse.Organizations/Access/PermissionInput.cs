using System.Text.RegularExpressions;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Access;

/// <summary>Permissions of other services as people write them. Pure.</summary>
internal static partial class PermissionInput
{
    public const int MaxName = 64;
    public const int MaxDescription = 200;

    public const string NameMalformed = "organizations.permission-name-invalid";
    public const string PathMalformed = "organizations.permission-path-invalid";

    public static readonly IReadOnlyList<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static string? ParseName(string? input, string field, ValidationErrors errors)
    {
        var name = TextInput.Clean(input, field, MaxName, errors);
        if (name is null || Name.IsMatch(name))
            return name;
        errors.Add(field, NameMalformed);
        return null;
    }

    public static AccessLevel? ParseLevel(string? input, string field, ValidationErrors errors)
    {
        if (AccessLevels.Find(input) is { } level)
            return level;
        if (TextInput.IsBlank(input))
            errors.Add(field, ValidationCodes.Required);
        else
            errors.Add(field, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", AccessLevels.Names))));
        return null;
    }

    public static PathPattern? ParsePath(string? input, string field, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input) || TextInput.Clean(input, field, PathPattern.MaxLength, errors) is not { } text)
            return null;
        if (PathPattern.Parse(text) is { } pattern)
            return pattern;
        errors.Add(field, PathMalformed);
        return null;
    }

    /// <summary>Methods, each once; none stands for all.</summary>
    public static IReadOnlyList<string> ParseMethods(IReadOnlyList<string>? input, string field, ValidationErrors errors)
    {
        if (input?.All(method => Methods.Contains(method, StringComparer.Ordinal)) != false)
            return [.. (input ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        errors.Add(field, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", Methods))));
        return [];
    }

    [GeneratedRegex(
        @"^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+:[a-z0-9][a-z0-9-]*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name { get; }
}
