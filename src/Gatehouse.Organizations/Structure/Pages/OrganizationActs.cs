using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>The pages that ask before an organization becomes inactive or active.</summary>
internal sealed class OrganizationActs(
    GetOrganization.Handler organizations,
    OrganizationFigures figures,
    DeactivateOrganization.Handler deactivate,
    ReactivateOrganization.Handler reactivate,
    MessageCatalog texts
)
{
    public const string Deactivate = "deactivate";
    public const string Reactivate = "reactivate";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.organization.act.";

    private static readonly string[] All = [Deactivate, Reactivate];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        foreach (var act in All)
        {
            var path = OrganizationsPages.Path + "/{id:guid}/" + act;
            pages
                .MapGet(path, (Guid id, OrganizationActs acts, HttpContext http) => acts.AskAsync(id, act, http))
                .RequirePermission(StructureArea.CreateOrganizations);
            pages
                .MapPost(path, (Guid id, OrganizationActs acts, HttpContext http) => acts.DoAsync(id, act, http))
                .RequirePermission(StructureArea.CreateOrganizations)
                .FormOfConfirmation();
        }
    }

    public static string PathOf(Guid id, string act) => $"{OrganizationPages.PathOf(id)}/{act}";

    private async Task<IResult> AskAsync(Guid id, string act, HttpContext http) =>
        await (await ConfirmationAsync(id, act, http)).Match(
            asked => http.ConfirmAsync(asked),
            error => Task.FromResult<IResult>(error.ToProblem())
        );

    private async Task<IResult> DoAsync(Guid id, string act, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, act, http);
        if (asked.Error is { } error)
            return error.ToProblem();
        return await http.ActAsync<OrganizationRow>(
            asked.Value,
            typed =>
                act == Deactivate
                    ? deactivate.HandleAsync(id, typed.Reason, http.Actor(), http.RequestAborted)
                    : reactivate.HandleAsync(id, http.Actor(), http.RequestAborted),
            row => Say(http, "page.console.organization.done." + act, ("name", row.Name))
        );
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Guid id, string act, HttpContext http)
    {
        var found = await organizations.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var row = found.Value;
        return new Confirmation
        {
            Question = Say(http, "page.console.organization.ask." + act),
            About =
            [
                new(Say(http, "page.console.organizations.name"), row.Name),
                new(Say(http, "page.console.organization.code"), row.Code),
                new(Say(http, "page.console.organization.id"), id.ToString()),
            ],
            Effects = act == Deactivate ? await LossesAsync(id, http) : [Say(http, "page.console.organization.effect.reactivate")],
            Act = Say(http, Text + act),
            Path = PathOf(id, act),
            Back = OrganizationPages.PathOf(id),
            Entry = OrganizationsPages.Path,
            AsksReason = act == Deactivate,
            AsksPassword = act == Deactivate,
        };
    }

    private async Task<IReadOnlyList<string>> LossesAsync(Guid id, HttpContext http)
    {
        var tenant = http.Actor().Tenant.Id;
        var summary = await figures.SummaryAsync(tenant, id, http.RequestAborted);
        var lost = await figures.MembersOfNothingElseAsync(tenant, id, http.RequestAborted);
        return
        [
            Count(http, "page.console.organization.effect-members", summary.Members),
            .. lost > 0 ? [Count(http, "page.console.organization.effect-locked-out", lost)] : Array.Empty<string>(),
            Say(http, "page.console.organization.effect.deactivate"),
        ];
    }

    // Nothing is counted further than that.
    private string Count(HttpContext http, string key, long count) =>
        count > OrganizationFigures.MaxCounted
            ? Say(http, key + "-many", ("count", OrganizationFigures.MaxCounted))
            : Say(http, key, ("count", count));

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
