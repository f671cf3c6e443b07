using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Authenticators;

/// <summary>An authenticator's answer, as browsers write it down (<c>PublicKeyCredential.toJSON()</c>). Only its id is read here.</summary>
internal sealed class PasskeyCredential
{
    public const string Description =
        "The answer of navigator.credentials, as PublicKeyCredential.toJSON() writes it; at most 16,384 characters.";

    // An answer without attestation stays under 4,000.
    private const int MaxLength = 16 * 1024;

    // Web Authentication, level 3, section 4: credential ID.
    private const int MaxIdLength = 1023;

    private PasskeyCredential(string json, byte[] id) => (Json, Id) = (json, id);

    public string Json { get; }

    public byte[] Id { get; }

    public static PasskeyCredential? Parse(IReadOnlyDictionary<string, JsonElement>? input, string field, ValidationErrors errors)
    {
        if (input is null)
        {
            errors.Add(field, ValidationCodes.Required);
            return null;
        }

        var json = JsonSerializer.Serialize(input, CredentialJson.Default.IReadOnlyDictionaryStringJsonElement);
        if (json.Length > MaxLength)
        {
            errors.Add(field, ValidationCodes.TooLong, TextInput.Limits(("max", MaxLength)));
            return null;
        }

        if (
            input.TryGetValue("id", out var id)
            && id.ValueKind == JsonValueKind.String
            && id.GetString() is { } text
            && Base64Url.IsValid(text, out var length)
            && length is > 0 and <= MaxIdLength
        )
            return new PasskeyCredential(json, Base64Url.DecodeFromChars(text));
        errors.Add(field, ValidationCodes.InvalidText);
        return null;
    }

    /// <summary>What a form brings along: null for what is no JSON object.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? Read(string? json)
    {
        try
        {
            return JsonSerializer.Deserialize(json ?? "", CredentialJson.Default.IReadOnlyDictionaryStringJsonElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => "[credential]";
}

[JsonSerializable(typeof(IReadOnlyDictionary<string, JsonElement>))]
internal sealed partial class CredentialJson : JsonSerializerContext;
