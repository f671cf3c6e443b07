using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;
using Gatehouse.Organizations.Data;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Server.Seeding;

/// <summary>Compares a file with what is stored, and plans what is missing.</summary>
internal sealed class Seeder(IServiceProvider services, CancellationToken cancellationToken)
{
    private readonly Database database = services.GetRequiredService<Database>();

    public async Task<SeedPlan> PlanAsync(Input<SeedFile> file)
    {
        var plan = new SeedPlan(services.GetRequiredService<MessageCatalog>());
        plan.Reject("", file.Errors.ToList());
        // What does not have its shape was left out: nothing more could be said of it.
        if (plan.Errors.Count > 0)
            return plan;

        var stored = await database.QueryAsync(PermissionRow.ListAsync, cancellationToken);
        var registered = PermissionSeeds.Plan(plan, file.Value, stored);
        var declared = services.GetRequiredService<PermissionCatalog>().All;
        var known = new PermissionSet(
            declared.Concat(registered.Where(row => declared.All(p => p.Name != row.Name)).Select(row => row.ToPermission()))
        );
        foreach (var (path, wanted) in plan.Distinct("tenants", file.Value.Tenants, tenant => tenant.Name))
            await PlanTenantAsync(plan, path, wanted, known);
        return plan;
    }

    /// <summary>Applies the steps in order, up to the first that is rejected.</summary>
    /// <returns>The rejection, in words; null if there was none.</returns>
    public async Task<string?> ApplyAsync(SeedPlan plan)
    {
        var first = await services.GetRequiredService<ITenantDirectory>().FindAsync(DefaultTenant.Id, cancellationToken);
        var run = new SeedRun(services, first!);
        foreach (var tenant in await TenantsAsync())
            run.Know(tenant);
        foreach (var step in plan.Steps)
        {
            if (await step.ApplyAsync(run, cancellationToken) is not { } error)
                continue;
            var rejected = new SeedPlan(services.GetRequiredService<MessageCatalog>());
            rejected.Reject(step.Path, error);
            return string.Join('\n', rejected.Errors);
        }

        return null;
    }

    private async Task<IReadOnlyList<Tenant>> TenantsAsync()
    {
        var rows = await database.QueryAsync(TenantRow.ListAsync, cancellationToken);
        return [.. rows.Where(row => row.Id != DefaultTenant.Id).Select(row => new Tenant(row.Id, row.Name, row.DisplayName))];
    }

    private async Task PlanTenantAsync(SeedPlan plan, string path, SeedTenant wanted, PermissionSet known)
    {
        var options = services.GetRequiredService<TenantOptions>();
        var (name, displayName) = plan.Parse(
            path,
            errors =>
                (
                    TenantName.Parse(wanted.Name, errors),
                    wanted.DisplayName is null ? null : TenantName.ParseDisplay(wanted.DisplayName, errors)
                )
        );
        if (name is null)
            return;
        var stored =
            name == options.Name ? new Tenant(DefaultTenant.Id, options.Name, options.DisplayName) : await FindAsync(plan, path, name);
        if (stored is null)
            PlanCreation(plan, path, name, displayName);
        else if (displayName is not null && displayName != stored.DisplayName)
            PlanNaming(plan, path, stored, displayName);

        var context = new TenantContext
        {
            Path = path,
            Name = name,
            Wanted = wanted,
            Stored = stored,
            Snapshot = stored is null
                ? TenantSnapshot.Empty
                : await database.QueryAsync(db => TenantSnapshot.ReadAsync(db, stored.Id), cancellationToken),
            Permissions = known,
            IsDeclared = services.GetRequiredService<KnownPermissions>().IsDeclared,
        };
        OrganizationSeeds.Plan(plan, context);
        RoleSeeds.Plan(plan, context, $"{path}.roles", wanted.Roles, organization: null);
        await new ClientSeeds(database, plan, context, cancellationToken).PlanAsync();
        var passwords = services.GetRequiredService<PasswordRules>();
        var users = new UserSeeds(database, services.GetRequiredService<BlindIndex>(), passwords, plan, context, cancellationToken);
        await users.PlanAsync();
    }

    private async Task<Tenant?> FindAsync(SeedPlan plan, string path, string name)
    {
        var row = await database.QueryAsync(db => TenantRow.FindByNameAsync(db, name), cancellationToken);
        if (row?.State == TenantRow.Disabled)
            plan.Reject(path, $"The tenant {name} is disabled.");
        return row is null ? null : new Tenant(row.Id, row.Name, row.DisplayName);
    }

    private static void PlanCreation(SeedPlan plan, string path, string name, string? displayName)
    {
        var request = new CreateTenant.Request { Name = name, DisplayName = displayName };
        if (displayName is null)
            plan.Reject($"{path}.displayName", "A new tenant needs one.");
        plan.Add(
            path,
            $"+ tenant {name} ({displayName})",
            async (run, stop) =>
            {
                var actor = await run.OperatorAsync(stop);
                var created = await run.Get<CreateTenant.Handler>().HandleAsync(Input.Of(request), actor, stop);
                if (created.Succeeded)
                    run.Know(new Tenant(created.Value.Id, created.Value.Name, created.Value.DisplayName));
                return created.Error;
            }
        );
    }

    private static void PlanNaming(SeedPlan plan, string path, Tenant stored, string displayName)
    {
        if (stored.Id == DefaultTenant.Id)
        {
            plan.Reject($"{path}.displayName", TenantsErrors.NamedBySettings);
            return;
        }

        plan.Add(
            path,
            $"~ tenant {stored.Name}: {displayName}",
            async (run, stop) =>
            {
                var request = new UpdateTenant.Request { DisplayName = displayName };
                var handler = run.Get<UpdateTenant.Handler>();
                var actor = await run.OperatorAsync(stop);
                return (await handler.HandleAsync(stored.Id, Input.Of(request), StringValues.Empty, actor, stop)).Error;
            }
        );
    }
}
