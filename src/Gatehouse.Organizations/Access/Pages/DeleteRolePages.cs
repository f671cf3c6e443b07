using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>The page that asks before an own role is deleted.</summary>
internal sealed class DeleteRolePages(GetRole.Handler roles, DeleteRole.Handler delete, RoleHolders holders, MessageCatalog texts)
{
    public const string Suffix = "/delete";

    private const string Route = RolesPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Route, (Guid id, DeleteRolePages pages, HttpContext http) => pages.AskAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles);
        pages
            .MapPost(Route, (Guid id, DeleteRolePages pages, HttpContext http) => pages.DoAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .FormOfConfirmation();
    }

    private async Task<IResult> AskAsync(Guid id, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, http);
        return asked.Error is { } error ? error.ToProblem() : await http.ConfirmAsync(asked.Value);
    }

    private async Task<IResult> DoAsync(Guid id, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, http);
        if (asked.Error is { } error)
            return error.ToProblem();
        return await http.ActAsync(
            asked.Value,
            _ => delete.HandleAsync(id, http.Actor(), http.RequestAborted),
            _ => Say(http, "page.console.role.deleted", ("name", asked.Value.About[0].Value!))
        );
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Guid id, HttpContext http)
    {
        var actor = http.Actor();
        var found = await roles.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        if (found.Value.Own is not { } row)
            return RoleErrors.BuiltIn;
        var view = RoleViews.View(row, found.Value.Known);
        var count = await holders.CountAsync(id, actor, http.RequestAborted);
        return new Confirmation
        {
            Question = Say(http, "page.console.role.ask-delete"),
            About = [new(Say(http, "page.console.role"), view.Label(http.Language())), new(Say(http, "page.console.roles.name"), row.Name)],
            Effects =
            [
                HolderCount.Say(texts, http.Language(), count),
                Say(http, count == 0 ? "page.console.role.effect-delete" : "page.console.role.no-delete"),
            ],
            Act = Say(http, "page.console.role.delete"),
            Path = RolePages.PathOf(id) + Suffix,
            Back = RolePages.PathOf(id),
            Next = RolesPages.Path,
            Entry = RolesPages.Path,
            AsksPassword = true,
        };
    }

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
