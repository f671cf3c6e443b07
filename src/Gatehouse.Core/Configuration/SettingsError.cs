using System.Text;

namespace Gatehouse.Core.Configuration;

/// <summary>One setting that cannot be used as it is.</summary>
public sealed record SettingsError
{
    /// <summary>The full path, <c>Gatehouse:Http:Port</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The value found; null when there is none, or when it is or may hold a secret, such as a connection string that was given
    /// to the wrong setting.</summary>
    public required string? Value
    {
        get;
        init => field = value is null || value.AsSpan().IndexOfAny("=@;") >= 0 ? null : value;
    }

    /// <summary>What is allowed, as the rest of a sentence: <c>must be a whole number from 1 to 65535</c>.</summary>
    public required string Allowed { get; init; }

    /// <summary>The environment variable that sets it.</summary>
    public string Variable => SettingsProperty.VariableOf(Path);

    /// <summary>Whether there is such a setting at all; one that is not cannot be set.</summary>
    public bool Known { get; init; } = true;

    public override string ToString() =>
        !Known ? $"{Path} {Allowed}."
        : Value is null ? $"{Path} {Allowed}. Set {Variable}."
        : $"{Path} is \"{Value}\" but {Allowed}. Set {Variable}.";
}

/// <summary>All settings that are wrong, at once, so that a start is not repeated once per error.</summary>
public sealed class SettingsException(IReadOnlyList<SettingsError> errors) : Exception(Describe(errors))
{
    public IReadOnlyList<SettingsError> Errors { get; } = errors;

    private static string Describe(IReadOnlyList<SettingsError> errors)
    {
        var text = new StringBuilder(
            errors.Count == 1 ? "1 setting is missing or invalid:" : $"{errors.Count} settings are missing or invalid:"
        );
        foreach (var error in errors)
            text.Append("\n  ").Append(error);
        return text.ToString();
    }
}
