namespace Gatehouse.Docs;

/// <summary>A topic and its events, as the AsyncAPI document describes them.</summary>
internal sealed record EventTopic
{
    public required string Name { get; init; }

    public required string Meaning { get; init; }

    public required IReadOnlyList<DescribedEvent> Events { get; init; }
}

internal sealed record DescribedEvent
{
    public required string Name { get; init; }

    public required string Meaning { get; init; }

    public required IReadOnlyList<EventMember> Members { get; init; }
}

internal sealed record EventMember
{
    public required string Name { get; init; }

    /// <summary>The format where there is one, otherwise the type of JSON.</summary>
    public required string Type { get; init; }

    public required string Meaning { get; init; }

    public required bool IsOptional { get; init; }

    public required bool IsEncrypted { get; init; }
}
