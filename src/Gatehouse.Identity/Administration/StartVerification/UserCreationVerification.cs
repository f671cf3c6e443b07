using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Administration;

/// <summary>The code that a future user tells to whoever creates the account. Its terms are those of a registration's; it has no
/// link.</summary>
internal sealed class UserCreationVerification(RegistrationOptions options) : VerificationPurpose
{
    public override string Name => "user-creation";

    public override bool StandsInDatabase => true;

    public override int CodeDigits => options.CodeDigits;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(options.CodeMinutes);

    public override int Attempts => options.CodeAttempts;

    public override int MaxSends => options.SendsPerRegistration;

    // Whoever began it waits for the code; what it knows must not lie about.
    public override TimeSpan Lifetime => TimeSpan.FromHours(1);

    public override Error NotFound => VerificationErrors.NotFound;

    public override Error Completed => VerificationErrors.Completed;
}

/// <summary>What such a verification keeps until its user is created: the address or number, and who asked.</summary>
internal sealed record UserCreationPayload
{
    [JsonConverter(typeof(StoredBytes<EncryptedValue<EmailAddress>>))]
    public EncryptedValue<EmailAddress>? Email { get; init; }

    /// <summary>Instead of the address.</summary>
    [JsonConverter(typeof(StoredBytes<EncryptedValue<PhoneNumber>>))]
    public EncryptedValue<PhoneNumber>? Phone { get; init; }

    public required string Language { get; init; }

    /// <summary>The tenant that the actor belongs to.</summary>
    public required Guid ActorTenant { get; init; }

    public required Guid Actor { get; init; }

    public static UserCreationPayload Of(SubjectKey key, IContact contact, Actor actor) =>
        new()
        {
            Email = contact is EmailAddress email ? key.Encrypt(email) : null,
            Phone = contact is PhoneNumber phone ? key.Encrypt(phone) : null,
            Language = actor.Language,
            ActorTenant = actor.HomeTenantId ?? actor.Tenant.Id,
            Actor = actor.RequiredId,
        };

    /// <summary>Null when it was completed; then it is nobody's.</summary>
    public static UserCreationPayload? Of(PendingVerification pending) =>
        pending.CompletedAt is null ? pending.Read(UserCreationJson.Default.UserCreationPayload) : null;

    public bool IsOf(Actor actor) => Actor == actor.Id && ActorTenant == (actor.HomeTenantId ?? actor.Tenant.Id);

    public IContact Open(SubjectKey key) => Email is { } email ? key.Open(email) : key.Open(Phone!);
}

// Names are stored: those of a released version stay readable as long as a verification or a job lives.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UserCreationPayload))]
[JsonSerializable(typeof(QueuedUser))]
[JsonSerializable(typeof(QueuedUserDetails))]
[JsonSerializable(typeof(CreateQueuedUser.Result))]
internal sealed partial class UserCreationJson : JsonSerializerContext;
