using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.OpenId.Data;

/// <summary>An authorization request that was pushed, or that waits for its user. Its parameters, which may name a user, are sealed with
/// its reference: whoever reads the table reads none.</summary>
internal sealed class PendingRequest
{
    /// <summary>What references begin with (RFC 9126, 2.2).</summary>
    public const string Urn = "urn:ietf:params:oauth:request_uri:";

    private const string Context = "openid.authorization_requests.parameters";

    private const string Columns = "tenant_id, hash, client, domain, parameters, browser, created_at, expires_at, answer, answered_by";

    public Guid TenantId { get; init; }

    public Hash<PendingRequest> Hash { get; init; } = Hash<PendingRequest>.OfNothing();

    public Guid Client { get; init; }

    /// <summary>Of the issuer that it was sent to; null for <c>Http:PublicUrl</c>.</summary>
    public string? Domain { get; init; }

    /// <summary>As the query of the authorization endpoint.</summary>
    public string Parameters { get; private set; } = "";

    public Hash<BrowserSecret>? Browser { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What its user said, see <see cref="PendingAnswer"/>; null until then.</summary>
    public string? Answer { get; init; }

    public Guid? AnsweredBy { get; init; }

    /// <returns>The reference.</returns>
    public static async Task<string> SaveAsync(DbSession db, Guid tenant, Guid client, NewRequest request)
    {
        var reference = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await db.ExecuteAsync(
            """
            insert into openid.authorization_requests (tenant_id, hash, client, domain, parameters, browser, created_at, expires_at)
            values (@tenant, @hash, @client, @Domain, @sealedParameters, @Browser, @Now, @expires)
            """,
            new
            {
                tenant,
                hash = Hash<PendingRequest>.Of(reference),
                client,
                request.Domain,
                sealedParameters = Convert.ToBase64String(HeldSecret.Seal(reference, Context, request.Parameters)),
                request.Browser,
                request.Now,
                expires = request.Now + request.Lifetime,
            }
        );
        return reference;
    }

    /// <summary>Null for a reference that is unknown, used or expired.</summary>
    public static async Task<PendingRequest?> FindAsync(DbSession db, Guid tenant, string reference, DateTimeOffset now)
    {
        var found = await db.FirstOrDefaultAsync<PendingRequest>(
            $"select {Columns} from openid.authorization_requests where tenant_id = @tenant and hash = @hash and expires_at > @now",
            new
            {
                tenant,
                hash = Hash<PendingRequest>.Of(reference),
                now,
            }
        );
        // The version before kept queries as they are.
        if (found is not null && !found.Parameters.StartsWith('?'))
            found.Parameters = HeldSecret.Open(reference, Context, Convert.FromBase64String(found.Parameters));
        return found;
    }

    /// <summary>Lets the browser that comes first have it, and gives it time to sign its user in.</summary>
    /// <returns>Whether no other browser was first.</returns>
    public async Task<bool> BeginAsync(DbSession db, Hash<BrowserSecret> browser, DateTimeOffset now, DateTimeOffset until) =>
        await db.ExecuteAsync(
            """
            update openid.authorization_requests set browser = @browser, created_at = @now, expires_at = greatest(expires_at, @until)
             where tenant_id = @TenantId and hash = @Hash and browser is null
            """,
            new
            {
                TenantId,
                Hash,
                browser,
                now,
                until,
            }
        ) == 1;

    public Task<int> AnswerAsync(DbSession db, string answer, Guid? by) =>
        db.ExecuteAsync(
            """
            update openid.authorization_requests set answer = @answer, answered_by = @by where tenant_id = @TenantId and hash = @Hash
            """,
            new
            {
                TenantId,
                Hash,
                answer,
                by,
            }
        );

    /// <returns>Whether it was still there: of two who use it up only one does.</returns>
    public async Task<bool> UseUpAsync(DbSession db) =>
        await db.ExecuteAsync(
            "delete from openid.authorization_requests where tenant_id = @TenantId and hash = @Hash",
            new { TenantId, Hash }
        ) == 1;
}

/// <summary>A request to be kept.</summary>
/// <param name="Parameters">As the query of the authorization endpoint.</param>
internal sealed record NewRequest(string Parameters)
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long it waits for a browser or, with one, for its user.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>Of the browser it is from; null for one that was pushed.</summary>
    public Hash<BrowserSecret>? Browser { get; init; }

    /// <summary>Of the issuer that it was sent to; null for <c>Http:PublicUrl</c>.</summary>
    public required string? Domain { get; init; }
}

/// <summary>What a browser holds that began with a request.</summary>
internal abstract class BrowserSecret;

/// <summary>What a user said of a request.</summary>
internal static class PendingAnswer
{
    public const string Agreed = "agreed";
    public const string Denied = "denied";
}
