using System.Text.Json;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// What an application may know of its user (OpenID Connect Core, 5.3), for an access token that it was issued: in the header or, with
/// POST, in the form; never in the address, which ends up in logs.
/// </summary>
internal sealed class UserInfo(IAccessTokens tokens, IApplicationSessions sessions, Issuers issuers)
{
    private const string Field = "access_token";
    private const string Scheme = "Bearer ";
    private const string Challenge = "Bearer realm=\"gatehouse\"";

    public async Task<IResult> HandleAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!TryReadToken(http, out var token))
            return Reject(http, StatusCodes.Status400BadRequest, Errors.InvalidRequest);
        if (token is null)
            return Reject(http, StatusCodes.Status401Unauthorized, error: null);
        var described = await tokens.DescribeAsync(token, http.RequestAborted);
        if (described.Error is { Kind: ErrorKind.Unavailable } later)
            return later.ToProblem();
        if (!described.Succeeded || described.Value.Claims.TenantId != http.Actor().Tenant.Id)
            return Reject(http, StatusCodes.Status401Unauthorized, Errors.InvalidToken);
        if (
            described.Value.Claims.User is not { ClientId: not null } user
            || !user.Scopes.Contains(SignInScopes.OpenId, StringComparer.Ordinal)
        )
            return Reject(http, StatusCodes.Status403Forbidden, Errors.InsufficientScope);
        if (described.Value.Issuer != (await issuers.OfAsync(http)).Url)
            return Reject(http, StatusCodes.Status401Unauthorized, Errors.InvalidToken);
        return await sessions.DescribeUserAsync(described.Value.Claims.TenantId, user.Id, http.RequestAborted) is { } facts
            ? Results.Bytes(Write(UserClaims.Of(facts, user)), "application/json")
            : Reject(http, StatusCodes.Status401Unauthorized, Errors.InvalidToken);
    }

    private static bool TryReadToken(HttpContext http, out string? token)
    {
        token = null;
        var headers = http.Request.Headers.Authorization;
        if (http.Request.Query.ContainsKey(Field) || headers.Count > 1)
            return false;
        if (headers is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            token = header[Scheme.Length..].Trim();
        if (!http.Request.HasFormContentType || http.Request.Form[Field] is not { Count: > 0 } fields)
            return true;
        // Two ways at once are one too many (RFC 6750, 2).
        if (fields.Count > 1 || token is not null)
            return false;
        token = fields[0];
        return true;
    }

    private static byte[] Write(IEnumerable<KeyValuePair<string, object>> claims)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, value) in claims)
                ClaimJson.Write(json, name, value);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static JsonHttpResult<OAuthError> Reject(HttpContext http, int status, string? error)
    {
        http.Response.Headers.WWWAuthenticate = error is null ? Challenge : $"{Challenge}, error=\"{error}\"";
        return TypedResults.Json(
            new OAuthError { Error = error ?? Errors.InvalidToken },
            AuthorizationJson.Default.OAuthError,
            statusCode: status
        );
    }
}
