namespace Gatehouse.Development.Mailbox;

/// <summary>A message of the development inbox.</summary>
public sealed record MailboxMessage
{
    public required Guid Id { get; init; }

    public required string Channel { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    public required DateTimeOffset SentAt { get; init; }
}
