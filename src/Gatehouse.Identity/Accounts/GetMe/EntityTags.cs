using Gatehouse.Identity.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Identity.Accounts;

internal static class EntityTags
{
    /// <summary>A version as it stands in <c>ETag</c> and <c>If-Match</c>.</summary>
    public static string Quoted(string version) => $"\"{version}\"";

    /// <summary>The account with its <c>ETag</c>, which a later change may name in <c>If-Match</c>.</summary>
    public static JsonHttpResult<TUser> Tagged<TUser>(this HttpContext http, TUser user)
        where TUser : UserView
    {
        http.Response.Headers.ETag = Quoted(user.Version());
        return TypedResults.Json(user);
    }
}
