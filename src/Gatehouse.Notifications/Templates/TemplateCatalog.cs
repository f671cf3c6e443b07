using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using Gatehouse.Core.Templates;
using HandlebarsDotNet;

namespace Gatehouse.Notifications.Templates;

internal sealed record RenderedMail
{
    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }
}

/// <summary>
/// The texts of all modules for mails and phones, by name and language. Every value is encoded for HTML; a placeholder without a value is an error, not a
/// hole in a message. A language without a text falls back to English. Words for one and for more: <c>{{minutes}} {{plural minutes "minute"
/// "minutes"}}</c>.
/// </summary>
internal sealed class TemplateCatalog(IEnumerable<TemplateSource> sources)
{
    private const string Fallback = "en";
    private const string Layout = "layout";
    private const string SubjectMark = "Subject: ";

    private readonly Lazy<FrozenDictionary<string, string>> files = new(() => Load(sources));
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, HandlebarsTemplate<object, object>> compiled = new(
        StringComparer.Ordinal
    );
    private readonly IHandlebars html = Create(noEscape: false);
    private readonly IHandlebars plain = Create(noEscape: true);

    public IReadOnlyDictionary<string, string> Files => files.Value;

    public RenderedMail Render(string template, string language, IReadOnlyDictionary<string, string> values, string serviceName)
    {
        if (!Files.ContainsKey($"{template}.{language}.mail.txt"))
            language = Fallback;
        var data = Data(values, serviceName);
        data["language"] = language;

        var text = Fill(plain, $"{template}.{language}.mail.txt", data);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (!text.StartsWith(SubjectMark, StringComparison.Ordinal) || end < 0)
            throw new InvalidOperationException($"The text of {template} ({language}) does not begin with a subject line.");

        var subject = text[SubjectMark.Length..end].Trim();
        data["body"] = Fill(html, $"{template}.{language}.mail.html", data);
        data["subject"] = subject;
        return new RenderedMail
        {
            Subject = subject,
            Text = text[(end + 1)..].Trim() + "\n",
            Html = Fill(html, $"{Layout}.{Fallback}.mail.html", data),
        };
    }

    /// <summary>The text for a phone.</summary>
    public string RenderText(string template, string language, IReadOnlyDictionary<string, string> values, string serviceName)
    {
        if (!Files.ContainsKey($"{template}.{language}.sms.txt"))
            language = Fallback;
        return Fill(plain, $"{template}.{language}.sms.txt", Data(values, serviceName)).Trim();
    }

    private static Dictionary<string, object> Data(IReadOnlyDictionary<string, string> values, string serviceName)
    {
        var data = values.ToDictionary(v => v.Key, v => (object)OneLine(v.Value), StringComparer.Ordinal);
        data["service"] = OneLine(serviceName);
        return data;
    }

    private static IHandlebars Create(bool noEscape)
    {
        var engine = Handlebars.Create(new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true, NoEscape = noEscape });
        engine.RegisterHelper("plural", (output, _, arguments) => output.Write(arguments[0] is "1" ? arguments[1] : arguments[2]));
        return engine;
    }

    private string Fill(IHandlebars engine, string file, IReadOnlyDictionary<string, object> data) =>
        compiled.GetOrAdd(
            file,
            name =>
                engine.Compile(
                    Files.TryGetValue(name, out var text) ? text : throw new InvalidOperationException($"There is no text {name}.")
                )
        )(data);

    // A line break in a value could add a header to the subject or a line to the text; values are one line by definition.
    private static string OneLine(string value) => new([.. value.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);

    private static FrozenDictionary<string, string> Load(IEnumerable<TemplateSource> sources)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            foreach (var resource in source.Assembly.GetManifestResourceNames().Where(IsTemplate))
                texts.Add(resource[(resource.LastIndexOf('/') + 1)..], Read(source.Assembly, resource));
        }

        return texts.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool IsTemplate(string resource) =>
        resource.Contains(".mail.", StringComparison.Ordinal) || resource.EndsWith(".sms.txt", StringComparison.Ordinal);

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
