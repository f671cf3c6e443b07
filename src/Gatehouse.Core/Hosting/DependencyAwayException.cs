namespace Gatehouse.Core.Hosting;

/// <summary>Something this process depends on beside its databases cannot be asked now. What needed it was not tried, and comes
/// again.</summary>
public sealed class DependencyAwayException(string message, Exception? inner = null) : Exception(message, inner);
