using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Web;

/// <summary>
/// Versions of resources as <c>ETag</c> and <c>If-Match</c> carry them (RFC 9110, 8.8.3 and 13.1.1). Ours are strong and have no comma.
/// </summary>
public static class EntityTags
{
    /// <summary>A version as it stands in the headers.</summary>
    public static string Quoted(string version) => $"\"{version}\"";

    /// <summary>The same of a row that counts its changes.</summary>
    public static string Quoted(long version) => Quoted(version.ToString(CultureInfo.InvariantCulture));

    /// <summary>The resource with its <c>ETag</c>, which a later change may name in <c>If-Match</c>.</summary>
    public static JsonHttpResult<T> Tagged<T>(this HttpContext http, T resource, string tag, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.ETag = tag;
        return TypedResults.Json(resource, statusCode: status);
    }

    /// <summary>Whether what stands may be changed.</summary>
    /// <param name="expected">The tags of <c>If-Match</c>, or <c>*</c>; empty changes whatever stands.</param>
    public static bool Match(StringValues expected, string tag) =>
        expected.Count == 0
        || expected.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries)).Any(value => value == "*" || value == tag);
}
