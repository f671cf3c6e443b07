namespace Gatehouse.Web.Admin;

/// <summary>Something a list is narrowed to.</summary>
public sealed record ActiveFilter
{
    /// <summary>The parameter of the address.</summary>
    public required string Name { get; init; }

    /// <summary>How it reads: <c>Status: disabled</c>.</summary>
    public required string Words { get; init; }

    /// <summary>Whether no control of the form shows it.</summary>
    public bool IsKept { get; init; }
}
