using Gatehouse.Contracts.Events;
using Gatehouse.Encryption;

namespace Gatehouse.Notifications.Sending;

/// <summary>A way to a user: writes the message as the way needs it and hands it to the sender that the settings choose.</summary>
internal interface IChannel
{
    string SenderName { get; }

    SendingRate Rate { get; }

    SenderHealth Health { get; }

    /// <summary>Whether it takes messages of the channel, such as <c>email</c>.</summary>
    bool Takes(string channel);

    Task<SendResult> SendAsync(DueMessage message, CancellationToken cancellationToken);
}

/// <summary>A message whose address is open: its turn has come.</summary>
internal sealed record DueMessage
{
    public required Guid TenantId { get; init; }

    public required Guid Key { get; init; }

    public required NotificationRequestedV1 Request { get; init; }

    public required NotificationPersonalV1 Personal { get; init; }

    public required BlindIndexEntry? AddressIndex { get; init; }

    /// <summary>What the tenant calls itself.</summary>
    public required string ServiceName { get; init; }

    public override string ToString() => $"message {Request.NotificationId}";
}
