using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Tenants;

/// <summary>One tenant: its particulars, the way into it, and the form that changes its display name.</summary>
internal static class TenantPages
{
    public const string EditSuffix = "/edit";

    private const string Route = TenantsPages.Path + "/{id:guid}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Route, ShowAsync).RequirePermission(TenantsArea.ReadTenants);
        pages
            .MapGet(
                Route + EditSuffix,
                (Guid id, GetTenant.Handler tenants, HttpContext http) =>
                    EditAsync(id, tenants, http, http.TakeDraft(http.Request.Path, 1)?[0], error: null)
            )
            .RequirePermission(TenantsArea.WriteTenants);
        pages.MapPost(Route + EditSuffix, SaveAsync).RequirePermission(TenantsArea.WriteTenants).FormOfItself(TenantForm.DisplayNameField);
    }

    public static string PathOf(Guid id) => $"{TenantsPages.Path}/{id}";

    private static async Task<IResult> ShowAsync(Guid id, GetTenant.Handler tenants, HttpContext http)
    {
        var actor = http.Actor();
        var found = await tenants.HandleAsync(id, actor, http.RequestAborted);
        return found.ToResult(tenant =>
            http.Page<TenantPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(TenantPage.Tenant)] = tenant.View,
                    [nameof(TenantPage.IsFirst)] = id == DefaultTenant.Id,
                    [nameof(TenantPage.MayEnter)] =
                        id != actor.Tenant.Id
                        && tenant.View.State == TenantRow.Active
                        && actor.RequiredAccess.AcrossTenants().Grants.Count > 0,
                }
            )
        );
    }

    private static async Task<IResult> SaveAsync(
        Guid id,
        GetTenant.Handler tenants,
        UpdateTenant.Handler handler,
        MessageCatalog texts,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = form[TenantForm.DisplayNameField].ToString();
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var request = Input.Of(new UpdateTenant.Request { DisplayName = typed });
        var outcome = await handler.HandleAsync(id, request, expected, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? await EditAsync(id, tenants, http, typed, error)
            : http.Tell(
                texts.Text("page.console.organization.saved", http.Language(), TextInput.Limits(("name", outcome.Value.View.DisplayName))),
                PathOf(id)
            );
    }

    private static async Task<IResult> EditAsync(Guid id, GetTenant.Handler tenants, HttpContext http, string? typed, Error? error)
    {
        var found = await tenants.HandleAsync(id, http.Actor(), http.RequestAborted);
        return found.ToResult(tenant =>
            http.Page<EditTenantPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(EditTenantPage.Tenant)] = tenant.View,
                    [nameof(EditTenantPage.Version)] = tenant.Version,
                    [nameof(EditTenantPage.DisplayName)] = typed ?? tenant.View.DisplayName,
                    [nameof(EditTenantPage.Error)] = error,
                },
                error
            )
        );
    }
}
