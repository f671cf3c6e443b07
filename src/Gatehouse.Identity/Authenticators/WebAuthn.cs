using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gatehouse.Identity.Authenticators;

/// <summary>
/// Asks authenticators and checks their answers, by the framework's own handler. Of a request it gets nothing: whom it asks for, from which
/// origin an answer may come and what the browser was asked stand with the ceremony. Signature counters are compared by
/// <see cref="PasskeyAssertion"/>, which tells what a counter that went back means.
/// </summary>
internal sealed class WebAuthn(RelyingParties parties)
{
    private const string Required = "required";

    // COSE: ES256 and RS256, which all authenticators know one of.
    private const int Es256 = -7;
    private const int Rs256 = -257;

    /// <param name="names">What the authenticator shows; the framework does not get it, because it would keep it.</param>
    public async Task<(IReadOnlyDictionary<string, JsonElement> Options, string State)> AskForNewAsync(
        RelyingParty party,
        Guid user,
        PasskeyNames names,
        IReadOnlyList<StoredPasskey> known
    )
    {
        var id = Text(user);
        var entity = new PasskeyUserEntity
        {
            Id = id,
            Name = id,
            DisplayName = id,
        };
        var made = await HandleAsync(
            party,
            Owner(party, user, known),
            handler => handler.MakeCreationOptionsAsync(entity, new DefaultHttpContext())
        );
        var options = JsonNode.Parse(made.CreationOptionsJson)!.AsObject();
        options["rp"]!["name"] = names.Service;
        options["user"]!["name"] = names.Account;
        options["user"]!["displayName"] = names.User;
        return (PasskeyCredential.Read(options.ToJsonString())!, made.AttestationState!);
    }

    /// <summary>The passkey that was made; null if it is not what was asked for.</summary>
    public async Task<UserPasskeyInfo?> ReadNewAsync(Ceremony ceremony, PasskeyCredential credential)
    {
        var context = new PasskeyAttestationContext
        {
            HttpContext = new DefaultHttpContext(),
            CredentialJson = credential.Json,
            AttestationState = ceremony.State,
        };
        var result = await HandleAsync(ceremony.Party, owner: null, handler => handler.PerformAttestationAsync(context));
        return result.Passkey;
    }

    /// <summary>Asks for any passkey, or for one of the user's.</summary>
    public async Task<(IReadOnlyDictionary<string, JsonElement> Options, string State)> AskAsync(
        RelyingParty party,
        Guid? user,
        IReadOnlyList<StoredPasskey> known
    )
    {
        var owner = user is { } id ? Owner(party, id, known) : null;
        var made = await HandleAsync(party, owner, handler => handler.MakeRequestOptionsAsync(owner, new DefaultHttpContext()));
        return (PasskeyCredential.Read(made.RequestOptionsJson)!, made.AssertionState!);
    }

    /// <summary>The passkey with what the answer says of it; null if the answer is not right.</summary>
    public async Task<UserPasskeyInfo?> ReadAsync(Ceremony ceremony, Guid user, StoredPasskey passkey, PasskeyCredential credential)
    {
        var context = new PasskeyAssertionContext
        {
            HttpContext = new DefaultHttpContext(),
            CredentialJson = credential.Json,
            AssertionState = ceremony.State,
        };
        var owner = Owner(ceremony.Party, user, [passkey]);
        var result = await HandleAsync(ceremony.Party, owner, handler => handler.PerformAssertionAsync(context));
        return result.Passkey;
    }

    private static PasskeyOwner Owner(RelyingParty party, Guid user, IReadOnlyList<StoredPasskey> known) =>
        new(Text(user), [.. known.Where(passkey => passkey.RelyingParty == party.Id).Select(Info)]);

    private static string Text(Guid user) => user.ToString("D", CultureInfo.InvariantCulture);

    // A counter of zero is never one that went back.
    private static UserPasskeyInfo Info(StoredPasskey passkey) =>
        new(
            passkey.CredentialId,
            passkey.PublicKey,
            passkey.CreatedAt,
            signCount: 0,
            passkey.Transports,
            isUserVerified: true,
            passkey.IsBackupEligible,
            passkey.IsBackedUp,
            attestationObject: [],
            clientDataJson: []
        );

    private async Task<T> HandleAsync<T>(RelyingParty party, PasskeyOwner? owner, Func<PasskeyHandler<PasskeyOwner>, Task<T>> handle)
    {
        var options = new IdentityPasskeyOptions
        {
            ServerDomain = party.Id,
            UserVerificationRequirement = Required,
            ResidentKeyRequirement = Required,
            AttestationConveyancePreference = "none",
            AuthenticatorTimeout = PasskeyCeremonies.Lifetime,
            IsAllowedAlgorithm = algorithm => algorithm is Es256 or Rs256,
            ValidateOrigin = context =>
                ValueTask.FromResult(!context.CrossOrigin && context.TopOrigin is null && party.Matches(context.Origin, parties.AnyPort)),
        };
        using var owners = new PasskeyOwners(owner);
        using var users = new UserManager<PasskeyOwner>(
            owners,
            optionsAccessor: null!,
            passwordHasher: null!,
            userValidators: null!,
            passwordValidators: null!,
            keyNormalizer: null!,
            errors: null!,
            services: null!,
            NullLogger<UserManager<PasskeyOwner>>.Instance
        );
        return await handle(new PasskeyHandler<PasskeyOwner>(users, Options.Create(options)));
    }
}

/// <summary>What an authenticator shows of a passkey.</summary>
internal sealed record PasskeyNames
{
    public required string Service { get; init; }

    public required string User { get; init; }

    /// <summary>What tells the user's accounts apart: an address, a number or a username.</summary>
    public required string Account { get; init; }
}
