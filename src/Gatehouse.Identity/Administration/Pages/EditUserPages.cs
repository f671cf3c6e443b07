using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Identity.Administration;

/// <summary>The form in which an administrator changes a user's details.</summary>
internal static class EditUserPages
{
    public const string Suffix = "/edit";

    private const string Route = UsersPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Route,
                (Guid id, ManagedUsers users, HttpContext http) =>
                    ShowAsync(id, users, http, ProfileForm.Of(http.TakeDraft(http.Request.Path, ProfileForm.Fields.Count)), error: null)
            )
            .RequirePermissionSomewhere(AdministrationArea.WriteUsers);
        pages.MapPost(Route, SaveAsync).RequirePermissionSomewhere(AdministrationArea.WriteUsers).FormOfItself(ProfileForm.Fields);
    }

    private static async Task<IResult> SaveAsync(
        Guid id,
        ManagedUsers users,
        UpdateUser.Handler handler,
        MessageCatalog texts,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = ProfileForm.Of([.. ProfileForm.Fields.Select(field => form[field].ToString())])!;
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var outcome = await handler.HandleAsync(id, Input.Of(typed.Request()), expected, http.Actor(), http.RequestAborted);
        return outcome.Error is { } error
            ? await ShowAsync(id, users, http, typed, ProfileForm.InOneField(error))
            : http.Tell(
                texts.Text("page.console.user.saved", http.Language(), TextInput.Limits(("name", outcome.Value.Name))),
                UserPages.PathOf(id)
            );
    }

    private static async Task<IResult> ShowAsync(Guid id, ManagedUsers users, HttpContext http, ProfileForm? typed, Error? error)
    {
        var found = await users.FindAsync(id, http.Actor(), http.RequestAborted);
        return found.ToResult(user =>
            http.Page<EditUserPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(EditUserPage.User)] = user,
                    [nameof(EditUserPage.Form)] = typed ?? ProfileForm.Of(user),
                    [nameof(EditUserPage.Error)] = error,
                },
                error
            )
        );
    }
}
