namespace Gatehouse.Web.Pages;

/// <summary>Links to pages that belong together, for the column beside them.</summary>
public sealed record Navigation
{
    /// <summary>What the links are about, for who does not see them at one glance.</summary>
    public required string Label { get; init; }

    public required IReadOnlyList<NavigationGroup> Groups { get; init; }
}

/// <summary>Some of the links, with a heading over them or none.</summary>
public sealed record NavigationGroup
{
    public string? Heading { get; init; }

    public required IReadOnlyList<NavigationLink> Links { get; init; }
}

/// <summary>A link in a navigation.</summary>
public sealed record NavigationLink
{
    public required string Path { get; init; }

    public required string Text { get; init; }

    /// <summary><c>page</c> for the page itself, <c>true</c> for a page below it; null for another.</summary>
    public string? Current { get; init; }
}
