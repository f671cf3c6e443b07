using Gatehouse.Encryption;

namespace Gatehouse.Notifications.Sending;

/// <summary>A message on its way to somebody, whatever the channel.</summary>
internal abstract record OutgoingMessage
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>The key of its events.</summary>
    public required Guid Key { get; init; }

    /// <summary>By what the address is known again; null where the request was written without.</summary>
    public required BlindIndexEntry? AddressIndex { get; init; }

    /// <summary>The mail address or the number.</summary>
    public required string To { get; init; }
}
