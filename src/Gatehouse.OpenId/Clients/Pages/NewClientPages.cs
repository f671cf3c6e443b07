using System.Globalization;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>The form that makes a service account; its first secret is shown on the page it leads to, once.</summary>
internal sealed class NewClientPages(CreateClient.Handler create, IPermissionDirectory permissions, MessageCatalog texts)
{
    public const string Path = ClientsPages.Path + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (NewClientPages create, HttpContext http) =>
                    create.ShowAsync(http, ClientForm.Of(http.TakeDraft(Path, ClientForm.Fields.Count)) ?? new ClientForm(), error: null)
            )
            .RequirePermission(ClientsArea.WriteClients);
        pages
            .MapPost(Path, (NewClientPages create, HttpContext http) => create.CreateAsync(http))
            .RequirePermission(ClientsArea.WriteClients)
            .FormOfItself(ClientForm.Fields)
            .RequireFresh()
            .Once();
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var typed = ClientForm.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var organization = await typed.OrganizationAsync(http);
        if (organization.Error is { } unknown)
            return await ShowAsync(http, typed, unknown);
        var request = new CreateClient.Request
        {
            Name = typed.Name,
            Scopes = typed.Scopes,
            OrganizationId = organization.Value?.ToString(),
            Platform = typed.IsPlatform,
            SecretDays = typed.SignIn is { SignsIn: true, Public: true } ? null : SecretDays.Parse(typed.Days),
            SignIn = typed.SignIn.Input(stored: null),
            Resources = SignInForm.Lines(typed.Resources),
        };
        var outcome = await create.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await ShowAsync(http, typed, error);
        var row = outcome.Value.Client.Row;
        if (outcome.Value.Secret is { } secret)
            ShownSecret.Keep(http, row.Id, secret.Secret.Text);
        return http.Tell(texts.Say(http, "page.console.clients.created-one", ("name", row.Name)), ClientPages.PathOf(row.Id));
    }

    private async Task<IResult> ShowAsync(HttpContext http, ClientForm typed, Error? error) =>
        http.Page<NewClientPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(NewClientPage.Form)] = typed,
                [nameof(NewClientPage.Offered)] = await ClientForm.OfferAsync(permissions, row: null, http),
                [nameof(NewClientPage.Hits)] = error is null ? [] : await typed.HitsAsync(http),
                [nameof(NewClientPage.Error)] = ClientForm.AtFields(error),
            },
            error
        );
}

/// <summary>How long a secret lives, as forms offer it.</summary>
internal static class SecretDays
{
    private static readonly IReadOnlyList<int> Offered = [30, 90, 180, 365, ClientInput.MaxSecretDays];

    public static IReadOnlyList<(string Value, string Name)> Options(HttpContext http, MessageCatalog texts) =>
        [
            ("", texts.Say(http, "page.console.clients.never-expires")),
            .. Offered.Select(days => (Text(days), texts.Say(http, "page.console.clients.days", ("count", days)))),
        ];

    /// <summary>Null for never; what was made up is out of range.</summary>
    public static int? Parse(string chosen) =>
        chosen.Length == 0 ? null
        : int.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days
        : 0;

    private static string Text(int days) => days.ToString(CultureInfo.InvariantCulture);
}
