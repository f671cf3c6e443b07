using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// What the job of a creation is given. Nothing of it can be read without the key of the verification, which is destroyed when the user
/// exists or the time is over; of the code there is the stored form only, and of the password its hash, before it comes here.
/// </summary>
internal sealed record QueuedUser
{
    public required Guid TenantId { get; init; }

    public required Guid Verification { get; init; }

    [JsonConverter(typeof(StoredBytes<Hash<OneTimeCode>>))]
    public required Hash<OneTimeCode> Code { get; init; }

    [JsonConverter(typeof(StoredBytes<EncryptedValue<QueuedUserDetails>>))]
    public required EncryptedValue<QueuedUserDetails> Details { get; init; }

    /// <summary>The tenant that the actor belongs to, if it is another one.</summary>
    public Guid? HomeTenantId { get; init; }

    /// <summary>The user or service account who asked, as the access token said.</summary>
    public SignedInUser? User { get; init; }

    /// <inheritdoc cref="User"/>
    public ServiceAccount? ServiceAccount { get; init; }

    public static QueuedUser Of(Actor actor, Guid verification, Hash<OneTimeCode> code, EncryptedValue<QueuedUserDetails> details) =>
        new()
        {
            TenantId = actor.Tenant.Id,
            Verification = verification,
            Code = code,
            Details = details,
            HomeTenantId = actor.HomeTenantId,
            User = actor.User,
            ServiceAccount = actor.ServiceAccount,
        };

    /// <summary>Who asked, as far as the payload can say: not what they may do now.</summary>
    public Actor ActorIn(Tenant tenant, QueuedUserDetails details) =>
        new()
        {
            Tenant = tenant,
            Language = details.ActorLanguage,
            Client = "job",
            User = User,
            ServiceAccount = ServiceAccount,
            HomeTenantId = HomeTenantId,
            Network = details.Network,
            Device = details.Device,
        };

    public string ToPayload() => JsonSerializer.Serialize(this, UserCreationJson.Default.QueuedUser);

    public static QueuedUser FromPayload(string payload) => JsonSerializer.Deserialize(payload, UserCreationJson.Default.QueuedUser)!;

    public override string ToString() => $"[user of verification {Verification}]";
}

/// <summary>Who the user will be, and where the request came from.</summary>
internal sealed record QueuedUserDetails : IEncryptable<QueuedUserDetails>
{
    public static string Context => "user-creations.details";

    [JsonConverter(typeof(StoredText<PersonName>))]
    public required PersonName Name { get; init; }

    [JsonConverter(typeof(StoredText<Username>))]
    public Username? Username { get; init; }

    [JsonConverter(typeof(StoredText<PasswordHash>))]
    public PasswordHash? Password { get; init; }

    public required string Language { get; init; }

    public required bool SendsLink { get; init; }

    public required string ActorLanguage { get; init; }

    public required string Network { get; init; }

    public required string Device { get; init; }

    public static QueuedUserDetails Of(UserDetails user, bool sendsLink, Actor actor) =>
        new()
        {
            Name = user.Name,
            Username = user.Username,
            Password = user.Password,
            Language = user.Language,
            SendsLink = sendsLink,
            ActorLanguage = actor.Language,
            Network = actor.Network,
            Device = actor.Device,
        };

    public string ToStored() => JsonSerializer.Serialize(this, UserCreationJson.Default.QueuedUserDetails);

    public static QueuedUserDetails FromStored(string stored) =>
        JsonSerializer.Deserialize(stored, UserCreationJson.Default.QueuedUserDetails)!;

    public override string ToString() => "[details]";
}
