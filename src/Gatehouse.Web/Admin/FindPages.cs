using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>Finds one kind of thing for the box in the console's header.</summary>
public interface IConsoleFinder
{
    /// <summary>The entry of the navigation whose things it finds, in that order.</summary>
    string Entry { get; }

    Permission Permission { get; }

    /// <summary>At most <paramref name="limit"/> things in the actor's reach.</summary>
    Task<IReadOnlyList<ConsoleHit>> FindAsync(string text, int limit, Actor actor, CancellationToken cancellationToken);
}

/// <summary>A thing that was found.</summary>
public sealed record ConsoleHit
{
    /// <summary>Where it is shown.</summary>
    public required string Path { get; init; }

    public required string Name { get; init; }

    /// <summary>What tells it from others of the same name; null for nothing.</summary>
    public string? Detail { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Whether the text names this thing and no other: its id, its whole e-mail address.</summary>
    public bool IsExact { get; init; }
}

/// <summary>The box in the console's header: one text for everything that has a name, a username, an address or an id.</summary>
internal static class FindPages
{
    public const string Path = ConsoleHome.Path + "/find";
    public const string SuggestPath = Path + "/suggestions";

    private const int Suggested = 8;
    private const int Shown = 20;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapPost(Path, (Delegate)SubmitAsync).RequireConsole();
        pages.MapPost(SuggestPath, (Delegate)SuggestAsync).RequireConsole();
        pages.MapGet(Path, (string? find, HttpContext http) => ShowAsync(find, http)).RequireConsole();
    }

    public static bool CanFind(this HttpContext http) => Finders(http).Any();

    private static async Task<IResult> SubmitAsync(HttpContext http)
    {
        var text = await ReadAsync(http);
        if (text.Length == 0)
            return http.SeeOther(Path);
        var found = await FindAsync(http, text, Shown);
        var exact = found.SelectMany(f => f.Hits).Where(hit => hit.IsExact).ToList();
        return http.SeeOther(exact.Count == 1 ? exact[0].Path : Path + QueryString.Create("find", SealedText.Seal(http, text)));
    }

    private static async Task<IResult> SuggestAsync(HttpContext http)
    {
        var text = await ReadAsync(http);
        var found = text.Length == 0 ? [] : await FindAsync(http, text, Suggested);
        return TypedResults.Json<IReadOnlyList<ConsoleHit>>([.. found.SelectMany(f => f.Hits).Take(Suggested)]);
    }

    private static async Task<IResult> ShowAsync(string? find, HttpContext http)
    {
        var text = SealedText.Open(http, find);
        return http.Page<FindPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(FindPage.Typed)] = text,
                [nameof(FindPage.IsOver)] = text is null && find is not null,
                [nameof(FindPage.Found)] = text is null ? [] : await FindAsync(http, text, Shown),
            }
        );
    }

    private static async Task<IReadOnlyList<Found>> FindAsync(HttpContext http, string text, int limit)
    {
        var found = new List<Found>();
        foreach (var finder in Finders(http))
            found.Add(new Found(finder.Entry, await finder.FindAsync(text, limit, http.Actor(), http.RequestAborted)));
        return found;
    }

    private static IEnumerable<IConsoleFinder> Finders(HttpContext http) =>
        http
            .RequestServices.GetServices<IConsoleFinder>()
            .Where(finder => http.Actor().RequiredAccess.AllowsSomewhere(finder.Permission.Name))
            .Order(Comparer<IConsoleFinder>.Create((a, b) => -string.CompareOrdinal(a.Entry, b.Entry)));

    private static async Task<string> ReadAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var text = form["find"].ToString().Trim();
        return text.Length <= SealedText.MaxLength ? text.Normalize() : text[..SealedText.MaxLength].Normalize();
    }
}

/// <summary>What one finder found.</summary>
public sealed record Found(string Entry, IReadOnlyList<ConsoleHit> Hits);

/// <summary>The JSON form of what the box suggests.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<ConsoleHit>))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
