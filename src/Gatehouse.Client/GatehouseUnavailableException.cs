namespace Gatehouse.Client;

/// <summary>Gatehouse could not be asked: it is away, or it does not know this service's account.</summary>
public sealed class GatehouseUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
