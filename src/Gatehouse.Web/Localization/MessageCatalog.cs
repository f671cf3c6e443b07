using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>An assembly that embeds <c>Texts/en.json</c>, <c>Texts/hi.json</c> and <c>Texts/es.json</c>.</summary>
public sealed record TextSource(Assembly Assembly);

/// <summary>
/// Texts for users, by error code and language. A text may name facts in braces, and words for one and for more of them:
/// <c>Try again in {count} {count|second|seconds}.</c>
/// </summary>
public sealed partial class MessageCatalog
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> texts;

    public MessageCatalog(IEnumerable<TextSource> sources)
    {
        var assemblies = sources.Select(s => s.Assembly).Distinct().ToList();
        texts = Languages.All.ToFrozenDictionary(language => language, language => Load(assemblies, language), StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Codes(string language) => texts[language].Keys;

    /// <summary>The text in the language, else in English, else the code itself.</summary>
    public string Text(string code, string language, IReadOnlyDictionary<string, object>? values = null)
    {
        if (!texts[language].TryGetValue(code, out var text) && !texts[Languages.Default].TryGetValue(code, out text))
            return code;
        return values is null or { Count: 0 } ? text : Placeholder.Replace(text, match => Fill(match, language, values));
    }

    [GeneratedRegex(
        @"\{(?<name>\w+)(\|(?<one>[^|{}]+)\|(?<more>[^|{}]+))?\}",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Placeholder { get; }

    private static string Fill(Match match, string language, IReadOnlyDictionary<string, object> values)
    {
        if (!values.TryGetValue(match.Groups["name"].Value, out var value))
            return match.Value;
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (!match.Groups["one"].Success)
            return text;
        // CLDR: whole numbers have one and other in all our languages, and in Hindi none is said as one is.
        return match.Groups[text == "1" || (text == "0" && language == "hi") ? "one" : "more"].Value;
    }

    private static FrozenDictionary<string, string> Load(IEnumerable<Assembly> assemblies, string language)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assembly in assemblies)
        {
            using var file =
                assembly.GetManifestResourceStream($"Texts/{language}.json")
                ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no Texts/{language}.json.");
            foreach (var (code, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(file)!)
            {
                if (!all.TryAdd(code, text))
                    throw new InvalidOperationException($"The text {code} is defined twice.");
            }
        }

        return all.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>Registers a module's texts.</summary>
public static class TextRegistration
{
    public static IServiceCollection AddTexts(this IServiceCollection services, Assembly assembly) =>
        services.AddSingleton(new TextSource(assembly));
}
