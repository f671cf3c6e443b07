using System.Text.RegularExpressions;

namespace Gatehouse.Tests.Architecture;

/// <summary>Which namespace uses which, as the <c>using</c> lines of its files say; a namespace is used by what lies below it without
/// one.</summary>
internal static partial class NamespaceGraph
{
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Of(IEnumerable<(string Path, string Text)> files)
    {
        var uses = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (_, text) in files)
        {
            if (Own().Match(text) is not { Success: true } own)
                continue;
            var name = own.Groups["name"].Value;
            if (!uses.TryGetValue(name, out var used))
                uses.Add(name, used = new HashSet<string>(StringComparer.Ordinal));
            used.UnionWith(Used().Matches(text).Select(m => m.Groups["name"].Value).Where(n => n != name));
        }

        return uses.ToDictionary(u => u.Key, u => (IReadOnlySet<string>)u.Value, StringComparer.Ordinal);
    }

    /// <summary>The namespaces that reach themselves through others.</summary>
    public static IReadOnlyList<string> Cycles(IReadOnlyDictionary<string, IReadOnlySet<string>> uses) =>
        [.. uses.Keys.Where(name => Reachable(uses, name).Contains(name)).Order(StringComparer.Ordinal)];

    private static HashSet<string> Reachable(IReadOnlyDictionary<string, IReadOnlySet<string>> uses, string from)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([from]);
        while (open.TryPop(out var name))
        {
            foreach (var next in uses.GetValueOrDefault(name) ?? new HashSet<string>(StringComparer.Ordinal))
            {
                if (found.Add(next))
                    open.Push(next);
            }
        }

        return found;
    }

    [GeneratedRegex(
        @"^@?namespace (?<name>Gatehouse[\w.]*)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Own();

    [GeneratedRegex(
        @"^@?using (static )?(?<name>Gatehouse[\w.]*)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Used();
}
