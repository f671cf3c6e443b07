using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Web;

/// <summary>Versions of resources as <c>ETag</c> and <c>If-Match</c> carry them (RFC 9110, 8.8.3 and 13.1.1).</summary>
public static class EntityTag
{
    /// <summary>Says which version the answer shows.</summary>
    public static void SetEntityTag(this HttpContext http, string version) => http.Response.Headers.ETag = Quoted(version);

    /// <summary>Whether what stands is what was read before.</summary>
    /// <param name="expected">The tag of what was read (<c>If-Match</c>), several or <c>*</c>; empty expects nothing.</param>
    // Entity tags of ours are strong and have no comma.
    public static bool Matches(StringValues expected, string version) =>
        expected.Count == 0
        || expected
            .SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries))
            .Any(value => value == "*" || value == Quoted(version));

    /// <summary>A version as a tag.</summary>
    public static string Quoted(string version) => $"\"{version}\"";
}
