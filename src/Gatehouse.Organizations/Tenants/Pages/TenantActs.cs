using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>The pages that ask before a tenant is disabled or enabled.</summary>
internal sealed class TenantActs(GetTenant.Handler tenants, SetTenantState.Handler set, MessageCatalog texts)
{
    public const string Disable = "disable";
    public const string Enable = "enable";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.tenant.act.";

    private static readonly string[] All = [Disable, Enable];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        foreach (var act in All)
        {
            var path = TenantsPages.Path + "/{id:guid}/" + act;
            pages
                .MapGet(path, (Guid id, TenantActs acts, HttpContext http) => acts.AskAsync(id, act, http))
                .RequirePermission(TenantsArea.WriteTenants);
            pages
                .MapPost(path, (Guid id, TenantActs acts, HttpContext http) => acts.DoAsync(id, act, http))
                .RequirePermission(TenantsArea.WriteTenants)
                .FormOfConfirmation();
        }
    }

    public static string PathOf(Guid id, string act) => $"{TenantPages.PathOf(id)}/{act}";

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
        var state = act == Disable ? TenantRow.Disabled : TenantRow.Active;
        return await http.ActAsync(
            asked.Value,
            _ => set.HandleAsync(id, state, http.Actor(), http.RequestAborted),
            done => Say(http, "page.console.tenant.done." + act, ("name", done.View.DisplayName))
        );
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Guid id, string act, HttpContext http)
    {
        var found = await tenants.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var view = found.Value.View;
        return new Confirmation
        {
            Question = Say(http, "page.console.tenant.ask." + act),
            About =
            [
                new(Say(http, "page.console.tenants.display-name"), view.DisplayName),
                new(Say(http, "page.console.tenants.name"), view.Name),
                new(Say(http, "page.console.organization.id"), id.ToString()),
            ],
            Effects = [Say(http, "page.console.tenant.effect." + act)],
            Act = Say(http, Text + act),
            Path = PathOf(id, act),
            Back = TenantPages.PathOf(id),
            Entry = TenantsPages.Path,
            AsksPassword = act == Disable,
        };
    }

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
