using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Gatehouse.Core.Configuration;

/// <summary>One options class under its section name.</summary>
public sealed class SettingsSection
{
    internal SettingsSection(string name, Type optionsType)
    {
        Name = name;
        OptionsType = optionsType;
        Properties = [.. Describe(optionsType, Activator.CreateInstance(optionsType)!, $"{SettingsCatalog.Root}:{name}")];
    }

    public string Name { get; }

    public Type OptionsType { get; }

    public IReadOnlyList<SettingsProperty> Properties { get; }

    /// <summary>Fills <paramref name="options"/> from the configuration; a value that cannot be read is reported and the default
    /// stays.</summary>
    internal void Bind(IConfiguration configuration, object options, ICollection<SettingsError> errors)
    {
        foreach (var property in Properties)
        {
            var section = configuration.GetSection(property.Path);
            if (!TryRead(property.Property.PropertyType, section, out var value, out var text))
                errors.Add(Error(property, text, property.Allowed));
            else if (value is not null)
                property.Property.SetValue(Holder(options, property.Path), value);
        }
    }

    internal IEnumerable<SettingsError> Validate(object options, SettingsMode mode)
    {
        var faulty = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in Properties)
        {
            var holder = Holder(options, property.Path);
            var value = property.Property.GetValue(holder);
            var context = new ValidationContext(holder) { MemberName = property.Property.Name };
            foreach (var rule in property.Property.GetCustomAttributes<ValidationAttribute>(inherit: true))
            {
                if (rule.GetValidationResult(value, context) == ValidationResult.Success || !faulty.Add(property.Path))
                    continue;
                yield return Error(property, SettingsValue.Write(value), rule is RequiredAttribute ? "is required" : property.Allowed);
            }
        }

        if (options is not ICheckSettings check)
            yield break;
        foreach (var result in check.Check(mode))
        {
            foreach (var member in result.MemberNames.DefaultIfEmpty(""))
            {
                var path = $"{SettingsCatalog.Root}:{Name}:{member}".TrimEnd(':');
                if (!faulty.Add(path))
                    continue;
                var property = Properties.FirstOrDefault(p => p.Path == path);
                var value = property?.Property.GetValue(Holder(options, path));
                yield return property is null
                    ? new SettingsError
                    {
                        Path = path,
                        Value = null,
                        Allowed = result.ErrorMessage ?? "is not allowed",
                    }
                    : Error(property, SettingsValue.Write(value), result.ErrorMessage ?? property.Allowed);
            }
        }
    }

    private static SettingsError Error(SettingsProperty property, string? text, string allowed) =>
        new()
        {
            Path = property.Path,
            Value = property.Tellable(text),
            Allowed = allowed,
        };

    private static IEnumerable<SettingsProperty> Describe(Type type, object defaults, string path)
    {
        foreach (
            var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true })
        )
        {
            var value = property.GetValue(defaults);
            if (SettingsValue.IsLeaf(property.PropertyType))
                yield return new SettingsProperty($"{path}:{property.Name}", property, value);
            else if (value is not null)
                foreach (var nested in Describe(property.PropertyType, value, $"{path}:{property.Name}"))
                    yield return nested;
            else
                throw new InvalidOperationException($"{type.Name}.{property.Name} is neither a value nor a nested object with defaults.");
        }
    }

    private static object Holder(object options, string path)
    {
        var holder = options;
        var names = path.Split(':');
        foreach (var name in names[2..^1])
            holder = holder.GetType().GetProperty(name)!.GetValue(holder)!;
        return holder;
    }

    // Empty means unset: compose files and shells cannot always leave a variable out.
    private static bool TryRead(Type type, IConfigurationSection section, out object? value, out string? text)
    {
        value = null;
        text = section.Value;
        if (!type.IsArray)
            return string.IsNullOrWhiteSpace(text) || SettingsValue.TryRead(type, text, out value);

        var items = text is null
            ? [.. section.GetChildren().Select(child => child.Value ?? "")]
            : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (items.Length == 0)
            return true;

        text = string.Join(", ", items);
        var array = Array.CreateInstance(type.GetElementType()!, items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (!SettingsValue.TryRead(type.GetElementType()!, items[i], out var item))
                return false;
            array.SetValue(item, i);
        }

        value = array;
        return true;
    }
}
