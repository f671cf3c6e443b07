using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>Who belongs to an organization, and the form that adds somebody: at once by what names one user, else by choosing.</summary>
internal sealed class MemberPages(
    GetOrganization.Handler organizations,
    ListMembers.Handler members,
    AddMember.Handler add,
    UserLinks users,
    IUserDirectory directory,
    MessageCatalog texts
)
{
    public const string UserField = "user";

    private const int Shown = 10;
    private const string Suffix = "members";
    private const string Route = OrganizationsPages.Path + "/{id:guid}/" + Suffix;

    public static readonly ConsoleSection Section = new()
    {
        Of = OrganizationsPages.Path,
        Suffix = Suffix,
        Text = "page.console.organization.members",
        Permission = StructureArea.ReadOrganizations,
        Order = 10,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, MemberPages members, HttpContext http) =>
                    members.ShowAsync(id, http, new ThingSearch { Typed = http.TakeDraft(http.Request.Path, 1)?[0] }, error: null)
            )
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);
        pages
            .MapPost(Route, (Guid id, MemberPages members, HttpContext http) => members.AddAsync(id, http))
            .RequirePermissionSomewhere(StructureArea.WriteMembers)
            .FormOfItself(UserField);
    }

    private async Task<IResult> AddAsync(Guid id, HttpContext http)
    {
        var actor = http.Actor();
        var search = await ThingSearch.ReadAsync(
            http,
            UserField,
            SealedText.MaxLength,
            AccessErrors.UserNotFound,
            text => users.FindAsync(text, Shown, actor, http.RequestAborted)
        );
        if (search.Chosen is not { } user)
            return await ShowAsync(id, http, search, search.Error);
        var outcome = await add.HandleAsync(id, user, actor, http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(id, http, search, error.AtField(UserField, AccessErrors.UserNotFound));
        var names = await directory.NamesAsync(actor.Tenant.Id, [user], http.RequestAborted);
        var key = outcome.Value ? "page.console.organization.added" : "page.console.organization.already-member";
        return http.Tell(
            texts.Text(key, http.Language(), TextInput.Limits(("name", names.GetValueOrDefault(user)?.Name ?? user.ToString()))),
            Section.PathOf(id)
        );
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, ThingSearch search, Error? error)
    {
        var actor = http.Actor();
        var found = await organizations.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } unknown)
            return unknown.ToProblem();
        var listed = await members.HandleAsync(id, PageInput.Of(http), actor, http.RequestAborted);
        if (listed.Error is { } failure)
            return failure.ToProblem();
        return http.Page<MembersPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(MembersPage.Organization)] = found.Value.View(),
                [nameof(MembersPage.Members)] = await NamedAsync(listed.Value.Items, actor, http.RequestAborted),
                [nameof(MembersPage.Links)] = listed.Value.Links,
                [nameof(MembersPage.Search)] = search,
                [nameof(MembersPage.Error)] = error,
            },
            error
        );
    }

    private async Task<IReadOnlyList<OrganizationMember>> NamedAsync(
        IReadOnlyList<ListMembers.Item> items,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var names = await directory.NamesAsync(actor.Tenant.Id, [.. items.Select(item => item.UserId)], cancellationToken);
        return
        [
            .. items.Select(item => new OrganizationMember(item.UserId)
            {
                Name = names.GetValueOrDefault(item.UserId)?.Name,
                Username = names.GetValueOrDefault(item.UserId)?.Username,
                Roles = item.Roles,
                JoinedAt = item.JoinedAt,
            }),
        ];
    }
}
