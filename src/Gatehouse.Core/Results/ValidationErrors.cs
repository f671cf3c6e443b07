namespace Gatehouse.Core.Results;

/// <summary>
/// Collects every error of one input, so that a caller learns of all of them at once. The first error of a field stands;
/// a field that did not even have the right shape is not evaluated by further rules.
/// </summary>
public sealed class ValidationErrors
{
    private readonly List<FieldError> errors = [];

    public bool Any => errors.Count > 0;

    public bool Has(string field) => errors.Exists(f => f.Field == field);

    public void Add(string field, string code, IReadOnlyDictionary<string, object>? values = null)
    {
        if (!Has(field))
            errors.Add(
                new FieldError
                {
                    Field = field,
                    Code = code,
                    Values = values,
                }
            );
    }

    public IReadOnlyList<FieldError> ToList() => errors;
}
