using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>The pages that ask before a tenant is disabled or enabled.</summary>
internal sealed class TenantActs(GetTenant.Handler tenants, SetTenantState.Handler set, MessageCatalog texts) : IConsoleActs
{
    public const string Disable = "disable";
    public const string Enable = "enable";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.tenant.act.";

    private static readonly string[] All = [Disable, Enable];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapActs<TenantActs>(TenantsPages.Path, All, page => page.RequirePermission(TenantsArea.WriteTenants));

    public static string PathOf(Guid id, string act) => $"{TenantPages.PathOf(id)}/{act}";

    public async Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http)
    {
        var state = act == Disable ? TenantRow.Disabled : TenantRow.Active;
        return await http.ActAsync(
            asked,
            _ => set.HandleAsync(id, state, http.Actor(), http.RequestAborted),
            done => texts.Say(http, "page.console.tenant.done." + act, ("name", done.View.DisplayName))
        );
    }

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var found = await tenants.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var view = found.Value.View;
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.tenant.ask." + act),
            About =
            [
                new(texts.Say(http, "page.console.tenants.display-name"), view.DisplayName),
                new(texts.Say(http, "page.console.tenants.name"), view.Name),
                new(texts.Say(http, "page.console.organization.id"), id.ToString()),
            ],
            Effects = [texts.Say(http, "page.console.tenant.effect." + act)],
            Act = texts.Say(http, Text + act),
            Path = PathOf(id, act),
            Back = TenantPages.PathOf(id),
            Entry = TenantsPages.Path,
            AsksPassword = act == Disable,
        };
    }
}
