using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Accounts;

/// <summary>What is sent and answered.</summary>
internal static partial class RegisterUser
{
    public sealed record Request
    {
        [Description("E-mail address, at most 254 characters. A code and a link are sent to it. Send this or phoneNumber.")]
        [MaxLength(EmailAddress.MaxLength)]
        public string? Email { get; init; }

        [Description("Mobile number with + and the country code, or with region. A code is sent to it. Send this or email.")]
        [MaxLength(Values.PhoneNumber.MaxLength)]
        public string? PhoneNumber { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        [Description("The user's name as others should read it, 1 to 100 characters.")]
        [Required, MaxLength(PersonName.MaxLength)]
        public string? Name { get; init; }

        [Description(
            "15 to 128 characters of any kind. No composition rules; common and predictable passwords are rejected. "
                + "Required where passwords sign users in; rejected where only codes do."
        )]
        [MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }

        [Description("Public name of 3 to 30 characters: a-z, 0-9, and single . _ - between them. Optional.")]
        [MaxLength(Values.Username.MaxLength)]
        public string? Username { get; init; }

        [Description("Code of an organization, at most 32 characters in any case: the new user becomes a member. Optional.")]
        [MaxLength(MaxRegistrationCode)]
        public string? RegistrationCode { get; init; }

        [Description("Name of a role that is open for registration, such as courier; it may require fields. Optional.")]
        [MaxLength(MaxRole)]
        public string? Role { get; init; }

        [Description("At most 100 characters. Optional, unless the role requires it.")]
        [MaxLength(PersonName.MaxLength)]
        public string? GivenName { get; init; }

        [Description("At most 100 characters. Optional, unless the role requires it.")]
        [MaxLength(PersonName.MaxLength)]
        public string? FamilyName { get; init; }

        [Description("YYYY-MM-DD, not in the future and not more than 120 years ago. Optional, unless the role requires it.")]
        [MaxLength(10)]
        public string? BirthDate { get; init; }

        [Description("The version of the terms of service (GET /v1/terms) that the user accepts. Required if the tenant has terms.")]
        [MaxLength(Accounts.AcceptedTerms.MaxVersion)]
        public string? AcceptedTerms { get; init; }

        [Description(CaptchaGuard.Description)]
        [MaxLength(CaptchaGuard.MaxToken)]
        public string? CaptchaToken { get; init; }
    }

    public sealed record Response
    {
        [Description("Identifies this registration in further requests.")]
        public required Guid RegistrationId { get; init; }

        [Description("How the code was sent: email or sms.")]
        public required string Channel { get; init; }

        [Description("The masked e-mail address or phone number.")]
        public required string MaskedTarget { get; init; }

        [Description("When the code expires, in UTC.")]
        public required DateTimeOffset ExpiresAt { get; init; }

        [Description("Seconds until another code can be requested.")]
        public required int ResendAfter { get; init; }

        [Description("What the mail leads with, if a role was named: code or link. It has both.")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Verification { get; init; }

        [Description("Only for a role with sign-in before verification, an unknown address, and without Idempotency-Key.")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public UserView? User { get; init; }

        [Description("With user. The access token says emailVerified: false, and other services reject it, until the address is verified.")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public TokensView? Tokens { get; init; }

        [Description("With user, as of a sign-in.")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? DeviceToken { get; init; }

        public override string ToString() => $"[registration {RegistrationId}]";
    }
}
