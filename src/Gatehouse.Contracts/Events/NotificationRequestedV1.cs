using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Contracts.Events;

/// <summary>A message to one user is due. Address, codes and links travel sealed.</summary>
public sealed record NotificationRequestedV1 : IEvent
{
    /// <summary>The channel of a message that is not sent, because its address was sent enough today. All else about it is as ever.</summary>
    public const string Nowhere = "none";

    public static string Type => "notification.requested.v1";

    public static string Topic => Topics.Notifications;

    /// <summary>Identifies the message through every retry; the mail's Message-ID is made from it.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary><c>email</c>; <c>none</c> for one that is not sent, because its address was sent enough today.</summary>
    public required string Channel { get; init; }

    /// <summary>Name of the template, such as <c>registration-code</c>.</summary>
    public required string Template { get; init; }

    /// <summary>BCP 47 language to write in; a language without a template falls back to English.</summary>
    public required string Language { get; init; }

    /// <summary>After this moment the message is worthless and must not be handed over, UTC; null when it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Address and the template's values, under the subject's key.</summary>
    public required Encrypted<NotificationPersonalV1> Personal { get; init; }
}

/// <summary>Where a message goes and what its template is filled with.</summary>
/// <param name="To">The address.</param>
/// <param name="Values">The template's values by placeholder.</param>
public sealed record NotificationPersonalV1(string To, IReadOnlyDictionary<string, string> Values) : IPersonalData
{
    public static string Schema => "notification-personal.v1";

    /// <summary>The blind index of the address, Base64: who sends can know an address again without keeping it. Absent in messages of before there was one.</summary>
    public string? AddressIndex { get; init; }

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Schema;
}
