using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>The tenant's own domains, and the form that adds one.</summary>
internal sealed class DomainsPages(ListDomains.Handler domains, AddDomain.Handler add, MessageCatalog texts)
{
    public const string Path = "/admin/domains";
    public const string DomainField = "domain";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.domains",
        Group = ConsoleGroup.System,
        Permission = TenantsArea.ReadTenants,
        InWholeTenant = true,
        Order = 11,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Path, (DomainsPages pages, HttpContext http) => pages.ShowAsync(http, http.TakeDraft(Path, 1)?[0], error: null))
            .RequirePermission(TenantsArea.ReadTenants);
        pages
            .MapPost(Path, (DomainsPages pages, HttpContext http) => pages.AddAsync(http))
            .RequirePermission(DomainsArea.WriteDomains)
            .FormOfItself(DomainField);
    }

    private async Task<IResult> AddAsync(HttpContext http)
    {
        var actor = http.Actor();
        var typed = (await http.Request.ReadFormAsync(http.RequestAborted))[DomainField].ToString();
        var request = Input.Of(new AddDomain.Request { Domain = typed });
        var outcome = await add.HandleAsync(actor.Tenant.Id, request, actor, http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(http, typed, error)
            : http.Tell(texts.Text("page.console.domains.added", http.Language()), DomainPages.PathOf(outcome.Value.Domain));
    }

    private async Task<IResult> ShowAsync(HttpContext http, string? typed, Error? error)
    {
        var actor = http.Actor();
        var listed = await domains.HandleAsync(actor.Tenant.Id, PageInput.Of(http), actor, http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<DomainsPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(DomainsPage.Domains)] = page,
                    [nameof(DomainsPage.Typed)] = typed,
                    [nameof(DomainsPage.Error)] = error,
                },
                error
            )
        );
    }
}
