namespace Gatehouse.Core.Results;

/// <summary>
/// Collects every fault of one input, so that a caller learns of all of them at once. The first fault of a field stands;
/// a field that did not even have the right shape is not judged by further rules.
/// </summary>
public sealed class Faults
{
    private readonly List<FieldError> faults = [];

    public bool Any => faults.Count > 0;

    public bool Has(string field) => faults.Exists(f => f.Field == field);

    public void Add(string field, string code, IReadOnlyDictionary<string, object>? values = null)
    {
        if (!Has(field)) faults.Add(new FieldError(field, code, values));
    }

    public IReadOnlyList<FieldError> ToList() => faults;
}
