using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// Finds the client of a request: by its secret, of which two may be live, by an assertion that its key signed (private_key_jwt), or, for
/// one that cannot keep a secret, by its name. An unknown client, a disabled one, a wrong and an expired secret cost the same and are
/// answered the same. Wrong ones are counted for client and network; a right one is accepted all the same, because 256 random bits are not
/// guessed, and a neighbour must not lock a client out.
/// </summary>
internal sealed class ClientAuthentication(
    Database database,
    ClientLookup lookup,
    ClientAssertion assertions,
    IRateLimitStore limits,
    AuthorizationLimits options,
    TimeProvider clock
)
{
    private const int MaxLength = 256;
    private const string Client = "gatehouse:client";
    private static readonly TimeSpan Coarse = TimeSpan.FromHours(1);

    private static readonly Hash<ClientSecret> None = Hash<ClientSecret>.OfNothing();

    /// <summary>The client that the request was found to be from.</summary>
    public static ClientRow Of(OpenIddictServerTransaction transaction) => transaction.GetProperty<ClientRow>(Client)!;

    /// <summary>Null, and the request rejected, if it is from none.</summary>
    public async ValueTask<ClientRow?> AuthenticateAsync(OpenIddictServerEvents.BaseValidatingContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var request = context.Transaction.Request!;
        var (clientId, secret) = (request.ClientId ?? "", request.ClientSecret);
        var client = request.ClientAssertion is { } assertion
            ? await assertions.FindAsync(request, assertion, http)
            : await FindAsync(clientId, secret, http.Actor(), http.RequestAborted);
        if (client is not null)
        {
            context.Transaction.SetProperty(Client, client);
            return client;
        }

        var key = new RateLimitKey(AuthorizationArea.SecretLimit, Hash(clientId, http));
        var count = await limits.TakeAsync(key, options.ClientSecrets, http.RequestAborted);
        if (count.Allowed)
            context.Reject(Errors.InvalidClient, "The client is unknown, or what proves it is wrong or has expired.");
        else
            Throttle(context, http.Response, count.Reset);
        return null;
    }

    private static void Throttle(OpenIddictServerEvents.BaseValidatingContext context, HttpResponse response, TimeSpan wait)
    {
        context.Reject(Errors.TemporarilyUnavailable, "Too many wrong secrets. Try again later.");
        response.OnStarting(() =>
        {
            response.StatusCode = StatusCodes.Status429TooManyRequests;
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
    }

    private async Task<ClientRow?> FindAsync(string clientId, string? secret, Actor actor, CancellationToken cancellationToken)
    {
        if (clientId.Length > MaxLength || secret?.Length > MaxLength || clientId.Any(char.IsControl))
            return null;
        var now = clock.GetUtcNow();
        var tenant = actor.Tenant.Id;
        var found = await lookup.FindAsync(tenant, clientId, cancellationToken);
        var (row, secrets) = (found?.Row, found?.Secrets ?? []);
        var hash = Hash<ClientSecret>.Of(secret ?? "");
        SecretRow? match = null;
        // As many comparisons as there can be live secrets, whatever there are.
        for (var i = 0; i < Math.Max(secrets.Count, 2); i++)
        {
            var stored = i < secrets.Count ? secrets[i] : null;
            if (hash.Matches(stored?.Hash ?? None) && stored?.IsLive(now) == true)
                match = stored;
        }

        if (row is not { DisabledAt: null })
            return null;
        // One that has no secret and comes with one is not who it says, or does not know what it is.
        if (row.IsPublic)
            return secret is null ? row : null;
        if (match is null)
            return null;
        if (now - match.LastUsedAt < Coarse)
            return row;
        await NoteUseAsync(tenant, match, now, cancellationToken);
        return row;
    }

    private Task<int> NoteUseAsync(Guid tenant, SecretRow secret, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    with used as (
                        update openid.client_secrets set last_used_at = @now where tenant_id = @tenant and client = @Client and id = @Id)
                    update openid.clients set last_used_at = @now where tenant_id = @tenant and id = @Client
                    """,
                    new
                    {
                        tenant,
                        secret.Client,
                        secret.Id,
                        now,
                    }
                ),
            cancellationToken
        );

    private static UInt128 Hash(string clientId, HttpContext http)
    {
        var text = $"{http.Actor().Tenant.Id} {RateLimitKey.NetworkOf(http.Connection.RemoteIpAddress):x32} {clientId}";
        return BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
