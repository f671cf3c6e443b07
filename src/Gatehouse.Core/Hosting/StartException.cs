namespace Gatehouse.Core.Hosting;

/// <summary>The start cannot go on, and an operator can mend it. The message says how; it holds no secret.</summary>
public abstract class StartException(string message) : Exception(message);
