using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.SystemTests.Harness;

/// <summary>An authenticator and the browser in front of it, in software: one passkey, with ES256, or with RS256 as some computers have it.
/// What it says can be made wrong.</summary>
internal sealed class SoftwareAuthenticator(string origin = SoftwareAuthenticator.TestOrigin, bool rsa = false) : IDisposable
{
    /// <summary>Of the test applications (<c>Http:PublicUrl</c>).</summary>
    public const string TestOrigin = "http://localhost:8080";

    private const byte HasCredential = 0x40;

    private readonly ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA? rsaKey = rsa ? RSA.Create(2048) : null;

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    public string Origin { get; set; } = origin;

    /// <summary>Null for the one it is asked for.</summary>
    public string? RelyingParty { get; set; }

    /// <summary>Raised by each answer; zero for ever does not count.</summary>
    public uint Counter { get; set; }

    public bool Counts { get; init; } = true;

    public bool IsUserVerified { get; set; } = true;

    public bool IsBackedUp { get; set; }

    /// <summary>Whether the page that asks stands in one of another origin.</summary>
    public bool IsFramed { get; set; }

    /// <summary>Whose passkey it says it is.</summary>
    public string? UserHandle { get; set; }

    /// <summary>Makes the passkey, as <c>navigator.credentials.create</c> does.</summary>
    public JsonObject Create(JsonElement publicKey)
    {
        UserHandle = publicKey.GetProperty("user").GetProperty("id").GetString();
        var party = publicKey.GetProperty("rp").GetProperty("id").GetString()!;
        byte[] length = [(byte)(CredentialId.Length >> 8), (byte)CredentialId.Length];
        byte[] data = [.. Data(party, HasCredential), .. new byte[16], .. length, .. CredentialId, .. PublicKey()];
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(data);
        attestation.WriteEndMap();
        return Credential(
            new JsonObject
            {
                ["clientDataJSON"] = Text(ClientData("webauthn.create", publicKey)),
                ["attestationObject"] = Text(attestation.Encode()),
                ["transports"] = new JsonArray("internal", "hybrid", "telepathy"),
            }
        );
    }

    /// <summary>Signs, as <c>navigator.credentials.get</c> does.</summary>
    public JsonObject Get(JsonElement publicKey)
    {
        var client = ClientData("webauthn.get", publicKey);
        var data = Data(publicKey.GetProperty("rpId").GetString()!, flags: 0);
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        return Credential(
            new JsonObject
            {
                ["clientDataJSON"] = Text(client),
                ["authenticatorData"] = Text(data),
                ["signature"] = Text(
                    rsaKey?.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                        ?? ecdsa.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                ),
                ["userHandle"] = UserHandle,
            }
        );
    }

    public void Dispose()
    {
        ecdsa.Dispose();
        rsaKey?.Dispose();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private JsonObject Credential(JsonObject response) =>
        new()
        {
            ["id"] = Text(CredentialId),
            ["rawId"] = Text(CredentialId),
            ["type"] = "public-key",
            ["authenticatorAttachment"] = "platform",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = response,
        };

    private byte[] ClientData(string type, JsonElement publicKey) =>
        Encoding.UTF8.GetBytes(
            new JsonObject
            {
                ["type"] = type,
                ["challenge"] = publicKey.GetProperty("challenge").GetString(),
                ["origin"] = Origin,
                ["crossOrigin"] = IsFramed,
            }.ToJsonString()
        );

    private byte[] Data(string party, byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Counts ? ++Counter : 0);
        var all = (byte)(flags | 1 | (IsUserVerified ? 4 : 0) | (IsBackedUp ? 8 | 16 : 0));
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty ?? party)), all, .. count];
    }

    // A COSE_Key (RFC 9053).
    private byte[] PublicKey()
    {
        var key = new CborWriter(CborConformanceMode.Ctap2Canonical);
        if (rsaKey?.ExportParameters(includePrivateParameters: false) is { } rs256)
        {
            key.WriteStartMap(4);
            Number(1, 3);
            Number(3, -257);
            Bytes(-1, rs256.Modulus!);
            Bytes(-2, rs256.Exponent!);
        }
        else
        {
            var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
            key.WriteStartMap(5);
            Number(1, 2);
            Number(3, -7);
            Number(-1, 1);
            Bytes(-2, point.X!);
            Bytes(-3, point.Y!);
        }

        key.WriteEndMap();
        return key.Encode();

        void Number(int label, int value)
        {
            key.WriteInt32(label);
            key.WriteInt32(value);
        }

        void Bytes(int label, byte[] value)
        {
            key.WriteInt32(label);
            key.WriteByteString(value);
        }
    }
}
