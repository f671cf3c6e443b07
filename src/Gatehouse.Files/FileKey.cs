using System.Text;

namespace Gatehouse.Files;

/// <summary>
/// Where a file stands in the store: <c>users/{user}/{id}-{name}</c>. Always made here, never a path that somebody sent; what was sent is
/// read by <see cref="Parse"/>, which takes nothing else.
/// </summary>
public sealed record FileKey
{
    private const string Root = "users/";
    private const int IdLength = 36;
    private const int MaxName = 100;

    private FileKey(Guid userId, Guid id, string name) => (UserId, Id, Name) = (userId, id, name);

    public Guid UserId { get; }

    public Guid Id { get; }

    /// <summary>ASCII letters, digits, dots, hyphens and underscores.</summary>
    public string Name { get; }

    /// <summary>What of <paramref name="typedName"/> may stand in a key follows the id.</summary>
    public static FileKey Make(Guid userId, Guid id, string typedName) => new(userId, id, Clean(typedName));

    /// <summary>Null for what is not exactly a key as it was made.</summary>
    public static FileKey? Parse(string? text)
    {
        if (text is null || !text.StartsWith(Root, StringComparison.Ordinal) || text.Length <= Root.Length + (2 * IdLength) + 2)
            return null;
        var (user, id) = (text.Substring(Root.Length, IdLength), text.Substring(Root.Length + IdLength + 1, IdLength));
        if (!Guid.TryParseExact(user, "D", out var userId) || !Guid.TryParseExact(id, "D", out var fileId))
            return null;
        var key = Make(userId, fileId, text[(Root.Length + (2 * IdLength) + 2)..]);
        return key.ToString() == text ? key : null;
    }

    /// <summary>What the keys of all files of a user begin with.</summary>
    public static string AllOf(Guid userId) => $"{Root}{userId:D}/";

    /// <summary>What the keys of one file begin with, whatever its name.</summary>
    public static string Of(Guid userId, Guid id) => $"{AllOf(userId)}{id:D}-";

    public override string ToString() => Of(UserId, Id) + Name;

    private static string Clean(string typed)
    {
        // A path that came along, of whatever system, is no part of the name.
        var name = typed[(typed.LastIndexOfAny(['/', '\\']) + 1)..].Normalize(NormalizationForm.FormKD);
        var cleaned = new StringBuilder(MaxName);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
                cleaned.Append(c);
            else if (char.IsWhiteSpace(c) && cleaned.Length > 0)
                cleaned.Append('-');
        }

        var text = cleaned.ToString().Trim('.', '-');
        // The end says what it is.
        return text.Length == 0 ? "file" : text[^Math.Min(text.Length, MaxName)..].TrimStart('.', '-');
    }
}
