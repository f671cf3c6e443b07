using System.Buffers;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Tenants;

/// <summary>The names of a tenant. Pure.</summary>
internal static class TenantName
{
    public const int MaxLength = 63;
    public const int MaxDisplayLength = 60;

    public const string Malformed = "organizations.tenant-name-invalid";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Lower-case letters, digits and hyphens, as in a host name; null if an error was added.</summary>
    public static string? Parse(string? input, ValidationErrors errors)
    {
        if (string.IsNullOrWhiteSpace(input))
            errors.Add("name", ValidationCodes.Required);
        else if (!IsHostLabel(input))
            errors.Add("name", Malformed);
        return errors.Has("name") ? null : input;
    }

    /// <summary>What users read; null if an error was added.</summary>
    public static string? ParseDisplay(string? input, ValidationErrors errors) =>
        TextInput.Clean(input, "displayName", MaxDisplayLength, errors);

    private static bool IsHostLabel(string text) =>
        text.Length <= MaxLength && !text.AsSpan().ContainsAnyExcept(Allowed) && text[0] != '-' && text[^1] != '-';
}
