using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.V1;
using Gatehouse.Web;
using Gatehouse.Web.Rpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// Tells relying services whose token it is, and what was revoked. A token that is not good is not described: malformed, expired, revoked
/// and foreign ones are one answer.
/// </summary>
internal sealed class TokensService(
    AccessTokens tokens,
    RecentAccess access,
    Revocations revocations,
    CurrentAccess current,
    Draining draining,
    TimeProvider clock
) : V1.Tokens.TokensBase
{
    // What a client sends is limited; what it is sent at once, too.
    private const int MaxBatch = 1000;

    // A reader that takes nothing for so long is gone, or broken.
    private static readonly TimeSpan MaxWrite = TimeSpan.FromSeconds(20);

    public override async Task<CheckReply> Check(CheckRequest request, ServerCallContext context)
    {
        var actor = context.GetHttpContext().Actor();
        var judged = await tokens.EvaluateAsync(request.Token, context.CancellationToken);
        if (judged.Error is { Kind: not ErrorKind.Unauthenticated } later)
            throw new RejectedException(later);
        if (judged.Error is not null || !RecentAccess.Reaches(actor, judged.Value.Claims.TenantId, TokenPermissions.Introspect))
            throw new RejectedException(TokenErrors.NotGood);
        var claims = judged.Value.Claims;
        // Signed in before the address was verified: good for the own account, and nowhere else.
        if (claims.User is { IsGoodElsewhere: false })
            throw new RejectedException(TokenErrors.NotGood);
        return Describe(judged.Value, await access.FindAsync(claims, context.CancellationToken));
    }

    public override async Task WatchRevocations(
        WatchRevocationsRequest request,
        IServerStreamWriter<WatchRevocationsReply> responseStream,
        ServerCallContext context
    )
    {
        var http = context.GetHttpContext();
        var actor = http.Actor();
        var since = RevocationCursor.Parse(request.Cursor).OrReject();
        // Taken before what counts now is read, so nothing falls between the two.
        var link = revocations.Feed.Last;
        var known = revocations.KnownUntil;
        RejectUnlessKnown();
        await SendAsync(revocations.Since(since), known);
        while (true)
        {
            link = await link.Next.WaitAsync(context.CancellationToken);
            RejectUnlessKnown();
            actor = actor with { Access = await AccessAsync(http) };
            await SendAsync(link.Revoked, link.Known);
        }

        void RejectUnlessKnown()
        {
            if (draining.HasBegun || !revocations.AreKnown)
                throw new RejectedException(RequestErrors.DependencyUnavailable);
        }

        async Task SendAsync(IReadOnlyList<Revoked> revoked, DateTimeOffset until)
        {
            var cursor = RevocationCursor.Of(until);
            var mine = revoked.Where(r => RecentAccess.Reaches(actor, r.TenantId, TokenPermissions.Introspect)).Select(Describe);
            var empty = true;
            foreach (var batch in mine.Chunk(MaxBatch))
            {
                await WriteAsync(new WatchRevocationsReply { Revocations = { batch }, Cursor = cursor });
                empty = false;
            }

            // Revocations of others are no sign of life.
            if (empty && revoked.Count == 0)
                await WriteAsync(new WatchRevocationsReply { Cursor = cursor });
        }

        async Task WriteAsync(WatchRevocationsReply reply)
        {
            var written = responseStream.WriteAsync(reply, context.CancellationToken);
            if (written.IsCompletedSuccessfully)
                return;
            try
            {
                await written.WaitAsync(MaxWrite, clock, context.CancellationToken);
            }
            catch (TimeoutException)
            {
                // Its buffers are full, so it cannot be told either.
                http.Abort();
                throw new RpcException(new Status(StatusCode.Cancelled, "The stream is not read."));
            }
        }
    }

    // A stream is worth no more than the token that opened it, and what its owner may do now.
    private async ValueTask<UserAccess> AccessAsync(HttpContext http)
    {
        var token = http.Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim(' ');
        if ((await tokens.EvaluateAsync(token, http.RequestAborted)).Error is { } rejected)
            throw new RejectedException(rejected);
        return await current.FindAsync(http) is { } now && now.Allows(TokenPermissions.Introspect.Name)
            ? now
            : throw new RejectedException(RequestErrors.Unauthenticated);
    }

    private static CheckReply Describe(ValidatedToken token, UserAccess held)
    {
        var claims = token.Claims;
        var reply = new CheckReply { Tenant = claims.TenantId.ToString(), ExpiresAt = token.Expires.ToTimestamp() };
        if (claims.User is { } user)
        {
            reply.User = user.Id.ToString();
            reply.Session = user.SessionId.ToString();
            reply.AuthenticatedAt = user.AuthenticatedAt.ToTimestamp();
            reply.Roles.AddRange(user.Roles);
            if (user.OrganizationId is { } organization)
                reply.Organization = organization.ToString();
        }
        else
        {
            reply.Client = claims.ServiceAccount!.Id.ToString();
        }

        reply.Permissions.AddRange(held.In(claims.User?.OrganizationId).Order(StringComparer.Ordinal));
        return reply;
    }

    private static Revocation Describe(Revoked revoked)
    {
        var id = revoked.Id.ToString();
        var revocation = new Revocation { At = revoked.At.ToTimestamp() };
        switch (revoked.Kind)
        {
            case RevokedKind.Session:
                revocation.Session = id;
                break;
            case RevokedKind.Token:
                revocation.Token = id;
                break;
            case RevokedKind.Tenant:
                revocation.Tenant = id;
                break;
            default:
                revocation.Client = id;
                break;
        }

        return revocation;
    }
}
