using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Structure;

/// <summary>The form that changes an organization's name and description.</summary>
internal static class EditOrganizationPages
{
    public const string Suffix = "/edit";

    private const string Route = OrganizationsPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, GetOrganization.Handler organizations, HttpContext http) =>
                    ShowAsync(
                        id,
                        organizations,
                        http,
                        http.TakeDraft(http.Request.Path, OrganizationForm.Fields.Count) is { } kept ? OrganizationForm.Of(kept) : null,
                        error: null
                    )
            )
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations);
        pages.MapPost(Route, SaveAsync).RequirePermissionSomewhere(StructureArea.WriteOrganizations).FormOfItself(OrganizationForm.Fields);
    }

    private static async Task<IResult> SaveAsync(
        Guid id,
        GetOrganization.Handler organizations,
        UpdateOrganization.Handler handler,
        MessageCatalog texts,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = OrganizationForm.Of(form);
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var request = new UpdateOrganization.Request { Name = typed.Name, Description = typed.Description };
        var outcome = await handler.HandleAsync(id, Input.Of(request), expected, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(id, organizations, http, typed, error)
            : http.Tell(
                texts.Text("page.console.organization.saved", http.Language(), TextInput.Limits(("name", outcome.Value.Name))),
                OrganizationPages.PathOf(id)
            );
    }

    private static async Task<IResult> ShowAsync(
        Guid id,
        GetOrganization.Handler organizations,
        HttpContext http,
        OrganizationForm? typed,
        Error? error
    )
    {
        var actor = http.Actor();
        var found = await organizations.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is null && !actor.RequiredAccess.AllowsIn(id, StructureArea.WriteOrganizations.Name))
            return RequestErrors.Forbidden.ToProblem();
        return found.ToResult(row =>
            http.Page<EditOrganizationPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(EditOrganizationPage.Organization)] = row.View(),
                    [nameof(EditOrganizationPage.Version)] = row.Version,
                    [nameof(EditOrganizationPage.Form)] = typed ?? Form(row),
                    [nameof(EditOrganizationPage.Error)] = OrganizationForm.AtFields(error),
                },
                error
            )
        );
    }

    private static OrganizationForm Form(OrganizationRow row) => new() { Name = row.Name, Description = row.Description };
}
