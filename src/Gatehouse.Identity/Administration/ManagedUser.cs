using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Administration;

/// <summary>A user's account as administrators see it. Its entity tag is the one that the owner sees.</summary>
public sealed record ManagedUser : UserView
{
    [SetsRequiredMembers]
    private ManagedUser(UserView account, string status)
        : base(account) => Status = status;

    [Description(UserStatus.Description)]
    public required string Status { get; init; }

    [Description("Since when the user is disabled; null while active.")]
    public DateTimeOffset? DisabledAt { get; init; }

    [Description("The administrator who disabled the user; null while active.")]
    public Guid? DisabledBy { get; init; }

    [Description("The reason that was given; null for none.")]
    public string? DisabledReason { get; init; }

    [Description(
        "Since when all organizations of the user are inactive, so that it cannot sign in; null while one is active or it has none."
    )]
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <param name="key">The user's key; null when it was destroyed.</param>
    /// <param name="now">By which the age is told.</param>
    internal static ManagedUser Of(StoredUser user, SubjectKey? key, DateTimeOffset now, PictureAddresses pictures) =>
        Of(user, user.View(key, now, pictures), key);

    internal static ManagedUser Of(StoredUser user, UserView account, SubjectKey? key) =>
        new(account, UserStatus.Of(user))
        {
            DisabledAt = user.DisabledAt,
            DisabledBy = user.DisabledBy,
            SuspendedAt = user.SuspendedAt,
            DisabledReason = key is null || user.DisabledReason is null ? null : key.Open(user.DisabledReason).Value,
        };
}
