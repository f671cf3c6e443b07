namespace Gatehouse.Core.Results;

/// <summary>The result of something that may be rejected: a value, or an <see cref="Results.Error"/> from a module's catalogue.</summary>
public readonly struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    /// <summary>The rejection, or null when there is a value.</summary>
    public Error? Error { get; }

    public bool Succeeded => Error is null;

    /// <summary>The value. Reading it on a rejection is a programming error.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"The outcome is the error {Error.Code}.");

    public static implicit operator Outcome<T>(T value) => new(value, error: null);

    public static implicit operator Outcome<T>(Error error) => new(default, error);

    public TResult Match<TResult>(Func<T, TResult> value, Func<Error, TResult> error) => Error is null ? value(this.value!) : error(Error);
}
