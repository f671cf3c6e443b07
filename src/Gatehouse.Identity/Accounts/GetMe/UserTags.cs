using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Identity.Accounts;

/// <summary>The versions of accounts, which follow from what is shown of them.</summary>
internal static class UserTags
{
    public static string Tag(this UserView user) => EntityTags.Quoted(user.Version());

    public static JsonHttpResult<UserView> Tagged(this HttpContext http, UserView user) => http.Tagged(user, user.Tag());
}
