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
    public const string ChosenField = "chosen";

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
                    pages.ShowAsync(id, http, new RelatedSearch { Typed = http.TakeDraft(http.Request.Path, 1)?[0] }, error: null)
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
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var errors = new ValidationErrors();
        var typed = form[OtherField].ToString();
        if (!Guid.TryParse(form[ChosenField], out var other))
        {
            if (TextInput.Clean(typed, OtherField, OrganizationTexts.MaxName, errors) is not { } text)
                return await ShowAsync(id, http, new RelatedSearch { Typed = typed }, RequestErrors.InvalidWith(errors));
            var found = await finder.FindAsync(text, Shown, http.Actor(), http.RequestAborted);
            if (found.Count == 0)
                errors.Add(OtherField, AccessErrors.OrganizationNotFound.Code);
            var hits = found.Where(hit => hit.IsExact || hit.Detail == text).ToList();
            if (hits is not [var only])
                return await ShowAsync(
                    id,
                    http,
                    new RelatedSearch { Typed = typed, Hits = [.. found.Where(hit => hit.Id != id)] },
                    errors.Any ? RequestErrors.InvalidWith(errors) : null
                );
            other = only.Id;
        }

        var outcome = await relate.HandleAsync(id, other, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(
                id,
                http,
                new RelatedSearch { Typed = typed },
                error.AtField(OtherField, AccessErrors.OrganizationNotFound, StructureErrors.RelatedToItself)
            )
            : Tell(id, "page.console.organization.related-added", http);
    }

    private async Task<IResult> RemoveAsync(Guid id, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!Guid.TryParse(form[ChosenField], out var other))
            return RequestErrors.NotFound.ToProblem();
        var outcome = await unrelate.HandleAsync(id, other, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error.ToProblem() : Tell(id, "page.console.organization.related-removed", http);
    }

    private IResult Tell(Guid id, string key, HttpContext http) => http.Tell(texts.Text(key, http.Language()), Section.PathOf(id));

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, RelatedSearch search, Error? error)
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

/// <summary>What was typed to relate an organization, and which it may mean.</summary>
public sealed record RelatedSearch
{
    public string? Typed { get; init; }

    public IReadOnlyList<ConsoleHit> Hits { get; init; } = [];
}

/// <summary>A related organization as a page shows it.</summary>
public sealed record RelatedOrganization(Guid Id)
{
    /// <summary>Null for one that the reader may not see.</summary>
    public OrganizationView? View { get; init; }
}
