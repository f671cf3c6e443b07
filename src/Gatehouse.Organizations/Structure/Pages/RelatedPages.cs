using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>The organizations that belong together with one: a list, and the forms that add and remove.</summary>
internal sealed class RelatedPages(
    GetOrganization.Handler organizations,
    ListRelatedOrganizations.Handler related,
    RelateOrganizations.Handler relate,
    UnrelateOrganizations.Handler unrelate,
    OrganizationFinder finder,
    OrganizationNames names,
    MessageCatalog texts
)
{
    public const string OtherField = "organization";

    private const int Shown = 10;
    private const string Suffix = "related";
    private const string Route = OrganizationsPages.Path + "/{id:guid}/" + Suffix;

    public static readonly ConsoleSection Section = new()
    {
        Of = OrganizationsPages.Path,
        Suffix = Suffix,
        Text = "page.console.organization.related",
        Permission = StructureArea.ReadOrganizations,
        Order = 40,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, RelatedPages pages, HttpContext http) =>
                    pages.ShowAsync(id, http, new ThingSearch { Typed = http.TakeDraft(http.Request.Path, 1)?[0] }, error: null)
            )
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);
        pages
            .MapPost(Route, (Guid id, RelatedPages pages, HttpContext http) => pages.AddAsync(id, http))
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations)
            .FormOfItself(OtherField);
        pages
            .MapPost(Route + "/remove", (Guid id, RelatedPages pages, HttpContext http) => pages.RemoveAsync(id, http))
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations)
            .FormOf(OrganizationsPages.Path);
    }

    private async Task<IResult> AddAsync(Guid id, HttpContext http)
    {
        var search = await ThingSearch.ReadAsync(
            http,
            OtherField,
            OrganizationTexts.MaxName,
            AccessErrors.OrganizationNotFound,
            text => finder.FindAsync(text, Shown, http.Actor(), http.RequestAborted)
        );
        if (search.Chosen is not { } other)
            return await ShowAsync(id, http, search with { Hits = [.. search.Hits.Where(hit => hit.Id != id)] }, search.Error);
        var outcome = await relate.HandleAsync(id, other, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(
                id,
                http,
                search,
                error.AtField(OtherField, AccessErrors.OrganizationNotFound, StructureErrors.RelatedToItself)
            )
            : Tell(id, "page.console.organization.related-added", http);
    }

    private async Task<IResult> RemoveAsync(Guid id, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!Guid.TryParse(form[ThingSearch.ChosenField], out var other))
            return RequestErrors.NotFound.ToProblem();
        var outcome = await unrelate.HandleAsync(id, other, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error.ToProblem() : Tell(id, "page.console.organization.related-removed", http);
    }

    private IResult Tell(Guid id, string key, HttpContext http) => http.Tell(texts.Text(key, http.Language()), Section.PathOf(id));

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, ThingSearch search, Error? error)
    {
        var actor = http.Actor();
        var found = await organizations.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } unknown)
            return unknown.ToProblem();
        var listed = await related.HandleAsync(id, PageInput.Of(http), actor, http.RequestAborted);
        if (listed.Error is { } failure)
            return failure.ToProblem();
        var ids = listed.Value.Items.Select(item => item.OrganizationId).ToList();
        var seen = (await names.FindAsync(actor, ids, http.RequestAborted)).ToDictionary(view => view.Id);
        return http.Page<RelatedPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(RelatedPage.Organization)] = found.Value.View(),
                [nameof(RelatedPage.Related)] = ids.Select(other => new RelatedOrganization(other) { View = seen.GetValueOrDefault(other) })
                    .ToList(),
                [nameof(RelatedPage.Links)] = listed.Value.Links,
                [nameof(RelatedPage.Search)] = search,
                [nameof(RelatedPage.Error)] = error,
            },
            error
        );
    }
}

/// <summary>A related organization as a page shows it.</summary>
public sealed record RelatedOrganization(Guid Id)
{
    /// <summary>Null for one that the reader may not see.</summary>
    public OrganizationView? View { get; init; }
}
