using System.ComponentModel;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Administration;

/// <summary>A user as lists show it.</summary>
public sealed record UserSummary
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    [Description("E-mail address, with the domain in ASCII form; null if the account has none.")]
    public string? Email { get; init; }

    public required bool EmailVerified { get; init; }

    [Description("Phone number in E.164; null if the account has none.")]
    public string? PhoneNumber { get; init; }

    public required bool PhoneNumberVerified { get; init; }

    public string? Username { get; init; }

    [Description(UserStatus.Description)]
    public required string Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <param name="key">The user's key; null when it was destroyed.</param>
    internal static UserSummary Of(StoredUser user, SubjectKey? key) =>
        new()
        {
            Id = user.Id,
            Name = user.Name.Value,
            GivenName = user.GivenName?.Value,
            FamilyName = user.FamilyName?.Value,
            Email = key is null ? null : user.OpenEmail(key)?.Delivery,
            EmailVerified = user.EmailVerifiedAt is not null,
            PhoneNumber = key is null ? null : user.OpenPhone(key)?.Delivery,
            PhoneNumberVerified = user.PhoneVerifiedAt is not null,
            Username = user.Username?.Typed,
            Status = UserStatus.Of(user),
            CreatedAt = user.CreatedAt,
        };
}

/// <summary>Whether a user can sign in.</summary>
internal static class UserStatus
{
    public const string Description = "active; disabled: cannot sign in; closed: by the user, and erased soon.";
    public const string Active = "active";
    public const string Disabled = "disabled";

    public const string Closed = "closed";

    public static string Of(StoredUser user) =>
        user.DisabledAt is not null ? Disabled
        : user.ClosedAt is not null ? Closed
        : Active;
}
