using Gatehouse.Core.Results;

namespace Gatehouse.Web.Pages;

public static class FieldNames
{
    /// <summary>The rejection as a form tells it whose fields have other names than the handler's: what asks for a user's name does not ask
    /// for an organization's.</summary>
    public static Error? Renamed(this Error? error, params IReadOnlyList<(string From, string To)> names) =>
        error is null or { Errors.Count: 0 }
            ? error
            : error.With([
                .. error.Errors.Select(e => names.FirstOrDefault(n => n.From == e.Field).To is { } field ? e with { Field = field } : e),
            ]);
}
