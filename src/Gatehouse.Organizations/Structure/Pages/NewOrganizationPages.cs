using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>The form that makes an organization.</summary>
internal static class NewOrganizationPages
{
    public const string Path = OrganizationsPages.Path + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (HttpContext http) => Show(http, OrganizationForm.Of(http.TakeDraft(Path, OrganizationForm.Fields.Count)), error: null)
            )
            .RequirePermission(StructureArea.CreateOrganizations);
        pages.MapPost(Path, CreateAsync).RequirePermission(StructureArea.CreateOrganizations).FormOfItself(OrganizationForm.Fields).Once();
    }

    private static async Task<IResult> CreateAsync(CreateOrganization.Handler handler, MessageCatalog texts, HttpContext http)
    {
        var typed = OrganizationForm.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var request = new CreateOrganization.Request
        {
            Name = typed.Name,
            Code = typed.Code,
            Description = typed.Description,
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Match(
            row =>
                http.Tell(
                    texts.Text("page.console.organizations.created-one", http.Language(), TextInput.Limits(("name", row.Name))),
                    OrganizationPages.PathOf(row.Id)
                ),
            error => Show(http, typed, error)
        );
    }

    private static RazorComponentResult Show(HttpContext http, OrganizationForm typed, Error? error) =>
        http.Page<NewOrganizationPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(NewOrganizationPage.Form)] = typed,
                [nameof(NewOrganizationPage.Error)] = OrganizationForm.AtFields(error),
            },
            error
        );
}
