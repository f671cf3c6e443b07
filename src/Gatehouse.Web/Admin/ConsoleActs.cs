using Gatehouse.Core.Results;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>Things that can be done to one thing, each asked about on a page of its own (<see cref="Confirmation"/>).</summary>
public interface IConsoleActs
{
    /// <summary>What is asked before it is done, or why it cannot be asked.</summary>
    Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http);

    /// <summary>Does what was confirmed (<see cref="ConfirmationExtensions.ActAsync"/>).</summary>
    Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http);
}

public static class ConsoleActs
{
    /// <summary>Maps the page of each act, below that of the thing: <c>/admin/users/{id}/disable</c>.</summary>
    /// <param name="list">The page of all such things: <c>/admin/users</c>.</param>
    /// <param name="acts">What follows the id in the address, which is what the act is called here.</param>
    /// <param name="require">The permission.</param>
    public static void MapActs<TActs>(
        this IEndpointRouteBuilder routes,
        string list,
        IReadOnlyList<string> acts,
        Action<RouteHandlerBuilder> require
    )
        where TActs : class, IConsoleActs
    {
        var pages = routes.MapPages();
        foreach (var act in acts)
        {
            var path = list + "/{id:guid}/" + act;
            require(pages.MapGet(path, (Guid id, HttpContext http) => AskAsync(Acts<TActs>(http), id, act, http)));
            require(pages.MapPost(path, (Guid id, HttpContext http) => DoAsync(Acts<TActs>(http), id, act, http)).FormOfConfirmation());
        }
    }

    /// <summary>A text in the language of who reads.</summary>
    public static string Say(this MessageCatalog texts, HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));

    private static async Task<IResult> AskAsync(IConsoleActs acts, Guid id, string act, HttpContext http)
    {
        var asked = await acts.AskAsync(id, act, http);
        return asked.Error is { } error ? error.ToProblem() : await http.ConfirmAsync(asked.Value);
    }

    private static async Task<IResult> DoAsync(IConsoleActs acts, Guid id, string act, HttpContext http)
    {
        var asked = await acts.AskAsync(id, act, http);
        return asked.Error is { } error ? error.ToProblem() : await acts.DoAsync(id, act, asked.Value, http);
    }

    private static TActs Acts<TActs>(HttpContext http)
        where TActs : class => http.RequestServices.GetRequiredService<TActs>();
}
