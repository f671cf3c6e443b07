using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>The page that asks before a membership ends.</summary>
internal sealed class MemberActs(
    GetOrganization.Handler organizations,
    OrganizationFigures figures,
    RemoveMember.Handler remove,
    MessageCatalog texts
)
{
    private const string Route = OrganizationsPages.Path + "/{id:guid}/members/{userId:guid}/remove";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Route, (Guid id, Guid userId, MemberActs acts, HttpContext http) => acts.AskAsync(id, userId, http))
            .RequirePermissionSomewhere(StructureArea.WriteMembers);
        pages
            .MapPost(Route, (Guid id, Guid userId, MemberActs acts, HttpContext http) => acts.DoAsync(id, userId, http))
            .RequirePermissionSomewhere(StructureArea.WriteMembers)
            .FormOfConfirmation();
    }

    public static string PathOf(Guid id, Guid user) => $"{MemberPages.Section.PathOf(id)}/{user}/remove";

    private async Task<IResult> AskAsync(Guid id, Guid user, HttpContext http) =>
        await (await ConfirmationAsync(id, user, http)).Match(
            asked => http.ConfirmAsync(asked),
            error => Task.FromResult<IResult>(error.ToProblem())
        );

    private async Task<IResult> DoAsync(Guid id, Guid user, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, user, http);
        return asked.Error is { } error
            ? error.ToProblem()
            : await http.ActAsync(
                asked.Value,
                _ => remove.HandleAsync(id, user, http.Actor(), http.RequestAborted),
                _ => Say(http, "page.console.organization.removed", ("name", asked.Value.About[1].Value!))
            );
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Guid id, Guid user, HttpContext http)
    {
        var actor = http.Actor();
        var found = await organizations.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        if (await figures.MemberAsync(actor, id, user, http.RequestAborted) is not { } member)
            return AccessErrors.UserNotFound;
        var effects = new List<string> { Say(http, "page.console.organization.effect-remove") };
        if (member.Roles.Count > 0)
        {
            var roles = string.Join(", ", member.Roles.Select(role => RoleTexts.Of(role, key => texts.Text(key, http.Language()))));
            effects.Insert(0, Say(http, "page.console.organization.effect-roles", ("count", member.Roles.Count), ("roles", roles)));
        }

        return new Confirmation
        {
            Question = Say(http, "page.console.organization.ask-remove"),
            About =
            [
                new(Say(http, "page.console.organization"), found.Value.Name),
                new(Say(http, "page.console.organization.member"), member.Name ?? user.ToString()),
                new(Say(http, "page.console.organization.id"), user.ToString()),
            ],
            Effects = effects,
            Act = Say(http, "page.console.organization.remove-member"),
            Path = PathOf(id, user),
            Back = MemberPages.Section.PathOf(id),
            Entry = OrganizationsPages.Path,
        };
    }

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
