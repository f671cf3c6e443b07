using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>Permissions in words, in the language of who reads: registered ones as they were described.</summary>
public static class PermissionWords
{
    /// <summary>Begins the keys of the words.</summary>
    public const string Text = "page.console.permission.";

    /// <summary>Begins the keys of the areas.</summary>
    public const string AreaText = "page.console.permission-area.";

    /// <summary>The permissions by area, both in the order of their names.</summary>
    /// <param name="describe">How one was described that the program has no words for; null for one that is none any more.</param>
    public static IReadOnlyList<PermissionGroup> Groups(IEnumerable<string> names, Func<string, string?> describe, HttpContext http)
    {
        var (texts, language) = (http.RequestServices.GetRequiredService<MessageCatalog>(), http.Language());
        return
        [
            .. names
                .Order(StringComparer.Ordinal)
                .GroupBy(name => name.Split(':')[0], StringComparer.Ordinal)
                .Select(group => new PermissionGroup
                {
                    Label = Find(AreaText + group.Key, texts, language) ?? group.Key,
                    Permissions =
                    [
                        .. group.Select(name => new PermissionLine
                        {
                            Name = name,
                            Words = Find(Text + name, texts, language) ?? describe(name) ?? name,
                        }),
                    ],
                }),
        ];
    }

    private static string? Find(string key, MessageCatalog texts, string language) =>
        texts.Text(key, language) is var text && text != key ? text : null;
}

/// <summary>The permissions of one area.</summary>
public sealed record PermissionGroup
{
    public required string Label { get; init; }

    public required IReadOnlyList<PermissionLine> Permissions { get; init; }
}

/// <summary>A permission in words, with its code.</summary>
public sealed record PermissionLine
{
    public required string Name { get; init; }

    public required string Words { get; init; }
}
