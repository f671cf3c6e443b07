using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Server.Seeding;

/// <summary>Plans own roles. What the file leaves out of an existing one (labels, permissions) stays.</summary>
internal static class RoleSeeds
{
    /// <param name="organization">The code of the organization whose roles they are; null for those of the tenant.</param>
    public static void Plan(SeedPlan plan, TenantContext tenant, string path, IReadOnlyList<SeedRole>? roles, string? organization)
    {
        foreach (var (place, wanted) in plan.Distinct(path, roles, role => role.Name))
        {
            var level = organization is null ? AccessLevel.Tenant : AccessLevel.Organization;
            if (plan.Parse(place, errors => Parse(wanted, level, tenant.Permissions, errors)) is not { } role)
                continue;
            var home = organization is null ? null : tenant.OrganizationId(organization);
            if (IsTaken(tenant, role.Name!, organization))
                plan.Reject(place, RoleErrors.NameTaken);
            else if (
                tenant.Snapshot.Roles.FirstOrDefault(r =>
                    r.Name == role.Name && (organization is null ? r.Where is null : home is not null && r.Where == home)
                ) is
                { } stored
            )
            {
                PlanChange(plan, tenant, place, role, stored);
                PlanRegistration(plan, tenant, place, role, stored, organization);
            }
            else
            {
                PlanCreation(plan, tenant, place, role, organization);
                PlanRegistration(plan, tenant, place, role, stored: null, organization);
            }
        }
    }

    private static SeedRole? Parse(SeedRole wanted, AccessLevel level, PermissionSet known, ValidationErrors errors)
    {
        var name = RoleInput.ParseName(wanted.Name, "name", errors);
        var labels = RoleInput.ParseLabels(wanted.Labels, "labels", errors);
        var permissions = RoleInput.ParsePermissions(wanted.Permissions, "permissions", errors);
        RoleInput.Check(permissions, level, known, errors);
        return errors.Any
            ? null
            : new SeedRole
            {
                Name = name,
                Labels = wanted.Labels is null ? null : labels,
                Permissions = wanted.Permissions is null ? null : permissions,
                Registration = wanted.Registration,
            };
    }

    // As SetRoleRegistration will, once all roles are there.
    private static void PlanRegistration(
        SeedPlan plan,
        TenantContext tenant,
        string place,
        SeedRole role,
        RoleRow? stored,
        string? organization
    )
    {
        if (role.Registration is not { } request)
            return;
        var path = place + ".registration";
        if (plan.Parse(path, errors => RoleRegistrationInput.Parse(request, errors)) is not { } wanted)
            return;
        var before = RoleRegistrationView.Of(
            tenant.Snapshot.Registrations.GetValueOrDefault(stored?.Id ?? Guid.Empty) ?? new RoleRegistrationRow()
        );
        var isOpen = wanted.State == RoleRegistrationRow.Open;
        if (isOpen && organization is not null)
            plan.Reject(path, AccessErrors.WrongLevel);
        else if (isOpen && (role.Permissions ?? stored?.Permissions ?? []).Any(tenant.IsDeclared))
            plan.Reject(path, RoleErrors.Privileged);
        else if (!RoleRegistrationInput.Same(before, wanted))
            plan.Add(
                path,
                $"~ registration for the role {role.Name}: {wanted.State}",
                async (run, stop) =>
                {
                    var home = organization is null ? (Guid?)null : await run.OrganizationAsync(tenant.Name, organization, stop);
                    var id = await run.RoleAsync(tenant.Name, role.Name!, home, stop);
                    var actor = await run.OperatorAsync(tenant.Name, stop);
                    var handler = run.Get<SetRoleRegistration.Handler>();
                    return (await handler.HandleAsync(id, Input.Of(request), StringValues.Empty, actor, stop)).Error;
                }
            );
    }

    // No name means two roles in one place (CreateRole).
    private static bool IsTaken(TenantContext tenant, string name, string? organization) =>
        organization is null
            ? tenant.Snapshot.Roles.Any(r => r.Name == name && r.Where is not null)
                || tenant.Wanted.Organizations?.Any(o => o.Roles?.Any(r => r.Name == name) == true) == true
            : tenant.Snapshot.Roles.Any(r => r.Name == name && r.Where is null) || tenant.Wanted.Roles?.Any(r => r.Name == name) == true;

    private static void PlanCreation(SeedPlan plan, TenantContext tenant, string place, SeedRole role, string? organization) =>
        plan.Add(
            place,
            organization is null ? $"+ role {role.Name}" : $"+ role {role.Name} of the organization {organization}",
            async (run, stop) =>
            {
                var home = organization is null ? (Guid?)null : await run.OrganizationAsync(tenant.Name, organization, stop);
                var request = new CreateRole.Request
                {
                    Name = role.Name,
                    Labels = role.Labels,
                    Permissions = role.Permissions,
                    OrganizationId = home?.ToString(),
                };
                var actor = await run.OperatorAsync(tenant.Name, stop);
                return (await run.Get<CreateRole.Handler>().HandleAsync(Input.Of(request), actor, stop)).Error;
            }
        );

    private static void PlanChange(SeedPlan plan, TenantContext tenant, string place, SeedRole role, RoleRow stored)
    {
        var changes = new List<string>();
        if (role.Labels is { } labels && !Same(labels, RoleViews.Labels(stored)))
            changes.Add("labels");
        changes.AddRange((role.Permissions ?? stored.Permissions).Except(stored.Permissions, StringComparer.Ordinal).Select(p => "+" + p));
        changes.AddRange(stored.Permissions.Except(role.Permissions ?? stored.Permissions, StringComparer.Ordinal).Select(p => "-" + p));
        if (changes.Count == 0)
            return;
        plan.Add(
            place,
            $"~ role {role.Name}: {string.Join(' ', changes)}",
            async (run, stop) =>
            {
                var request = new UpdateRole.Request { Labels = role.Labels, Permissions = role.Permissions };
                var actor = await run.OperatorAsync(tenant.Name, stop);
                var handler = run.Get<UpdateRole.Handler>();
                return (await handler.HandleAsync(stored.Id, Input.Of(request), StringValues.Empty, actor, stop)).Error;
            }
        );
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(label => other.TryGetValue(label.Key, out var text) && text == label.Value);
}
