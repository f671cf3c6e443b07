using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Gatehouse.Core.Configuration;

/// <summary>One setting: where it stands, what it may be, and what it is when nobody says.</summary>
/// <param name="Path">The full path, <c>Gatehouse:RateLimits:Register:Permits</c>.</param>
/// <param name="Property">The property that holds it; its documentation comment describes it.</param>
/// <param name="Default">The value of a new instance.</param>
public sealed record SettingsProperty(string Path, PropertyInfo Property, object? Default)
{
    public string Variable => VariableOf(Path);

    public bool Secret => Property.IsDefined(typeof(SecretAttribute));

    /// <summary>Where it stood in an earlier version; null where it always had its name.</summary>
    internal string? FormerPath =>
        Property.GetCustomAttribute<FormerNameAttribute>() is { } former
            ? string.Concat(Path.AsSpan(0, Path.LastIndexOf(':') + 1), former.Name)
            : null;

    /// <summary>The rest of a sentence that begins with the setting's name.</summary>
    public string Allowed
    {
        get
        {
            var type = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
            var kind = SettingsValue.Describe(type);
            var range = Property.GetCustomAttribute<RangeAttribute>();
            var rules = new List<string> { range is null ? kind : $"{kind} from {Limit(range.Minimum)} to {Limit(range.Maximum)}" };
            foreach (var rule in Property.GetCustomAttributes<ValidationAttribute>())
            {
                if (rule is not (RangeAttribute or RequiredAttribute))
                    rules.Add(Sentence(rule.FormatErrorMessage("it")));
            }

            return "must be " + string.Join("; ", rules);
        }
    }

    /// <summary>The default as an operator would write it.</summary>
    public string DefaultText => Secret ? "" : SettingsValue.Write(Default);

    /// <summary>What may be told of a value: nothing of a secret one, nor of an address with a query or a fragment in it, where secrets
    /// hide.</summary>
    internal string? Tellable(string? text) =>
        Secret
        || string.IsNullOrEmpty(text)
        || ((IsAddress || text.Contains("://", StringComparison.Ordinal)) && text.AsSpan().IndexOfAny('?', '#') >= 0)
            ? null
            : text;

    private bool IsAddress => Property.PropertyType == typeof(Uri);

    internal static string VariableOf(string path) => path.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    private static string Limit(object limit) => limit as string ?? Convert.ToString(limit, CultureInfo.InvariantCulture) ?? "";

    private static string Sentence(string message) => message.TrimEnd('.').Replace("The field it must", "must", StringComparison.Ordinal);
}
