using Microsoft.AspNetCore.Components;

namespace Gatehouse.Web.Admin;

/// <summary>A column of a table.</summary>
public sealed record Column<TItem>
{
    public required string Label { get; init; }

    public required RenderFragment<TItem> Cell { get; init; }

    /// <summary>What the list calls the order by this column; null for one that it cannot be sorted by.</summary>
    public string? Sort { get; init; }

    /// <summary>Whether it holds times, which are sorted from the newest first.</summary>
    public bool IsTime { get; init; }
}
