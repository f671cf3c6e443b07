using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Contracts.Events;

/// <summary>A user's e-mail address was changed. The new one is verified.</summary>
public sealed record UserEmailChangedV1 : IEvent
{
    public static string Type => "user.email-changed.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Reason: <c>added</c> (the account had no verified one), <c>changed</c>, <c>undone</c> (the owner of the former address took
    /// it back).</summary>
    public required string Reason { get; init; }

    /// <summary>The addresses, encrypted with the user's key.</summary>
    public required Encrypted<ContactChangeV1> Personal { get; init; }
}

/// <summary>A user's phone number was changed. A new one is verified.</summary>
public sealed record UserPhoneChangedV1 : IEvent
{
    public static string Type => "user.phone-changed.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Reason: <c>added</c> (the account had none), <c>changed</c>, <c>removed</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The numbers, encrypted with the user's key.</summary>
    public required Encrypted<ContactChangeV1> Personal { get; init; }
}

/// <summary>The e-mail addresses, or the phone numbers in E.164.</summary>
public sealed record ContactChangeV1 : IPersonalData
{
    public static string Schema => "contact-change.v1";

    /// <summary>The previous one; absent if there was none.</summary>
    public string? Old { get; init; }

    /// <summary>The new one; absent if it was removed.</summary>
    public string? New { get; init; }

    /// <summary>Hides the values: a record's own text would print them.</summary>
    public override string ToString() => Schema;
}
