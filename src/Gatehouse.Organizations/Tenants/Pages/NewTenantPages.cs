using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>The form that makes a tenant.</summary>
internal static class NewTenantPages
{
    public const string Path = TenantsPages.Path + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Path, (HttpContext http) => Show(http, TenantForm.Of(http.TakeDraft(Path, TenantForm.Fields.Count)), error: null))
            .RequirePermission(TenantsArea.WriteTenants);
        pages.MapPost(Path, CreateAsync).RequirePermission(TenantsArea.WriteTenants).FormOfItself(TenantForm.Fields).Once();
    }

    private static async Task<IResult> CreateAsync(CreateTenant.Handler handler, MessageCatalog texts, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = TenantForm.Of([.. TenantForm.Fields.Select(field => form[field].ToString())]);
        var request = new CreateTenant.Request
        {
            Name = typed.Name,
            DisplayName = typed.DisplayName,
            Blueprint = typed.Blueprint,
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Match(
            view =>
                http.Tell(
                    texts.Text("page.console.tenants.created-one", http.Language(), TextInput.Limits(("name", view.DisplayName))),
                    TenantPages.PathOf(view.Id)
                ),
            error => Show(http, typed, error)
        );
    }

    private static RazorComponentResult Show(HttpContext http, TenantForm typed, Error? error) =>
        http.Page<NewTenantPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(NewTenantPage.Form)] = typed,
                [nameof(NewTenantPage.Error)] = TenantForm.AtFields(error),
            },
            error
        );
}
