using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.OpenId.Data;

/// <summary>
/// A secret of a client: 256 random bits behind a prefix by which scanners of repositories recognize it. Its characters are the same in
/// form encoding, so that no library mangles it in Basic authentication.
/// </summary>
internal sealed class ClientSecret
{
    public const string Prefix = "gcs_";

    private const int HintLength = 4;

    private ClientSecret(string text) => Text = text;

    public string Text { get; }

    public string Hint => Text[..(Prefix.Length + HintLength)];

    public Hash<ClientSecret> Hash => Hash<ClientSecret>.Of(Text);

    public static ClientSecret Create() => new(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>A public name for a client.</summary>
    public static string CreateClientId() => "gc_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public override string ToString() => "[client secret]";
}

/// <summary>A secret that was just created.</summary>
internal sealed record NewSecret(Guid Id, ClientSecret Secret)
{
    public required DateTimeOffset? ExpiresAt { get; init; }

    public static async Task<NewSecret> InsertAsync(Transaction tx, Guid tenant, Guid client, TimeSpan? lifetime)
    {
        var secret = ClientSecret.Create();
        var created = new NewSecret(Guid.CreateVersion7(tx.Now), secret) { ExpiresAt = tx.Now + lifetime };
        await tx.ExecuteAsync(
            """
            insert into openid.client_secrets (tenant_id, client, id, hash, hint, expires_at, created_at)
            values (@tenant, @client, @Id, @Hash, @Hint, @ExpiresAt, @Now)
            """,
            new
            {
                tenant,
                client,
                created.Id,
                secret.Hash,
                secret.Hint,
                created.ExpiresAt,
                tx.Now,
            }
        );
        return created;
    }
}
