using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Operations;

/// <summary>An operation as its owner sees it.</summary>
public sealed record OperationView
{
    public required Guid Id { get; init; }

    [Description("What is done, such as users.import.")]
    public required string Kind { get; init; }

    [Description("queued, running, succeeded, failed or canceled. The last three are final.")]
    public required string State { get; init; }

    [Description("Whether the operation ends at its next step, because that was asked for.")]
    public required bool CancelRequested { get; init; }

    [Description("Steps that are done.")]
    public required long Done { get; init; }

    [Description("All steps; null while nobody knows how many there are.")]
    public required long? Total { get; init; }

    [Description("What came out, by kind; null before the operation succeeded, and for kinds that have none.")]
    public required IReadOnlyDictionary<string, JsonElement>? Result { get; init; }

    [Description("Why it failed: a problem document as the rejection of a request has it; null unless it failed.")]
    public required IReadOnlyDictionary<string, JsonElement>? Error { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>One that was started in a transaction of that time.</summary>
    public static OperationView Started<TJob>(Guid id, DateTimeOffset now)
        where TJob : IOperationJob =>
        new()
        {
            Id = id,
            Kind = TJob.Kind,
            State = Operation.Queued,
            CancelRequested = false,
            Done = 0,
            Total = null,
            Result = null,
            Error = null,
            CreatedAt = now,
            StartedAt = null,
            FinishedAt = null,
        };

    /// <summary>The answer to the request that started it: where it can be read, and how it stands.</summary>
    public IResult Accepted(HttpContext http)
    {
        http.Response.Headers.Location = $"/v1/operations/{Id}";
        return TypedResults.Json(this, OperationsJson.Default.OperationView, statusCode: StatusCodes.Status202Accepted);
    }

    public static OperationView Of(Operation operation, MessageCatalog texts, string language) =>
        new()
        {
            Id = operation.Id,
            Kind = operation.Kind,
            State = operation.State,
            CancelRequested = operation.CancelRequested,
            Done = operation.Done,
            Total = operation.Total,
            Result = operation.Result is { } result ? Members(result) : null,
            Error = operation.ReadError() is { } error ? Members(error.ToProblem().Document(texts, language)) : null,
            CreatedAt = operation.CreatedAt,
            StartedAt = operation.StartedAt,
            FinishedAt = operation.FinishedAt,
        };

    private static IReadOnlyDictionary<string, JsonElement> Members(string json) =>
        JsonSerializer.Deserialize(json, OperationsJson.Default.IReadOnlyDictionaryStringJsonElement)!;
}

/// <summary>The JSON form of operations.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(TimestampJson)])]
[JsonSerializable(typeof(OperationView))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
internal sealed partial class OperationsJson : JsonSerializerContext;
