using System.Buffers;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Structure;

/// <summary>What people write about organizations. Pure.</summary>
internal static class OrganizationTexts
{
    public const int MaxCode = 63;
    public const int MaxName = 100;
    public const int MaxDescription = 500;

    public const string CodeMalformed = "organizations.code-invalid";

    private static readonly SearchValues<char> CodeText = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>A code: 1 to 63 lower-case letters, digits, hyphens and underscores.</summary>
    public static string? ParseCode(string? input, string field, ValidationErrors errors)
    {
        var text = TextInput.Clean(input, field, MaxCode, errors);
        if (text is null || !text.AsSpan().ContainsAnyExcept(CodeText))
            return text;
        errors.Add(field, CodeMalformed);
        return null;
    }

    /// <summary>A name of one line; runs of spaces become one.</summary>
    public static string? ParseName(string? input, string field, ValidationErrors errors) =>
        OneLine.Parse(input, field, MaxName, errors) is { } text
            ? string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
            : null;

    /// <summary>A description of one line; blank for none.</summary>
    public static string? ParseDescription(string input, string field, ValidationErrors errors) =>
        string.IsNullOrWhiteSpace(input) ? "" : OneLine.Parse(input, field, MaxDescription, errors);
}
