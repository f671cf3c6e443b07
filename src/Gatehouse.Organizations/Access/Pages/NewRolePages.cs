using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>The form that makes a role. It shows what the role will be before it makes it.</summary>
internal sealed class NewRolePages(
    CreateRole.Handler create,
    Database database,
    KnownPermissions permissions,
    OrganizationCodes organizations,
    MessageCatalog texts
)
{
    public const string Path = RolesPages.Path + "/new";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (NewRolePages create, HttpContext http) =>
                    create.FormAsync(http, RoleForm.Of(http.TakeDraft(Path, RoleForm.Fields.Count)) ?? new RoleForm(), error: null)
            )
            .RequirePermissionSomewhere(AccessArea.WriteRoles);
        pages
            .MapPost(Path, (NewRolePages create, HttpContext http) => create.SubmitAsync(http))
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .FormOfItself(RoleForm.Fields)
            .Once();
    }

    private async Task<IResult> SubmitAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = RoleForm.Of(form);
        var step = form[ReviewRolePage.Step].ToString();
        if (step == ReviewRolePage.Again)
            return await FormAsync(http, typed, error: null);
        var home = await HomeAsync(typed, http);
        if (home.Error is { } unknown)
            return await FormAsync(http, typed, unknown);
        return step == ReviewRolePage.Save
            ? await SaveAsync(http, typed, home.Value.Organization)
            : await ReviewAsync(http, typed, home.Value.Organization);
    }

    private async Task<IResult> SaveAsync(HttpContext http, RoleForm typed, OrganizationLink? home)
    {
        var request = new CreateRole.Request
        {
            Name = typed.Name,
            Labels = typed.AllLabels(stored: null),
            Permissions = typed.Permissions,
            OrganizationId = home?.Id.ToString(),
        };
        var outcome = await create.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } rejection
            ? await FormAsync(http, typed, rejection)
            : http.Tell(
                texts.Text("page.console.role.created-role", http.Language(), TextInput.Limits(("name", outcome.Value.Own!.Name))),
                RolePages.PathOf(outcome.Value.Own.Id)
            );
    }

    private async Task<IResult> ReviewAsync(HttpContext http, RoleForm typed, OrganizationLink? home)
    {
        var known = await KnownAsync(http.RequestAborted);
        if (Reject(typed, home, known, http.Actor()) is { } rejection)
            return await FormAsync(http, typed, rejection);
        return http.Page<ReviewRolePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ReviewRolePage.Title)] = texts.Text("page.console.roles.new", http.Language()),
                [nameof(ReviewRolePage.Path)] = Path,
                [nameof(ReviewRolePage.Back)] = RolesPages.Path,
                [nameof(ReviewRolePage.Form)] = typed,
                [nameof(ReviewRolePage.Change)] = RoleChange.Of(stored: null, typed, known, holders: 0, http),
                [nameof(ReviewRolePage.Home)] = home,
            }
        );
    }

    // As creating will; only whether the name is taken is asked then.
    private static Error? Reject(RoleForm typed, OrganizationLink? home, PermissionSet known, Actor actor)
    {
        var errors = new ValidationErrors();
        if (TextInput.IsBlank(typed.Name))
            errors.Add(RoleForm.NameField, RoleInput.NameMalformed);
        else
            RoleInput.ParseName(typed.Name, RoleForm.NameField, errors);
        RoleInput.ParseLabels(typed.AllLabels(stored: null), "labels", errors);
        var allowed = RoleInput.ParsePermissions(typed.Permissions, RoleForm.PermissionsField, errors);
        RoleInput.Check(allowed, home is null ? AccessLevel.Tenant : AccessLevel.Organization, known, errors);
        return errors.Any
            ? RequestErrors.InvalidWith(errors)
            : RoleRules.Check(home?.Id, allowed.ToHashSet(StringComparer.Ordinal), actor.RequiredAccess);
    }

    private async Task<Outcome<RoleHome>> HomeAsync(RoleForm typed, HttpContext http)
    {
        if (TextInput.IsBlank(typed.Organization))
        {
            if (http.Actor().RequiredAccess.Allows(AccessArea.WriteRoles.Name))
                return new RoleHome(Organization: null);
            var errors = new ValidationErrors();
            errors.Add(OrganizationCodes.Field, ValidationCodes.Required);
            return RequestErrors.InvalidWith(errors);
        }

        var found = await organizations.FindAsync(typed.Organization, AccessArea.WriteRoles, http.Actor(), http.RequestAborted);
        return found.Error is { } error ? error : new RoleHome(found.Value);
    }

    private async Task<IResult> FormAsync(HttpContext http, RoleForm typed, Error? error)
    {
        var access = http.Actor().RequiredAccess;
        var known = await KnownAsync(http.RequestAborted);
        var isForTenant = access.Allows(AccessArea.WriteRoles.Name);
        var held = isForTenant
            ? access.In(organization: null)
            : access
                .Grants.Where(grant => access.AllowsIn(grant.OrganizationId, AccessArea.WriteRoles.Name))
                .SelectMany(grant => grant.Permissions)
                .ToHashSet(StringComparer.Ordinal);
        return http.Page<NewRolePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(NewRolePage.Form)] = typed,
                [nameof(NewRolePage.Offer)] = RoleOffer.Of(
                    known,
                    known.HeldAt(isForTenant ? AccessLevel.Tenant : AccessLevel.Organization),
                    held,
                    http
                ),
                [nameof(NewRolePage.Suggested)] = await organizations.SuggestAsync(
                    AccessArea.WriteRoles,
                    http.Actor(),
                    http.RequestAborted
                ),
                [nameof(NewRolePage.Error)] = error.AtField(RoleForm.NameField, RoleErrors.NameTaken),
            },
            error
        );
    }

    private Task<PermissionSet> KnownAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(permissions.ReadAsync, cancellationToken);

    private sealed record RoleHome(OrganizationLink? Organization);
}
