using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Admin;

/// <summary>Leads from a thing back to the list it was opened from, as it was filtered then: lists put their own address behind their
/// links.</summary>
public static class BackPath
{
    private const string Parameter = "back";

    /// <summary>The address of a thing, with the way back to the list that shows it.</summary>
    public static string With(HttpContext http, string path)
    {
        var here = http.Request.Path.ToUriComponent() + http.Request.QueryString.ToUriComponent();
        return http.Request.QueryString.HasValue ? path + QueryString.Create(Parameter, here) : path;
    }

    /// <summary>The way back that the address of the page names, or the list as it begins.</summary>
    public static string Of(HttpContext http, string list)
    {
        var back = LocalPath.OrHome(http.Request.Query[Parameter]);
        return back.StartsWith(list + "?", StringComparison.Ordinal) ? back : list;
    }
}
