using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>One domain: the record or the file that proves control, and what a check sees of them.</summary>
internal sealed class DomainPages(GetDomain.Handler domains, VerifyDomain.Handler verify, RemoveDomain.Handler remove, MessageCatalog texts)
{
    public const string RemoveSuffix = "/remove";

    private const string Route = DomainsPages.Path + "/{domain}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Route, (string domain, DomainPages pages, HttpContext http) => pages.ShowAsync(domain, http, error: null))
            .RequirePermission(TenantsArea.ReadTenants);
        pages
            .MapPost(Route, (string domain, DomainPages pages, HttpContext http) => pages.CheckAsync(domain, http))
            .RequirePermission(DomainsArea.WriteDomains)
            .LimitBy(DomainsArea.VerifyLimit)
            .FormOfItself();
        pages
            .MapGet(Route + RemoveSuffix, (string domain, DomainPages pages, HttpContext http) => pages.AskAsync(domain, http))
            .RequirePermission(DomainsArea.WriteDomains);
        pages
            .MapPost(Route + RemoveSuffix, (string domain, DomainPages pages, HttpContext http) => pages.RemoveAsync(domain, http))
            .RequirePermission(DomainsArea.WriteDomains)
            .FormOfConfirmation();
    }

    public static string PathOf(string domain) => $"{DomainsPages.Path}/{domain}";

    private async Task<IResult> ShowAsync(string domain, HttpContext http, Error? error)
    {
        var actor = http.Actor();
        var found = await domains.HandleAsync(actor.Tenant.Id, domain, actor, http.RequestAborted);
        return found.ToResult(view =>
            http.Page<DomainPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(DomainPage.Domain)] = view,
                    [nameof(DomainPage.Error)] = error,
                },
                error
            )
        );
    }

    private async Task<IResult> CheckAsync(string domain, HttpContext http)
    {
        var actor = http.Actor();
        var outcome = await verify.HandleAsync(actor.Tenant.Id, domain, actor, http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(domain, http, error)
            : http.Tell(texts.Text("page.console.domain.done-check", http.Language()), PathOf(outcome.Value.Domain));
    }

    private async Task<IResult> AskAsync(string domain, HttpContext http) =>
        await (await ConfirmationAsync(domain, http)).Match(
            asked => http.ConfirmAsync(asked),
            error => Task.FromResult<IResult>(error.ToProblem())
        );

    private async Task<IResult> RemoveAsync(string domain, HttpContext http)
    {
        var asked = await ConfirmationAsync(domain, http);
        if (asked.Error is { } error)
            return error.ToProblem();
        var actor = http.Actor();
        return await http.ActAsync(
            asked.Value with
            {
                Back = DomainsPages.Path,
            },
            _ => remove.HandleAsync(actor.Tenant.Id, domain, actor, http.RequestAborted),
            _ => Say(http, "page.console.domain.done-remove", ("domain", asked.Value.About[0].Value!))
        );
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(string domain, HttpContext http)
    {
        var actor = http.Actor();
        var found = await domains.HandleAsync(actor.Tenant.Id, domain, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var view = found.Value;
        return new Confirmation
        {
            Question = Say(http, "page.console.domain.ask-remove"),
            About = [new(Say(http, "page.console.domains.new"), view.Domain)],
            Effects = [Say(http, view.Verified ? "page.console.domain.effect-verified" : "page.console.domain.effect-unverified")],
            Act = Say(http, "page.console.domain.remove"),
            Path = PathOf(view.Domain) + RemoveSuffix,
            Back = PathOf(view.Domain),
            Entry = DomainsPages.Path,
            AsksPassword = view.Verified,
        };
    }

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
