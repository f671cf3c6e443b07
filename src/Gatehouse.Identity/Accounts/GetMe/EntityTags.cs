using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Identity.Accounts;

internal static class EntityTags
{
    /// <summary>The account with its <c>ETag</c>, which a later change may name in <c>If-Match</c>.</summary>
    public static JsonHttpResult<UserView> Tagged(this HttpContext http, UserView user)
    {
        http.SetEntityTag(user.Version());
        return TypedResults.Json(user);
    }
}
