namespace Gatehouse.Core.Results;

/// <summary>What sort of rejection an <see cref="Error"/> is; each transport (HTTP, gRPC, page, import row) maps it once.</summary>
public enum ErrorKind
{
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Gone,
    PreconditionFailed,
    TooLarge,
    UnsupportedMediaType,
    Refused,
    TooManyRequests,
    Unavailable,
}

/// <summary>One error of one input field.</summary>
public sealed record FieldError
{
    /// <summary>The JSON name as the caller wrote it.</summary>
    public required string Field { get; init; }

    public required string Code { get; init; }

    /// <summary>Numbers and words that the message names, such as <c>max</c>.</summary>
    public IReadOnlyDictionary<string, object>? Values { get; init; }
}

/// <summary>
/// An expected failure: a stable public <paramref name="Code"/> (<c>module.kebab-case</c>, documented in docs/errors) and its kind.
/// Modules declare theirs once, in their catalogue; what varies is added with the <c>With…</c> methods.
/// </summary>
public sealed record Error(string Code, ErrorKind Kind)
{
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>How long to wait before the same call can succeed; sent as <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Facts a program may act on (<c>attemptsRemaining</c>); they become members of the problem document.</summary>
    public IReadOnlyDictionary<string, object> Facts { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    public Error With(IReadOnlyList<FieldError> errors) => this with { Errors = errors };

    public Error After(TimeSpan wait) => this with { RetryAfter = wait };

    public Error WithFact(string name, object value) =>
        this with
        {
            Facts = new Dictionary<string, object>(Facts, StringComparer.Ordinal) { [name] = value },
        };
}
