using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Credentials;

/// <summary>The proof of a new address or number of a user. Its terms are those of a registration's; what is proved stands in the user's
/// row.</summary>
internal abstract class ContactChangeVerification(RegistrationOptions options) : VerificationPurpose
{
    /// <summary><see cref="Users.EmailKind"/> or <see cref="Users.PhoneKind"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The field that it is sent as.</summary>
    public abstract string Field { get; }

    public override int CodeDigits => options.CodeDigits;

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(options.CodeMinutes);

    public override int Attempts => options.CodeAttempts;

    public override int MaxSends => options.SendsPerRegistration;

    public override TimeSpan Lifetime => TimeSpan.FromHours(options.LifetimeHours);

    public override Error NotFound => CredentialsErrors.ChangeNotFound;

    public override Error Completed => CredentialsErrors.ChangeCompleted;
}

internal sealed class EmailChangeVerification(RegistrationOptions options) : ContactChangeVerification(options)
{
    public override string Name => "email-change";

    public override string Kind => Users.EmailKind;

    public override string Field => "email";
}

internal sealed class PhoneChangeVerification(RegistrationOptions options) : ContactChangeVerification(options)
{
    public override string Name => "phone-change";

    public override string Kind => Users.PhoneKind;

    public override string Field => "phoneNumber";
}

/// <summary>What such a verification keeps beside its user: nothing.</summary>
internal sealed record ContactChangePayload;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ContactChangePayload))]
internal sealed partial class ContactChangePayloadJson : JsonSerializerContext;
