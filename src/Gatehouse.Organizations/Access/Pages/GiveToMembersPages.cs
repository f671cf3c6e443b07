using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Gives a role to all members of an organization: which one, then a page that asks with the number of them.</summary>
internal sealed class GiveToMembersPages(
    GetRole.Handler roles,
    RoleViews views,
    OrganizationCodes organizations,
    GiveToMembers members,
    PrivilegedRoles privileged,
    MessageCatalog texts
)
{
    public const string Suffix = "/give";

    public static readonly IReadOnlyList<string> Fields = [OrganizationCodes.Field];

    private const string Route = RolesPages.Path + "/{id:guid}" + Suffix;
    private const string RouteOfOne = Route + "/{organization:guid}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, GiveToMembersPages give, HttpContext http) =>
                    give.ShowAsync(id, http, http.TakeDraft(http.Request.Path, Fields.Count)?[0] ?? "", error: null)
            )
            .RequirePermissionSomewhere(AccessArea.AssignRoles);
        pages
            .MapPost(Route, (Guid id, GiveToMembersPages give, HttpContext http) => give.ChooseAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.AssignRoles)
            .FormOfItself(Fields);
        pages
            .MapGet(
                RouteOfOne,
                (Guid id, Guid organization, GiveToMembersPages give, HttpContext http) => give.AskAsync(id, organization, http)
            )
            .RequirePermissionSomewhere(AccessArea.AssignRoles);
        pages
            .MapPost(
                RouteOfOne,
                (Guid id, Guid organization, GiveToMembersPages give, HttpContext http) => give.DoAsync(id, organization, http)
            )
            .RequirePermissionSomewhere(AccessArea.AssignRoles)
            .FormOfConfirmation();
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, string typed, Error? error)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var found = await ViewAsync(id, http);
        return found.Error is { } unknown
            ? unknown.ToProblem()
            : http.Page<GiveToMembersPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(GiveToMembersPage.Role)] = found.Value,
                    [nameof(GiveToMembersPage.Organization)] = typed,
                    [nameof(GiveToMembersPage.Suggested)] = await organizations.SuggestAsync(AccessArea.AssignRoles, actor, stop),
                    [nameof(GiveToMembersPage.Error)] = error.AtField(OrganizationCodes.Field, AccessErrors.WrongLevel),
                },
                error
            );
    }

    private async Task<IResult> ChooseAsync(Guid id, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var typed = (await http.Request.ReadFormAsync(stop))[OrganizationCodes.Field].ToString();
        var found = await organizations.FindAsync(typed, AccessArea.AssignRoles, actor, stop);
        if (found.Error is { } unknown)
            return await ShowAsync(id, http, typed, unknown);
        var role = await ViewAsync(id, http);
        if (role.Error is { } error)
            return error.ToProblem();
        return AssignmentRules.Check(role.Value.ToRole(), found.Value.Id, actor.RequiredAccess) is { } rejection
            ? await ShowAsync(id, http, typed, rejection)
            : http.SeeOther(PathOf(id, found.Value.Id));
    }

    private async Task<IResult> AskAsync(Guid id, Guid organization, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, organization, http);
        return asked.Error is { } error ? error.ToProblem() : await http.ConfirmAsync(asked.Value);
    }

    private async Task<IResult> DoAsync(Guid id, Guid organization, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, organization, http);
        if (asked.Error is { } error)
            return error.ToProblem();
        // Once begun, it is not stopped by a browser that goes away.
        return await http.ActAsync(
            asked.Value,
            async _ => (Outcome<GivenToMembers>)await members.RunAsync(id, organization, http.Actor(), CancellationToken.None),
            done => Result(http, done)
        );
    }

    private string Result(HttpContext http, GivenToMembers done)
    {
        var result = Say(http, "page.console.role.given-all", ("given", done.Given), ("had", done.Had));
        var rejections = done.Rejections.Select(rejection =>
            Say(http, "page.console.role.not-given", ("count", rejection.Value), ("reason", Say(http, rejection.Key)))
        );
        return string.Join(' ', rejections.Prepend(result));
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Guid id, Guid organization, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        if (await organizations.FindAsync(organization, AccessArea.AssignRoles, actor, stop) is not { } home)
            return AccessErrors.OrganizationNotFound;
        var found = await ViewAsync(id, http);
        if (found.Error is { } error)
            return error;
        if (AssignmentRules.Check(found.Value.ToRole(), organization, actor.RequiredAccess) is { } rejection)
            return rejection;
        var count = await members.CountAsync(id, organization, actor, stop);
        return new Confirmation
        {
            Question = Say(http, "page.console.role.ask-give-all"),
            About =
            [
                new(Say(http, "page.console.role"), found.Value.Label(http.Language())),
                new(Say(http, "page.console.role.where"), home.Name),
            ],
            Effects =
            [
                Say(http, "page.console.role.effect-give-all", ("count", count.Members - count.Holders)),
                Say(http, "page.console.role.effect-have", ("count", count.Holders)),
                Say(http, "page.console.role.effect-give-permissions", ("count", found.Value.Permissions.Count)),
            ],
            Act = Say(http, "page.console.role.give-all-act"),
            Path = PathOf(id, organization),
            Back = RolePages.PathOf(id),
            Entry = RolesPages.Path,
            AsksPassword = privileged.Contains(found.Value.Permissions),
        };
    }

    private async Task<Outcome<RoleView>> ViewAsync(Guid id, HttpContext http)
    {
        var found = await roles.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        return found.Value.Own is { } row ? RoleViews.View(row, found.Value.Known) : views.View(found.Value.BuiltIn!, found.Value.Known);
    }

    private static string PathOf(Guid role, Guid organization) => $"{RolePages.PathOf(role)}{Suffix}/{organization}";

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
