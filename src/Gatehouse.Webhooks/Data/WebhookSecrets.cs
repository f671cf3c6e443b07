using System.Security.Cryptography;
using Gatehouse.Encryption;

namespace Gatehouse.Webhooks.Data;

/// <summary>Secrets as they are stored: sealed with a key of the installation, each for its webhook.</summary>
internal sealed class WebhookSecrets(ServerKeys serverKeys)
{
    public byte[] Seal(Guid webhook, WebhookSecret secret) =>
        AesGcmBox.Seal(serverKeys.Get(ServerKeys.Webhooks), webhook.ToByteArray(bigEndian: true), secret.Key);

    public byte[] Open(Guid webhook, byte[] stored) =>
        AesGcmBox.Open(serverKeys.Get(ServerKeys.Webhooks), webhook.ToByteArray(bigEndian: true), stored);
}

/// <summary>With which deliveries are signed: 256 random bits, written as Standard Webhooks does.</summary>
internal sealed class WebhookSecret
{
    public const string Prefix = "whsec_";

    private WebhookSecret(byte[] key) => Key = key;

    public byte[] Key { get; }

    public string Text => Prefix + Convert.ToBase64String(Key);

    public static WebhookSecret Create() => new(RandomNumberGenerator.GetBytes(32));

    public override string ToString() => "[webhook secret]";
}
