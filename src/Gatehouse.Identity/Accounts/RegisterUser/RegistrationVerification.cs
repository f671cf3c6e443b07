using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Accounts;

/// <summary>The code and link of a registration. Decoys (known addresses) are the same row with hashes that nothing matches.</summary>
internal sealed class RegistrationVerification(RegistrationOptions options) : VerificationPurpose
{
    public override string Name => "registration";

    public override int CodeDigits => options.CodeDigits;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(options.CodeMinutes);

    public override int Attempts => options.CodeAttempts;

    public override int MaxSends => options.SendsPerRegistration;

    public override TimeSpan Lifetime => TimeSpan.FromHours(options.LifetimeHours);

    public override Error NotFound => AccountsErrors.RegistrationNotFound;

    public override Error Completed => AccountsErrors.RegistrationCompleted;
}

/// <summary>What a registration keeps until its address is verified.</summary>
internal sealed record RegistrationPayload(
    [property: JsonConverter(typeof(StoredBytes<EncryptedValue<RegistrationDetails>>))] EncryptedValue<RegistrationDetails> Personal,
    [property: JsonConverter(typeof(StoredText<PasswordHash>))] PasswordHash? PasswordHash,
    string Language
)
{
    /// <summary>The organization that the registration code named; null without one.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The role that the user registers for; null without one.</summary>
    public Guid? RoleId { get; init; }

    /// <summary>The user who was signed in before verifying; null for one who is made then.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Whether the mail has the link as its first way.</summary>
    public bool LeadsWithLink { get; init; }

    /// <summary>The version of the terms that were accepted; null for none, and where the user has them already.</summary>
    public string? AcceptedTerms { get; init; }

    public DateTimeOffset AcceptedTermsAt { get; init; }
}

/// <summary>Who the user will be.</summary>
internal sealed record RegistrationDetails(
    [property: JsonConverter(typeof(StoredText<EmailAddress>))] EmailAddress? Email,
    [property: JsonConverter(typeof(StoredText<PersonName>))] PersonName Name,
    [property: JsonConverter(typeof(StoredText<Username>))] Username? Username
) : IEncryptable<RegistrationDetails>
{
    public static string Context => "registrations.personal";

    /// <summary>Instead of the address.</summary>
    [JsonConverter(typeof(StoredText<PhoneNumber>))]
    public PhoneNumber? Phone { get; init; }

    [JsonConverter(typeof(StoredText<PersonName>))]
    public PersonName? GivenName { get; init; }

    [JsonConverter(typeof(StoredText<PersonName>))]
    public PersonName? FamilyName { get; init; }

    public DateOnly? BirthDate { get; init; }

    [JsonIgnore]
    public IContact Contact => Email ?? (IContact)Phone!;

    public static RegistrationDetails Of(IContact contact, PersonName name, Username? username, MoreDetails more) =>
        new(contact as EmailAddress, name, username)
        {
            Phone = contact as PhoneNumber,
            GivenName = more.GivenName,
            FamilyName = more.FamilyName,
            BirthDate = more.BirthDate,
        };

    public string ToStored() => JsonSerializer.Serialize(this, RegistrationDetailsJson.Default.RegistrationDetails);

    public static RegistrationDetails FromStored(string stored) =>
        JsonSerializer.Deserialize(stored, RegistrationDetailsJson.Default.RegistrationDetails)!;

    public override string ToString() => "[personal]";
}

/// <summary>A registration has no user yet; its records name it instead.</summary>
internal static class RegistrationRecords
{
    public static AuditRecord WithRegistration(this AuditRecord record, Guid? id) =>
        id is null ? record : record.WithFact("registration", id.Value.ToString());
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RegistrationPayload))]
internal sealed partial class RegistrationPayloadJson : JsonSerializerContext;

// Pending registrations of all versions have these names.
[JsonSerializable(typeof(RegistrationDetails))]
internal sealed partial class RegistrationDetailsJson : JsonSerializerContext;
