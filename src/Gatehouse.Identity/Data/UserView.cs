using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Gatehouse.Identity.Data;

/// <summary>A user's account as its owner sees it.</summary>
public record UserView
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

    [Description("A new e-mail address that waits to be confirmed. Left out if there is none.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PendingView? PendingEmail { get; init; }

    [Description("A new phone number that waits to be confirmed. Left out if there is none.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PendingView? PendingPhoneNumber { get; init; }

    public string? Username { get; init; }

    [Description(
        "Address of the photo, or of a picture that stands for anybody. Unless the store is public it works for a limited time (15 "
            + "minutes if the installation sets no other): read it again instead of keeping it."
    )]
    public required string Picture { get; init; }

    public required bool HasPhoto { get; init; }

    [Description("False until a password is set. An account confirmed by link without a password has none.")]
    public required bool HasPassword { get; init; }

    [Description("Position or form of address.")]
    public string? Title { get; init; }

    [Description("Absolute http or https address.")]
    public string? Website { get; init; }

    [Description("Absolute http or https addresses, at most 10.")]
    public required IReadOnlyList<string> Links { get; init; }

    [Description("YYYY-MM-DD.")]
    public DateOnly? BirthDate { get; init; }

    [Description("Whole years today (UTC), computed from the birth date.")]
    public int? Age { get; init; }

    [Description("A text about the user, with lines separated by a line feed; null if empty.")]
    public string? About { get; init; }

    [Description("BCP 47 tags of the languages the user speaks, in order of preference.")]
    public required IReadOnlyList<string> Languages { get; init; }

    [Description("E-mail language: en, hi or es.")]
    public required string PreferredLanguage { get; init; }

    [Description("What others see on the public profile, beside the username.")]
    public required IReadOnlyList<string> PublicFields { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("The version of the terms of service that the user accepted last; null for none.")]
    public string? TermsVersion { get; init; }

    [Description("Only in GET /v1/me: the terms of service that the user has not accepted yet.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TermsDueView? TermsDue { get; init; }

    /// <summary>Names the state of what the owner can change. What happens to the account otherwise does not move it.</summary>
    public string Version()
    {
        var editable = string.Join(
            '\0',
            Username,
            Name,
            GivenName,
            FamilyName,
            Title,
            Website,
            string.Join('\n', Links),
            BirthDate?.ToString("O", CultureInfo.InvariantCulture),
            About,
            string.Join(',', Languages),
            PreferredLanguage,
            string.Join(',', PublicFields)
        );
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(editable)).AsSpan(0, 8));
    }
}
