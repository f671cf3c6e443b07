namespace Gatehouse.Core.Results;

/// <summary>What was sent, with what is wrong with it so far: a member of the wrong shape is null in the value and named in the
/// errors.</summary>
public readonly record struct Input<T>(T Value, ValidationErrors Errors)
{
    /// <summary>Another value, taken from this one, with the same errors.</summary>
    public Input<TOther> With<TOther>(TOther value) => new(value, Errors);
}

public static class Input
{
    /// <summary>What has no errors yet.</summary>
    public static Input<T> Of<T>(T value) => new(value, new ValidationErrors());
}
