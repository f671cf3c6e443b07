using System.ComponentModel;

namespace Gatehouse.Web;

/// <summary>The form of every rejection, for the documents; <see cref="ProblemResult"/> writes it.</summary>
public sealed record Problem
{
    [Description("urn:gatehouse:error: and the code.")]
    public required string Type { get; init; }

    [Description("The reason phrase of the status.")]
    public required string Title { get; init; }

    public required int Status { get; init; }

    [Description("What happened, for people, in the language of Accept-Language.")]
    public required string Detail { get; init; }

    [Description("What happened, for programs; it never changes. Some codes bring members of their own, such as attemptsRemaining.")]
    public required string Code { get; init; }

    [Description("Names this request in logs and traces.")]
    public required string TraceId { get; init; }

    [Description("Every error of the input; present with the code request.invalid.")]
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One error of one field.</summary>
public sealed record ProblemError
{
    [Description("The member as the caller wrote it; those of arrays and objects by path: items[0].name.")]
    public required string Field { get; init; }

    public required string Code { get; init; }

    public required string Message { get; init; }
}
