using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Admin;

/// <summary>
/// What was typed into a form to name one thing (<see cref="ThingForm"/>): at once by what names it alone, else by choosing among what it
/// may mean.
/// </summary>
public sealed record ThingSearch
{
    /// <summary>The button beside each match.</summary>
    public const string ChosenField = "chosen";

    public string? Typed { get; init; }

    /// <summary>What it may mean.</summary>
    public IReadOnlyList<ConsoleHit> Hits { get; init; } = [];

    /// <summary>The thing that was chosen or named; null while there is none.</summary>
    public Guid? Chosen { get; private init; }

    /// <summary>Why nothing can be chosen.</summary>
    public Error? Error { get; private init; }

    /// <param name="field">The field of the form.</param>
    /// <param name="maxLength">Characters of it.</param>
    /// <param name="unknown">What is said where nothing matches.</param>
    public static async Task<ThingSearch> ReadAsync(
        HttpContext http,
        string field,
        int maxLength,
        Error unknown,
        Func<string, Task<IReadOnlyList<ConsoleHit>>> find
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var search = new ThingSearch { Typed = form[field].ToString() };
        if (Guid.TryParse(form[ChosenField], out var chosen))
            return search with { Chosen = chosen };
        var errors = new ValidationErrors();
        if (TextInput.Clean(search.Typed, field, maxLength, errors) is not { } text)
            return search with { Error = RequestErrors.InvalidWith(errors) };
        var hits = await find(text);
        if (Only(hits, text) is { } only)
            return search with { Chosen = only };
        if (hits.Count > 0)
            return search with { Hits = hits };
        errors.Add(field, unknown.Code);
        return search with { Error = RequestErrors.InvalidWith(errors) };
    }

    /// <summary>Hides the text.</summary>
    public override string ToString() => "[search]";

    // The one that is found exactly, or told by its username or code; an id also unseen.
    private static Guid? Only(IReadOnlyList<ConsoleHit> hits, string text)
    {
        var exact = hits.Where(hit => hit.IsExact || string.Equals(hit.Detail, text, StringComparison.OrdinalIgnoreCase)).ToList();
        return exact is [var only] ? only.Id
            : exact.Count == 0 && Guid.TryParse(text, out var id) ? id
            : null;
    }
}
