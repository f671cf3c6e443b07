using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Server.Seeding;

/// <summary>A change that is missing. It may be made twice: what is there already stays as it is.</summary>
/// <param name="Path">Where the file asks for it: <c>tenants[0].roles[1]</c>.</param>
/// <param name="ApplyAsync">Answers with the rejection, if there is one.</param>
internal sealed record SeedStep(string Path, Func<SeedRun, CancellationToken, Task<Error?>> ApplyAsync)
{
    /// <summary>What it does, beginning with + for something new and ~ for a change.</summary>
    public required string Text { get; init; }
}

/// <summary>The changes that are missing, in order, and all that is wrong with the file: with an error, nothing is changed.</summary>
internal sealed class SeedPlan(MessageCatalog texts)
{
    private readonly List<SeedStep> steps = [];
    private readonly List<string> errors = [];

    public IReadOnlyList<SeedStep> Steps => steps;

    public IReadOnlyList<string> Errors => errors;

    public void Add(string path, string text, Func<SeedRun, CancellationToken, Task<Error?>> apply) =>
        steps.Add(new SeedStep(path, apply) { Text = text });

    public void Reject(string path, string text) => errors.Add($"{path}: {text}");

    public void Reject(string path, Error error)
    {
        if (error.Errors.Count == 0)
            Reject(path, texts.Text(error.Code, Languages.Default, error.Facts));
        else
            Reject(path, error.Errors);
    }

    public void Reject(string path, IEnumerable<FieldError> wrong)
    {
        foreach (var error in wrong)
            Reject(
                string.Join('.', new[] { path, error.Field }.Where(part => part.Length > 0)),
                texts.Text(error.Code, Languages.Default, error.Values)
            );
    }

    /// <summary>Parses something of the file; what is wrong is named by its path.</summary>
    public T Parse<T>(string path, Func<ValidationErrors, T> parse)
    {
        var wrong = new ValidationErrors();
        var parsed = parse(wrong);
        Reject(path, wrong.ToList());
        return parsed;
    }

    /// <summary>Takes the items with their paths; one that was named before is rejected.</summary>
    public IEnumerable<(string Path, T Item)> Distinct<T>(string path, IReadOnlyList<T>? items, Func<T, string?> key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in (items ?? []).Index())
        {
            var place = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (key(item) is { } name && !seen.Add(name))
                Reject(place, "It is given twice.");
            else
                yield return (place, item);
        }
    }
}
