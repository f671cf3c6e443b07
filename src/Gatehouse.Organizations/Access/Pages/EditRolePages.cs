using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Access;

/// <summary>The form in which an own role is changed. It shows what saving will change, and for how many, before it saves.</summary>
internal sealed class EditRolePages(
    GetRole.Handler roles,
    UpdateRole.Handler update,
    RoleHolders holders,
    OrganizationCodes organizations,
    MessageCatalog texts
)
{
    public const string Suffix = "/edit";

    private const string Route = RolesPages.Path + "/{id:guid}" + Suffix;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(Route, (Guid id, EditRolePages edit, HttpContext http) => edit.ShowAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles);
        pages
            .MapPost(Route, (Guid id, EditRolePages edit, HttpContext http) => edit.SubmitAsync(id, http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .FormOfItself(RoleForm.Fields)
            .RequireFresh();
    }

    private async Task<IResult> ShowAsync(Guid id, HttpContext http)
    {
        var found = await FindAsync(id, http);
        if (found.Error is { } error)
            return error.ToProblem();
        var kept = RoleForm.Of(http.TakeDraft(http.Request.Path, RoleForm.Fields.Count));
        return Form(http, found.Value, kept ?? RoleForm.Of(found.Value.View));
    }

    private async Task<IResult> SubmitAsync(Guid id, HttpContext http)
    {
        var found = await FindAsync(id, http);
        if (found.Error is { } error)
            return error.ToProblem();
        var role = found.Value;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = RoleForm.Of(form);
        var version = form["version"].ToString();
        return form[ReviewRolePage.Step].ToString() switch
        {
            ReviewRolePage.Again => Form(http, role, typed),
            ReviewRolePage.Save => await SaveAsync(http, role, typed, version),
            _ => await ReviewAsync(http, role, typed, version),
        };
    }

    private async Task<IResult> SaveAsync(HttpContext http, EditedRole role, RoleForm typed, string version)
    {
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var request = new UpdateRole.Request { Labels = typed.AllLabels(role.View.Labels), Permissions = typed.Permissions };
        var outcome = await update.HandleAsync(role.Row.Id, Input.Of(request), expected, http.Actor(), http.RequestAborted);
        return outcome.Error is { } rejection
            ? Form(http, role, typed, rejection)
            : http.Tell(
                texts.Text("page.console.role.saved", http.Language(), TextInput.Limits(("name", role.View.Name))),
                RolePages.PathOf(role.Row.Id)
            );
    }

    private async Task<IResult> ReviewAsync(HttpContext http, EditedRole role, RoleForm typed, string version)
    {
        if (Reject(role, typed, http) is { } rejection)
            return Form(http, role, typed, rejection);
        var actor = http.Actor();
        var count = await holders.CountAsync(role.Row.Id, actor, http.RequestAborted);
        var change = RoleChange.Of(role.View, typed, role.Known, count, http);
        if (change.IsEmpty)
            return Form(http, role, typed, isUnchanged: true);
        return http.Page<ReviewRolePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ReviewRolePage.Title)] = texts.Text(
                    "page.console.role.edit-title",
                    http.Language(),
                    TextInput.Limits(("name", role.View.Label(http.Language())))
                ),
                [nameof(ReviewRolePage.Path)] = RolePages.PathOf(role.Row.Id) + Suffix,
                [nameof(ReviewRolePage.Back)] = RolePages.PathOf(role.Row.Id),
                // What was never named cannot be changed either.
                [nameof(ReviewRolePage.Form)] = typed with
                {
                    Name = role.View.Name,
                },
                [nameof(ReviewRolePage.Change)] = change,
                [nameof(ReviewRolePage.Version)] = version,
                [nameof(ReviewRolePage.Home)] = await organizations.NameAsync(role.Row.Where, actor, http.RequestAborted),
            }
        );
    }

    // As saving will; the permissions may still change until then.
    private static Error? Reject(EditedRole role, RoleForm typed, HttpContext http)
    {
        var errors = new ValidationErrors();
        RoleInput.ParseLabels(typed.AllLabels(role.View.Labels), "labels", errors);
        RoleInput.Check(
            RoleInput.ParsePermissions(typed.Permissions, RoleForm.PermissionsField, errors),
            role.Row.Level,
            role.Known,
            errors
        );
        return errors.Any
            ? RequestErrors.InvalidWith(errors)
            : RoleRules.Check(role.Row.Where, typed.Permissions.ToHashSet(StringComparer.Ordinal), http.Actor().RequiredAccess);
    }

    private static RazorComponentResult Form(
        HttpContext http,
        EditedRole role,
        RoleForm typed,
        Error? error = null,
        bool isUnchanged = false
    ) =>
        http.Page<EditRolePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EditRolePage.Role)] = role.View,
                [nameof(EditRolePage.Version)] = role.Row.Version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                [nameof(EditRolePage.Form)] = typed,
                [nameof(EditRolePage.Offer)] = RoleOffer.Of(
                    role.Known,
                    role.Known.HeldAt(role.Row.Level),
                    http.Actor().RequiredAccess.In(role.Row.Where),
                    http
                ),
                [nameof(EditRolePage.IsUnchanged)] = isUnchanged,
                [nameof(EditRolePage.Error)] = error,
            },
            error
        );

    // An own role that the actor may change; of others the page of the role says why not.
    private async Task<Outcome<EditedRole>> FindAsync(Guid id, HttpContext http)
    {
        var actor = http.Actor();
        var found = await roles.HandleAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        if (found.Value.Own is not { } row)
            return RoleErrors.BuiltIn;
        return RoleRules.Check(row.Where, row.ToRole(found.Value.Known).Permissions, actor.RequiredAccess) is { } rejection
            ? rejection
            : new EditedRole(row, found.Value.Known);
    }

    private sealed record EditedRole(RoleRow Row, PermissionSet Known)
    {
        public RoleView View { get; } = RoleViews.View(Row, Known);
    }
}
