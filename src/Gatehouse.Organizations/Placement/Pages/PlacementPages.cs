using Gatehouse.Core.Results;
using Gatehouse.Organizations.Structure;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Placement;

/// <summary>What places new users in an organization: its e-mail domains and its registration codes, a section each.</summary>
internal sealed class PlacementPages(
    GetOrganization.Handler organizations,
    ListEmailDomains.Handler domains,
    AddEmailDomain.Handler addDomain,
    RemoveEmailDomain.Handler removeDomain,
    ListRegistrationCodes.Handler codes,
    AddRegistrationCode.Handler addCode,
    RemoveRegistrationCode.Handler removeCode,
    MessageCatalog texts
)
{
    public const string DomainsSuffix = "domains";
    public const string CodesSuffix = "codes";
    public const string DomainField = "domain";
    public const string CodeField = "registrationCode";
    public const string ValueField = "value";

    public static readonly ConsoleSection Domains = new()
    {
        Of = OrganizationsPages.Path,
        Suffix = DomainsSuffix,
        Text = "page.console.organization.domains",
        Permission = StructureArea.ReadOrganizations,
        Order = 20,
    };

    public static readonly ConsoleSection Codes = new()
    {
        Of = OrganizationsPages.Path,
        Suffix = CodesSuffix,
        Text = "page.console.organization.codes",
        Permission = StructureArea.ReadOrganizations,
        Order = 30,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        foreach (var section in new[] { Domains, Codes })
        {
            var route = OrganizationsPages.Path + "/{id:guid}/" + section.Suffix;
            var field = FieldOf(section);
            pages
                .MapGet(
                    route,
                    (Guid id, PlacementPages pages, HttpContext http) =>
                        pages.ShowAsync(id, section, http, http.TakeDraft(http.Request.Path, 1)?[0], error: null)
                )
                .RequirePermissionSomewhere(StructureArea.ReadOrganizations);
            Require(pages.MapPost(route, (Guid id, PlacementPages pages, HttpContext http) => pages.AddAsync(id, section, http)), section)
                .FormOfItself(field);
            Require(
                    pages.MapPost(
                        route + "/remove",
                        (Guid id, PlacementPages pages, HttpContext http) => pages.RemoveAsync(id, section, http)
                    ),
                    section
                )
                .FormOf(OrganizationsPages.Path);
        }
    }

    public static string FieldOf(ConsoleSection section) => section == Domains ? DomainField : CodeField;

    // Domains are the tenant's to give, codes the organization's.
    private static RouteHandlerBuilder Require(RouteHandlerBuilder builder, ConsoleSection section) =>
        section == Domains
            ? builder.RequirePermission(PlacementArea.WriteEmailDomains)
            : builder.RequirePermissionSomewhere(StructureArea.WriteOrganizations);

    private async Task<IResult> AddAsync(Guid id, ConsoleSection section, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var form = await http.Request.ReadFormAsync(stop);
        var typed = form[FieldOf(section)].ToString();
        var added =
            section == Domains
                ? (await addDomain.HandleAsync(id, Input.Of(new AddEmailDomain.Request { Domain = typed }), actor, stop)).Match<
                    Outcome<string>
                >(view => view.Domain, e => e)
                : (await addCode.HandleAsync(id, Input.Of(new AddRegistrationCode.Request { Code = typed }), actor, stop)).Match<
                    Outcome<string>
                >(view => view.Code, e => e);
        return added.Error is { } error
            ? await ShowAsync(id, section, http, typed, AtField(error))
            : Tell(id, section, $"page.console.organization.added-{section.Suffix}", added.Value, http);
    }

    private async Task<IResult> RemoveAsync(Guid id, ConsoleSection section, HttpContext http)
    {
        var (actor, stop) = (http.Actor(), http.RequestAborted);
        var value = (await http.Request.ReadFormAsync(stop))[ValueField].ToString();
        var removed =
            section == Domains
                ? await removeDomain.HandleAsync(id, value, actor, stop)
                : await removeCode.HandleAsync(id, value, actor, stop);
        return removed.Error is { } error ? error.ToProblem()
            : removed.Value ? Tell(id, section, $"page.console.organization.removed-{section.Suffix}", value, http)
            : http.SeeOther(section.PathOf(id));
    }

    private IResult Tell(Guid id, ConsoleSection section, string key, string value, HttpContext http) =>
        http.Tell(texts.Text(key, http.Language(), TextInput.Limits(("value", value))), section.PathOf(id));

    private static Error? AtField(Error error) =>
        error
            .AtField(DomainField, PlacementErrors.DomainTaken)
            .AtField(CodeField, PlacementErrors.RegistrationCodeTaken)
            .Renamed(("code", CodeField));

    private async Task<IResult> ShowAsync(Guid id, ConsoleSection section, HttpContext http, string? typed, Error? error)
    {
        var actor = http.Actor();
        var found = await organizations.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } unknown)
            return unknown.ToProblem();
        var listed = await ListAsync(id, section, http);
        if (listed.Error is { } failure)
            return failure.ToProblem();
        return http.Page<PlacementPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(PlacementPage.Organization)] = found.Value.View(),
                [nameof(PlacementPage.Section)] = section,
                [nameof(PlacementPage.Values)] = listed.Value.Items,
                [nameof(PlacementPage.Links)] = listed.Value.Links,
                [nameof(PlacementPage.Typed)] = typed,
                [nameof(PlacementPage.Error)] = error,
                [nameof(PlacementPage.MayWrite)] =
                    section == Domains
                        ? actor.RequiredAccess.Allows(PlacementArea.WriteEmailDomains.Name)
                        : actor.RequiredAccess.AllowsIn(id, StructureArea.WriteOrganizations.Name),
            },
            error
        );
    }

    private async Task<Outcome<Page<PlacedBy>>> ListAsync(Guid id, ConsoleSection section, HttpContext http)
    {
        return section == Domains
            ? (await domains.HandleAsync(id, PageInput.Of(http), http.Actor(), http.RequestAborted)).Match<Outcome<Page<PlacedBy>>>(
                page => new Page<PlacedBy>
                {
                    Items = [.. page.Items.Select(view => new PlacedBy(view.Domain, view.CreatedAt))],
                    Next = page.Next,
                    Previous = page.Previous,
                },
                e => e
            )
            : (await codes.HandleAsync(id, PageInput.Of(http), http.Actor(), http.RequestAborted)).Match<Outcome<Page<PlacedBy>>>(
                page => new Page<PlacedBy>
                {
                    Items = [.. page.Items.Select(view => new PlacedBy(view.Code, view.CreatedAt))],
                    Next = page.Next,
                    Previous = page.Previous,
                },
                e => e
            );
    }
}

/// <summary>A domain or a code as a page shows it.</summary>
public sealed record PlacedBy(string Value, DateTimeOffset CreatedAt);
