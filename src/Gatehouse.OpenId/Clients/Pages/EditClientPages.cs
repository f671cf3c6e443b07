using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.OpenId.Clients;

/// <summary>The form that changes name, scopes and organization of a service account.</summary>
internal sealed class EditClientPages(
    GetClient.Handler clients,
    UpdateClient.Handler update,
    IPermissionDirectory permissions,
    MessageCatalog texts
)
{
    public const string Suffix = "/edit";

    private const string Route = ClientsPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, EditClientPages edit, HttpContext http) =>
                    edit.ShowAsync(id, http, ClientForm.Of(http.TakeDraft(http.Request.Path, ClientForm.Fields.Count)), error: null)
            )
            .RequirePermission(ClientsArea.WriteClients);
        pages
            .MapPost(Route, (Guid id, EditClientPages edit, HttpContext http) => edit.SaveAsync(id, http))
            .RequirePermission(ClientsArea.WriteClients)
            .FormOfItself(ClientForm.Fields)
            .RequireFresh();
    }

    private async Task<IResult> SaveAsync(Guid id, HttpContext http)
    {
        var found = await clients.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } gone)
            return gone.ToProblem();
        var row = found.Value.Row;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = ClientForm.Of(form);
        var organization = await typed.OrganizationAsync(http);
        if (organization.Error is { } unknown)
            return await ShowAsync(id, http, typed, unknown);
        var version = form["version"].ToString();
        var request = new UpdateClient.Request
        {
            Name = typed.Name,
            // What stays as it is need not be possible any more.
            Scopes = typed.Scopes.ToHashSet(StringComparer.Ordinal).SetEquals(row.Scopes) ? null : typed.Scopes,
            OrganizationId = organization.Value == row.Where ? null : organization.Value?.ToString() ?? "",
            SignIn = typed.SignIn.Input(row.SignIn),
            Resources = SignInForm.Lines(typed.Resources),
        };
        var outcome = await update.HandleAsync(
            id,
            Input.Of(request),
            version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version)),
            http.Actor(),
            http.RequestAborted
        );
        return outcome.Error is { } error
            ? await ShowAsync(id, http, typed, error)
            : http.Tell(texts.Say(http, "page.console.client.saved", ("name", outcome.Value.Row.Name)), ClientPages.PathOf(id));
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http, ClientForm? typed, Error? error)
    {
        var found = await clients.HandleAsync(id, http.Actor(), http.RequestAborted);
        if (found.Error is { } gone)
            return gone.ToProblem();
        if (!ClientPages.MayChange(found.Value, http.Actor()))
            return ClientErrors.ExceedsOwnAccess.ToProblem();
        var row = found.Value.Row;
        return http.Page<EditClientPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EditClientPage.Client)] = found.Value.View,
                [nameof(EditClientPage.Version)] = row.Version,
                [nameof(EditClientPage.Form)] = typed ?? await ClientForm.OfAsync(row, http),
                [nameof(EditClientPage.Offered)] = await ClientForm.OfferAsync(permissions, row, http),
                [nameof(EditClientPage.Hits)] = typed is null || error is null ? [] : await typed.HitsAsync(http),
                [nameof(EditClientPage.Error)] = ClientForm.AtFields(error),
            },
            error
        );
    }
}
