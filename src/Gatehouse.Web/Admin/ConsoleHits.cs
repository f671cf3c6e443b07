using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

public static class ConsoleHits
{
    private const int Shown = 10;

    /// <summary>What a text may mean among the things of an entry (<see cref="ConsoleEntry.Path"/>), as far as the actor may see
    /// them.</summary>
    public static async Task<IReadOnlyList<ConsoleHit>> HitsAsync(this HttpContext http, string entry, string? text)
    {
        var finder = http.RequestServices.GetServices<IConsoleFinder>().FirstOrDefault(finder => finder.Entry == entry);
        return string.IsNullOrWhiteSpace(text) || finder is null || !http.Actor().RequiredAccess.AllowsSomewhere(finder.Permission.Name)
            ? []
            : await finder.FindAsync(text.Trim(), Shown, http.Actor(), http.RequestAborted);
    }
}
