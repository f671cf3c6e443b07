namespace Gatehouse.Web;

/// <summary>Marks endpoints that machines ask every few seconds, whose requests say nothing one by one.</summary>
public sealed class ProbeMark
{
    public static ProbeMark Instance { get; } = new();
}
