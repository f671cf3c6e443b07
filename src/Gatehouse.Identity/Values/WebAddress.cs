using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>
/// The address of a page that a user names: absolute, by http or https, at most 500 characters, with a host and without a user or password,
/// so that a link made of it leads where it seems to.
/// </summary>
internal sealed record WebAddress
{
    public const int MaxLength = 500;
    public const int MaxLinks = 10;
    public const string Malformed = "identity.url-invalid";

    private WebAddress(string? value) => Value = value;

    /// <summary>Null for none.</summary>
    public string? Value { get; }

    public static WebAddress? Parse(string input, string field, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            return new WebAddress(value: null);
        var text = TextInput.Clean(input, field, MaxLength, errors);
        if (text is null)
            return null;
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.Host.Length > 0
            && uri.UserInfo.Length == 0
            && !text.Any(char.IsWhiteSpace)
            && !text.Contains('\\', StringComparison.Ordinal)
        )
            return new WebAddress(text);
        errors.Add(field, Malformed);
        return null;
    }

    /// <summary>Several, in their order, each once; empty ones are left out.</summary>
    public static IReadOnlyList<string>? ParseAll(IReadOnlyList<string> input, string field, ValidationErrors errors)
    {
        if (input.Count > MaxLinks)
        {
            errors.Add(field, Gatehouse.Web.ValidationCodes.OutOfRange, TextInput.Limits(("min", 0), ("max", MaxLinks)));
            return null;
        }

        var parsed = input.Select((text, i) => Parse(text ?? "", $"{field}[{i}]", errors)).ToList();
        return parsed.Contains(null)
            ? null
            : [.. parsed.Select(address => address!.Value).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    public override string ToString() => "[url]";
}
