using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Settings;

/// <summary>The terms of service of the tenant.</summary>
internal static class TenantTermsPages
{
    public const string Path = "/admin/terms";
    public const string VersionField = "version";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.terms",
        Group = ConsoleGroup.System,
        Permission = SettingsArea.WriteSettings,
        InWholeTenant = true,
        Order = 13,
    };

    public static readonly IReadOnlyList<string> Fields = [VersionField, .. Languages.All.Select(LinkField)];

    public static string LinkField(string language) => "links." + language;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, OpenAsync).RequirePermission(SettingsArea.WriteSettings);
        pages.MapPost(Path, SaveAsync).RequirePermission(SettingsArea.WriteSettings).FormOfItself(Fields);
    }

    private static async Task<IResult> OpenAsync(GetTenantTerms.Handler terms, HttpContext http)
    {
        var kept = http.TakeDraft(Path, Fields.Count);
        var stored = await terms.HandleAsync(http.Actor().Tenant.Id, http.Actor(), http.RequestAborted);
        return stored.ToResult(view => Show(http, kept is null ? view : Of(kept), error: null));
    }

    private static async Task<IResult> SaveAsync(SetTenantTerms.Handler terms, MessageCatalog texts, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = Of([.. Fields.Select(field => form[field].ToString())]);
        var request = new SetTenantTerms.Request { Version = typed.Version, Links = typed.Links };
        var outcome = await terms.HandleAsync(http.Actor().Tenant.Id, Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? Show(http, typed, error)
            : http.Tell(texts.Text("page.console.terms.saved", http.Language()), Path);
    }

    private static TermsView Of(IReadOnlyList<string> fields) =>
        new()
        {
            Version = fields[0],
            Links = Languages
                .All.Index()
                .Where(one => !string.IsNullOrWhiteSpace(fields[one.Index + 1]))
                .ToDictionary(one => one.Item, one => fields[one.Index + 1].Trim(), StringComparer.Ordinal),
        };

    private static RazorComponentResult Show(HttpContext http, TermsView terms, Error? error) =>
        http.Page<TermsForm>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(TermsForm.Terms)] = terms,
                [nameof(TermsForm.Error)] = error,
            },
            error
        );
}
