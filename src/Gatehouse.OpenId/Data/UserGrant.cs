using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.OpenId.Data;

/// <summary>What a user granted to an application at one sign-in: a code at first, then a session with tokens.</summary>
internal sealed class UserGrant
{
    private const int SecretSize = 32;
    private const int IdSize = 16;

    private const string Columns = """
        tenant_id, id, client, user_id, browser_session, domain, scopes, code, code_expires_at, redirect_uri, challenge, nonce,
        authenticated_at, redeemed_at, ends_at, resources
        """;

    public Guid TenantId { get; init; }

    /// <summary>The id of its session, too.</summary>
    public Guid Id { get; init; }

    public Guid Client { get; init; }

    public Guid UserId { get; init; }

    public Guid BrowserSession { get; init; }

    /// <summary>Of the issuer at which the user signed in; null for <c>Http:PublicUrl</c>.</summary>
    public string? Domain { get; init; }

    public string[] Scopes { get; init; } = [];

    /// <summary>For which services its access tokens are (RFC 8707); none for Gatehouse itself.</summary>
    public string[] Resources { get; init; } = [];

    public Hash<UserGrant> Code { get; init; } = Hash<UserGrant>.OfNothing();

    public DateTimeOffset CodeExpiresAt { get; init; }

    public string RedirectUri { get; init; } = "";

    public string? Challenge { get; init; }

    public string? Nonce { get; init; }

    public DateTimeOffset AuthenticatedAt { get; init; }

    public DateTimeOffset? RedeemedAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public bool IsOffline => Scopes.Contains(SignInScopes.OfflineAccess, StringComparer.Ordinal);

    /// <returns>The code: the grant's id and 256 random bits.</returns>
    public static async Task<string> InsertAsync(DbSession db, UserGrant grant, DateTimeOffset now)
    {
        var code = new byte[IdSize + SecretSize];
        grant.Id.TryWriteBytes(code, bigEndian: true, out _);
        RandomNumberGenerator.Fill(code.AsSpan(IdSize));
        await db.ExecuteAsync(
            """
            insert into openid.grants (tenant_id, id, client, user_id, browser_session, domain, scopes, code, code_expires_at,
                                       redirect_uri, challenge, nonce, authenticated_at, created_at, ends_at, resources)
            values (@TenantId, @Id, @Client, @UserId, @BrowserSession, @Domain, @Scopes, @hash, @CodeExpiresAt,
                    @RedirectUri, @Challenge, @Nonce, @AuthenticatedAt, @now, @CodeExpiresAt, @Resources)
            """,
            new
            {
                grant.TenantId,
                grant.Id,
                grant.Client,
                grant.UserId,
                grant.BrowserSession,
                grant.Domain,
                grant.Scopes,
                hash = Hash<UserGrant>.Of(code),
                grant.CodeExpiresAt,
                grant.RedirectUri,
                grant.Challenge,
                grant.Nonce,
                grant.AuthenticatedAt,
                grant.Resources,
                now,
            }
        );
        return Base64Url.EncodeToString(code);
    }

    public static Task<UserGrant?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<UserGrant>(
            $"select {Columns} from openid.grants where tenant_id = @tenant and id = @id",
            new { tenant, id }
        );

    public static Task<IReadOnlyList<UserGrant>> ListAsync(DbSession db, IReadOnlyList<(Guid Tenant, Guid Id)> grants) =>
        db.ListAsync<UserGrant>(
            $"""
            select {Columns} from unnest(@tenants, @grants) as wanted (tenant, grant_id)
              join openid.grants on tenant_id = tenant and id = grant_id
            """,
            new { tenants = grants.Select(g => g.Tenant).ToArray(), grants = grants.Select(g => g.Id).ToArray() }
        );

    /// <summary>The grant whose code it is, redeemed or not; null for what is no code.</summary>
    public static async Task<UserGrant?> FindByCodeAsync(DbSession db, Guid tenant, string text)
    {
        var code = new byte[IdSize + SecretSize];
        if (text.Length != Base64Url.GetEncodedLength(code.Length) || !Base64Url.TryDecodeFromChars(text, code, out var written))
            return null;
        if (written != code.Length || await FindAsync(db, tenant, new Guid(code.AsSpan(0, IdSize), bigEndian: true)) is not { } grant)
            return null;
        return Hash<UserGrant>.Of(code).Matches(grant.Code) ? grant : null;
    }

    /// <returns>Whether nobody was first.</returns>
    public async Task<bool> RedeemAsync(DbSession db, DateTimeOffset now, DateTimeOffset ends) =>
        await db.ExecuteAsync(
            """
            update openid.grants set redeemed_at = @now, ends_at = @ends
             where tenant_id = @TenantId and id = @Id and redeemed_at is null and code_expires_at > @now
               and exists (select 1 from openid.clients c
                            where c.tenant_id = @TenantId and c.id = @Client and c.disabled_at is null for share)
            """,
            new
            {
                TenantId,
                Id,
                Client,
                now,
                ends,
            }
        ) == 1;
}

/// <summary>What users agreed to, by client: each scope stays agreed to until the user takes it back.</summary>
internal static class Consents
{
    public static async Task<IReadOnlyList<string>> FindAsync(DbSession db, Guid tenant, Guid user, Guid client) =>
        await db.FirstOrDefaultAsync<string[]>(
            "select scopes from openid.consents where tenant_id = @tenant and user_id = @user and client = @client",
            new
            {
                tenant,
                user,
                client,
            }
        ) ?? [];

    public static Task<int> AddAsync(
        DbSession db,
        (Guid Tenant, Guid User, Guid Client) whose,
        IReadOnlyList<string> scopes,
        DateTimeOffset now
    ) =>
        db.ExecuteAsync(
            """
            insert into openid.consents as c (tenant_id, user_id, client, scopes, given_at)
            values (@Tenant, @User, @Client, @scopes, @now)
            on conflict (tenant_id, user_id, client)
            do update set scopes = array(select distinct unnest(c.scopes || excluded.scopes) order by 1), given_at = excluded.given_at
            """,
            new
            {
                whose.Tenant,
                whose.User,
                whose.Client,
                scopes = scopes.ToArray(),
                now,
            }
        );
}
