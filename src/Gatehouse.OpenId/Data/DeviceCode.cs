using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.OpenId.Data;

/// <summary>A sign-in on a device without a browser of its own (RFC 8628), which waits until its user agreed elsewhere.</summary>
internal sealed class DeviceCode
{
    /// <summary>For how long user and device have time.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Between two questions of the device, in seconds; more for each one that came too early.</summary>
    public const int FirstPace = 5;

    private const int SecretSize = 32;
    private const int UserCodeLength = 8;

    // No vowels, so that no words come about, and nothing that looks like something else (RFC 8628, 6.1).
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    private const string Columns =
        "tenant_id, hash, user_code, client, domain, scopes, created_at, expires_at, asked_at, pace, grant_id, denied_at";

    public Guid TenantId { get; init; }

    public Hash<DeviceCode> Hash { get; init; } = Hash<DeviceCode>.OfNothing();

    public string UserCode { get; init; } = "";

    public Guid Client { get; init; }

    /// <summary>Of the issuer that it was sent to; null for <c>Http:PublicUrl</c>.</summary>
    public string? Domain { get; init; }

    public string[] Scopes { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public int Pace { get; init; }

    public Guid? GrantId { get; init; }

    public DateTimeOffset? DeniedAt { get; init; }

    /// <summary>The user's code as it is shown.</summary>
    public string Shown => Show(UserCode);

    public static string Show(string userCode) => $"{userCode[..(UserCodeLength / 2)]}-{userCode[(UserCodeLength / 2)..]}";

    /// <summary>The code that somebody typed, whatever stands between its letters; null for what is none.</summary>
    public static string? Parse(string? typed)
    {
        if (typed is not { Length: <= 40 })
            return null;
        var letters = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return letters.Length == UserCodeLength && letters.All(Letters.Contains) ? letters : null;
    }

    /// <returns>What the device holds, and what its user types. (That two users get one code within ten minutes is less likely than that
    /// the request fails for any other reason; it fails.)</returns>
    public static async Task<(string Device, string User)> InsertAsync(DbSession db, DeviceCode request)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretSize);
        var user = RandomNumberGenerator.GetString(Letters, UserCodeLength);
        await db.ExecuteAsync(
            """
            insert into openid.device_codes (tenant_id, hash, user_code, client, domain, scopes, created_at, expires_at, asked_at, pace)
            values (@TenantId, @hash, @user, @Client, @Domain, @Scopes, @CreatedAt, @expires, @CreatedAt, @FirstPace)
            """,
            new
            {
                request.TenantId,
                hash = Hash<DeviceCode>.Of(secret),
                user,
                request.Client,
                request.Domain,
                request.Scopes,
                request.CreatedAt,
                expires = request.CreatedAt + Lifetime,
                FirstPace,
            }
        );
        return (Base64Url.EncodeToString(secret), user);
    }

    /// <summary>By the code of the device, expired or not; null for what is none.</summary>
    public static async Task<DeviceCode?> FindAsync(DbSession db, Guid tenant, string text)
    {
        var secret = new byte[SecretSize];
        if (text.Length != Base64Url.GetEncodedLength(SecretSize) || !Base64Url.TryDecodeFromChars(text, secret, out _))
            return null;
        return await db.FirstOrDefaultAsync<DeviceCode>(
            $"select {Columns} from openid.device_codes where tenant_id = @tenant and hash = @hash",
            new { tenant, hash = Hash<DeviceCode>.Of(secret) }
        );
    }

    /// <summary>By the code of the user, while it waits for an answer.</summary>
    public static Task<DeviceCode?> FindByUserCodeAsync(DbSession db, Guid tenant, string userCode, DateTimeOffset now) =>
        db.FirstOrDefaultAsync<DeviceCode>(
            $"""
            select {Columns} from openid.device_codes
             where tenant_id = @tenant and user_code = @userCode and expires_at > @now and grant_id is null and denied_at is null
            """,
            new
            {
                tenant,
                userCode,
                now,
            }
        );

    /// <summary>Takes note that the device asks. One that asks too early has to wait longer from now on; only a question in time counts
    /// as the last one, so whoever asks steadily gets through (RFC 8628, 3.5).</summary>
    /// <returns>Whether it is in time.</returns>
    public async Task<bool> AskAsync(DbSession db, DateTimeOffset now)
    {
        var inTime = await db.ExecuteAsync(
            """
            update openid.device_codes set asked_at = @now
             where tenant_id = @TenantId and hash = @Hash and asked_at + make_interval(secs => pace) <= @now
            """,
            new
            {
                TenantId,
                Hash,
                now,
            }
        );
        if (inTime == 0)
            await db.ExecuteAsync(
                "update openid.device_codes set pace = least(pace + @FirstPace, 60) where tenant_id = @TenantId and hash = @Hash",
                new
                {
                    TenantId,
                    Hash,
                    FirstPace,
                }
            );
        return inTime == 1;
    }

    /// <returns>Whether it still waited: of two answers the first one counts.</returns>
    public async Task<bool> AnswerAsync(DbSession db, Guid? grant, DateTimeOffset now) =>
        await db.ExecuteAsync(
            """
            update openid.device_codes set grant_id = @grant, denied_at = case when @grant::uuid is null then @now end
             where tenant_id = @TenantId and hash = @Hash and expires_at > @now and grant_id is null and denied_at is null
            """,
            new
            {
                TenantId,
                Hash,
                grant,
                now,
            }
        ) == 1;
}
