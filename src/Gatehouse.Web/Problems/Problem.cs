using System.ComponentModel;

namespace Gatehouse.Web;

/// <summary>The form of every rejection, for the documents; <see cref="ProblemResult"/> writes it.</summary>
public sealed record Problem
{
    [Description("urn:gatehouse:error: followed by the code.")]
    public required string Type { get; init; }

    [Description("The reason phrase of the status.")]
    public required string Title { get; init; }

    public required int Status { get; init; }

    [Description("Message for users, in the language of Accept-Language.")]
    public required string Detail { get; init; }

    [Description("Stable error code for programs. Some codes have additional members, such as attemptsRemaining.")]
    public required string Code { get; init; }

    [Description("Identifies this request in logs and traces.")]
    public required string TraceId { get; init; }

    [Description("All errors of the input; present only with the code request.invalid.")]
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <summary>One error of one field.</summary>
public sealed record ProblemError
{
    [Description("The field as the client sent it; fields of arrays and objects as a path: items[0].name.")]
    public required string Field { get; init; }

    public required string Code { get; init; }

    public required string Message { get; init; }
}
