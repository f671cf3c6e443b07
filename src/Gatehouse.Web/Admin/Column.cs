using Microsoft.AspNetCore.Components;

namespace Gatehouse.Web.Admin;

/// <summary>A column of a table.</summary>
public sealed record Column<TItem>
{
    public required string Label { get; init; }

    public required RenderFragment<TItem> Cell { get; init; }
}
