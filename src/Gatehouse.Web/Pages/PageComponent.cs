using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Pages;

/// <summary>What every page and part of a page has at hand: the request and the texts in the language of who reads.</summary>
public abstract class PageComponent : ComponentBase
{
    [CascadingParameter]
    public HttpContext Http { get; set; } = null!;

    [Inject]
    public MessageCatalog Texts { get; set; } = null!;

    protected string Language => Http.Language();

    protected string Text(string key, IReadOnlyDictionary<string, object>? values = null) => Texts.Text(key, Language, values);

    protected string Text(string key, string name, object value) =>
        Text(key, new Dictionary<string, object>(StringComparer.Ordinal) { [name] = value });

    /// <summary>When it can be tried again.</summary>
    protected string Wait(TimeSpan wait) =>
        wait > TimeSpan.FromMinutes(2)
            ? Text("page.error.wait-minutes", "count", (int)Math.Ceiling(wait.TotalMinutes))
            : Text("page.error.wait-seconds", "count", (int)Math.Ceiling(wait.TotalSeconds));

    protected string Device(string? words) => ClientDevice.Describe(words ?? "", Language, Texts);
}
