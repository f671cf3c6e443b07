using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Passwords;

/// <summary>What somebody who knows the user and the service would try first; a password must contain none of it.</summary>
internal sealed class PasswordContext(string service, PersonName? name = null, Username? username = null, params IContact?[] contacts)
{
    // Shorter words occur inside others by chance.
    private const int MinLength = 4;

    private readonly string[] words =
    [
        .. Parts(service)
            .Concat(Parts(name?.Value))
            .Append(username?.Key)
            .Concat(contacts.Select(contact => contact?.Guessed))
            .OfType<string>()
            .Where(word => word.Length >= MinLength),
    ];

    /// <summary>Whether nothing else is asked for at sign-in: the password must be long then. Null where that is not known yet: then only
    /// what is too short in any case is rejected, and said to be too short for a password alone.</summary>
    public bool? IsOnlyFactor { get; init; } = true;

    /// <summary>Whether the text, NFC and lower case, contains one of the words.</summary>
    public bool IsPartOf(string text) => Array.Exists(words, word => text.Contains(word, StringComparison.Ordinal));

    public override string ToString() => "[password context]";

    // Each word of a name, and all of them written as one: "Li Wei Xu" has no word that counts by itself.
    private static IEnumerable<string> Parts(string? text)
    {
        var parts = (text ?? string.Empty).ToLowerInvariant().Split([' ', '-', '.', '\'', '’', ','], StringSplitOptions.RemoveEmptyEntries);
        return parts.Append(string.Concat(parts));
    }
}
