using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Organizations.Access;

/// <summary>Permissions in words, in the language of who reads: registered ones as they were described.</summary>
internal static class PermissionWords
{
    /// <summary>Begins the keys of the words.</summary>
    public const string Text = "page.console.permission.";

    /// <summary>Begins the keys of the areas.</summary>
    public const string AreaText = "page.console.permission-area.";

    public static PermissionLine Line(this PermissionSet known, string name, MessageCatalog texts, string language) =>
        new() { Name = name, Words = Find(Text + name, texts, language) ?? known.Find(name)?.Description ?? name };

    /// <summary>The permissions by area, both in the order of their names.</summary>
    public static IReadOnlyList<PermissionGroup> Groups(this PermissionSet known, IEnumerable<string> names, HttpContext http)
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
                    Permissions = [.. group.Select(name => known.Line(name, texts, language))],
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
