using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
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
) : IConsoleActs
{
    public const string Deactivate = "deactivate";
    public const string Reactivate = "reactivate";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.organization.act.";

    private static readonly string[] All = [Deactivate, Reactivate];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapActs<OrganizationActs>(OrganizationsPages.Path, All, page => page.RequirePermission(StructureArea.CreateOrganizations));

    public static string PathOf(Guid id, string act) => $"{OrganizationPages.PathOf(id)}/{act}";

    public async Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http)
    {
        return await http.ActAsync<OrganizationRow>(
            asked,
            typed =>
                act == Deactivate
                    ? deactivate.HandleAsync(id, typed.Reason, http.Actor(), http.RequestAborted)
                    : reactivate.HandleAsync(id, http.Actor(), http.RequestAborted),
            row => texts.Say(http, "page.console.organization.done." + act, ("name", row.Name))
        );
    }

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var found = await organizations.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var row = found.Value;
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.organization.ask." + act),
            About =
            [
                new(texts.Say(http, "page.console.organizations.name"), row.Name),
                new(texts.Say(http, "page.console.organization.code"), row.Code),
                new(texts.Say(http, "page.console.organization.id"), id.ToString()),
            ],
            Effects = act == Deactivate ? await LossesAsync(id, http) : [texts.Say(http, "page.console.organization.effect.reactivate")],
            Act = texts.Say(http, Text + act),
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
            texts.Say(http, "page.console.organization.effect.deactivate"),
        ];
    }

    // Nothing is counted further than that.
    private string Count(HttpContext http, string key, long count) =>
        count > OrganizationFigures.MaxCounted
            ? texts.Say(http, key + "-many", ("count", OrganizationFigures.MaxCounted))
            : texts.Say(http, key, ("count", count));
}
