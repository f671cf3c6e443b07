using System.ComponentModel.DataAnnotations;

namespace Gatehouse.Identity.Closing;

/// <summary>Closing accounts.</summary>
public sealed class ClosingOptions
{
    /// <summary>Days from closing an account to erasing it, in which its user may open it again: 1 to 90, default 14.</summary>
    [Range(1, 90)]
    public int GraceDays { get; set; } = 14;
}
