using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>The code and link of a sign-in. Where nobody may sign in, the hashes match nothing; all else is the same.</summary>
internal sealed class SignInCodeVerification(SignInCodeOptions options) : VerificationPurpose
{
    public override string Name => "sign-in-code";

    public override int CodeDigits => options.CodeDigits;

    public override IReadOnlyList<int> CodeLengths { get; } = CodeLengthRules.Lengths(options.CodeDigits);

    public override TimeSpan CodeLifetime => TimeSpan.FromMinutes(options.CodeMinutes);

    public override int Attempts => options.CodeAttempts;

    public override int MaxSends => options.SendsPerSignIn;

    public override TimeSpan Lifetime => TimeSpan.FromMinutes(options.LinkMinutes);

    public override bool MessagesProlong => true;

    public override Error NotFound => SignInCodesErrors.NotFound;

    public override Error Completed => SignInCodesErrors.Completed;
}

/// <summary>Who wants to sign in, and how the code is to reach them.</summary>
/// <param name="Contact">What was typed, where it is an address or number; null for a username.</param>
/// <param name="Channel">The channel that was asked for; null for the usual one.</param>
internal sealed record SignInCodeTarget(Identifier Identifier, IContact? Contact, string? Channel)
{
    private static readonly string[] ToPhone = [NotificationRequestedV1.Sms, NotificationRequestedV1.WhatsApp];
    private static readonly string[] ToEmail = ["email"];

    /// <summary>The kind of address or number that the code goes to; null for whichever a username has.</summary>
    public string? ContactKind => KindOf(Identifier.Kind, Channel);

    public static string? KindOf(string identifierKind, string? channel) =>
        identifierKind != Users.UsernameKind ? identifierKind
        : channel is null ? null
        : channel == ToEmail[0] ? Users.EmailKind
        : Users.PhoneKind;

    /// <summary>Null with at least one error. What could be none of them is an identifier, too, that nobody has.</summary>
    public static SignInCodeTarget? Parse(string? typed, string? region, string? channel, ValidationErrors errors)
    {
        var identifier = Identifier.Parse(typed, region, "identifier", errors);
        var allowed = identifier?.Kind switch
        {
            Users.EmailKind => ToEmail,
            Users.PhoneKind => ToPhone,
            _ => [.. ToEmail, .. ToPhone],
        };
        if (channel is not null && !allowed.Contains(channel, StringComparer.Ordinal))
            errors.Add("channel", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", allowed))));
        return identifier is null || errors.Any ? null : new SignInCodeTarget(identifier, ContactOf(typed, region), channel);
    }

    private static IContact? ContactOf(string? typed, string? region) =>
        EmailAddress.Parse(typed, "identifier", new ValidationErrors()) ?? (IContact?)PhoneNumber.TryParse(typed, region);

    public override string ToString() => "[target]";
}

/// <summary>What a sign-in keeps until it is proved.</summary>
/// <param name="Kind">The kind of the identifier.</param>
/// <param name="Identifier">As it is found by, encrypted.</param>
/// <param name="Contact">The address or number as it was typed, encrypted; null for a username.</param>
/// <param name="Channel">As in <see cref="SignInCodeTarget.Channel"/>.</param>
/// <param name="Network">Where it was asked for (<see cref="NetworkIndex"/>).</param>
/// <param name="Language">The language of who asked: for a message to somebody without an account.</param>
/// <param name="Device">The device token that came with the request, encrypted.</param>
internal sealed record SignInCodePayload(
    string Kind,
    byte[] Identifier,
    byte[]? Contact,
    string? Channel,
    [property: JsonConverter(typeof(StoredBytes<BlindIndexEntry>))] BlindIndexEntry? Network,
    string Language,
    byte[]? Device
)
{
    private const string IdentifierContext = "sign_in_codes.identifier";
    private const string ContactContext = "sign_in_codes.contact";
    private const string DeviceContext = "sign_in_codes.device";

    public string? ContactKind => SignInCodeTarget.KindOf(Kind, Channel);

    public static SignInCodePayload Of(SubjectKey key, SignInCodeTarget target, BlindIndex blindIndex, Actor actor) =>
        new(
            target.Identifier.Kind,
            key.Seal(IdentifierContext, target.Identifier.Key),
            target.Contact is { } contact ? key.Seal(ContactContext, Stored(contact)) : null,
            target.Channel,
            blindIndex.OfNetwork(actor),
            actor.Language,
            actor.DeviceToken is { } device ? key.Seal(DeviceContext, device) : null
        );

    public Identifier OpenIdentifier(SubjectKey key) => Data.Identifier.Of(Kind, key.Open(IdentifierContext, Identifier));

    /// <summary>Null for a username, and for what is neither an address nor a number.</summary>
    public IContact? OpenContact(SubjectKey key)
    {
        if (Contact is null)
            return null;
        var stored = key.Open(ContactContext, Contact);
        return Kind == Users.PhoneKind ? PhoneNumber.FromStored(stored) : EmailAddress.Parse(stored, "contact", new ValidationErrors());
    }

    /// <summary>The device token as it was: whether it is worth anything only the account can say.</summary>
    public string? OpenDevice(SubjectKey key) => Device is null ? null : key.Open(DeviceContext, Device);

    public override string ToString() => "[sign-in]";

    private static string Stored(IContact contact) => contact is PhoneNumber number ? number.ToStored() : contact.Delivery;
}

// Left out when null: the generated writer would write a null array as an empty one.
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignInCodePayload))]
internal sealed partial class SignInCodePayloadJson : JsonSerializerContext;
