using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Admin;

/// <summary>What a form has done, said once on the page it leads to. It waits in a cookie that only this server can read.</summary>
public static class Told
{
    private const string Anywhere = "";

    private static readonly SealedCookie Cookie = new("__Host-gatehouse-told", "Gatehouse.Admin.Told", TimeSpan.FromMinutes(5));

    /// <summary>Leads the browser on and says there what was done.</summary>
    public static IResult Tell(this HttpContext http, string text, string localPath)
    {
        Cookie.Write(http, Anywhere, [text]);
        return http.SeeOther(localPath);
    }

    internal static string? TakeTold(this HttpContext http)
    {
        if (!Cookie.IsSet(http))
            return null;
        Cookie.Remove(http);
        return Cookie.Read(http, Anywhere) is [var text] ? text : null;
    }
}
