namespace Gatehouse.Runtime.Health;

/// <summary>What the management listener says of the node.</summary>
/// <param name="Status"><c>ready</c> or <c>not-ready</c>.</param>
public sealed record HealthReport(string Status, IReadOnlyList<DependencyHealth> Dependencies);

/// <param name="Milliseconds">How long the look took.</param>
/// <param name="Facts">Levels an operator watches; no personal data.</param>
public sealed record DependencyHealth(string Name, bool Healthy, double Milliseconds, string? Reason, IReadOnlyDictionary<string, double>? Facts = null);
