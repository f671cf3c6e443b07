using System.Buffers;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>What a requester fills in: texts by name. Pure.</summary>
internal static class RoleRequestForm
{
    public const int MaxFields = 30;
    public const int MaxName = 64;
    public const int MaxText = 1000;

    private static readonly SearchValues<char> NameText = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    );

    public static IReadOnlyDictionary<string, string> Parse(
        IReadOnlyDictionary<string, string>? form,
        string field,
        ValidationErrors errors
    )
    {
        var parsed = new Dictionary<string, string>(StringComparer.Ordinal);
        if (form is null)
            return parsed;
        if (form.Count > MaxFields)
            errors.Add(field, ValidationCodes.TooLong, TextInput.Limits(("max", MaxFields)));
        foreach (var (name, value) in form.Take(MaxFields))
        {
            if (name.Length is 0 or > MaxName || name.AsSpan().ContainsAnyExcept(NameText))
                errors.Add(field, ValidationCodes.UnknownMember);
            else if (string.IsNullOrWhiteSpace(value))
                parsed[name] = "";
            else if (TextInput.Clean(value, $"{field}.{name}", MaxText, errors) is { } text)
                parsed[name] = text;
        }

        return parsed;
    }
}
