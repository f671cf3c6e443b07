using Gatehouse.Core.Hosting;

namespace Gatehouse.Web.Health;

/// <summary>What the management listener says of the node.</summary>
/// <param name="Status"><c>ready</c> or <c>not-ready</c>.</param>
public sealed record HealthReport(string Status, IReadOnlyList<DependencyHealth> Dependencies);
