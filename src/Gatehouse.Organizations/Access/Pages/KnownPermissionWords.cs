using Gatehouse.Organizations.Data;
using Gatehouse.Web.Admin;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Organizations.Access;

/// <summary>The permissions there are, in words.</summary>
internal static class KnownPermissionWords
{
    public static IReadOnlyList<PermissionGroup> Groups(this PermissionSet known, IEnumerable<string> names, HttpContext http) =>
        PermissionWords.Groups(names, name => known.Find(name)?.Description, http);
}
