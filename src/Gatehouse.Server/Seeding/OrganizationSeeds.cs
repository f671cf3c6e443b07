using Gatehouse.Core.Results;
using Gatehouse.Organizations.Placement;
using Gatehouse.Organizations.Structure;
using Gatehouse.Organizations.Tenants;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Server.Seeding;

/// <summary>Plans organizations, their domains, codes, relations and own roles.</summary>
internal static class OrganizationSeeds
{
    public static void Plan(SeedPlan plan, TenantContext tenant)
    {
        var organizations = plan.Distinct($"{tenant.Path}.organizations", tenant.Wanted.Organizations, o => o.Code).ToList();
        // All of them first: relations name each other.
        foreach (var (path, wanted) in organizations)
            PlanItself(plan, tenant, path, wanted);
        var domains = new Dictionary<string, string>(StringComparer.Ordinal);
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, wanted) in organizations.Where(o => o.Item.Code is not null))
        {
            PlanDomains(plan, tenant, path, wanted, domains);
            PlanCodes(plan, tenant, path, wanted, codes);
            PlanRelations(plan, tenant, path, wanted);
            RoleSeeds.Plan(plan, tenant, $"{path}.roles", wanted.Roles, wanted.Code);
        }
    }

    private static void PlanItself(SeedPlan plan, TenantContext tenant, string path, SeedOrganization wanted)
    {
        var (code, name, description) = plan.Parse(
            path,
            errors =>
                (
                    OrganizationTexts.ParseCode(wanted.Code, "code", errors),
                    OrganizationTexts.ParseName(wanted.Name, "name", errors),
                    wanted.Description is null ? null : OrganizationTexts.ParseDescription(wanted.Description, "description", errors)
                )
        );
        if (code is null || name is null)
            return;
        var stored = tenant.Snapshot.Organizations.GetValueOrDefault(code);
        var isFirst = tenant.Stored is null && code == CreateTenant.FirstOrganization;
        if (stored is null && !isFirst)
            plan.Add(
                path,
                $"+ organization {code} ({name})",
                async (run, stop) =>
                {
                    var request = new CreateOrganization.Request
                    {
                        Code = code,
                        Name = name,
                        Description = description,
                    };
                    var actor = await run.OperatorAsync(tenant.Name, stop);
                    return (await run.Get<CreateOrganization.Handler>().HandleAsync(Input.Of(request), actor, stop)).Error;
                }
            );
        else if (stored is null || stored.Name != name || (description is not null && stored.Description != description))
            plan.Add(
                path,
                $"~ organization {code} ({name})",
                async (run, stop) =>
                {
                    var request = new UpdateOrganization.Request { Name = name, Description = description };
                    var id = await run.OrganizationAsync(tenant.Name, code, stop);
                    var actor = await run.OperatorAsync(tenant.Name, stop);
                    var handler = run.Get<UpdateOrganization.Handler>();
                    return (await handler.HandleAsync(id, Input.Of(request), StringValues.Empty, actor, stop)).Error;
                }
            );
    }

    private static void PlanDomains(
        SeedPlan plan,
        TenantContext tenant,
        string path,
        SeedOrganization wanted,
        Dictionary<string, string> others
    )
    {
        foreach (var (place, input) in plan.Distinct($"{path}.emailDomains", wanted.EmailDomains, domain => domain))
        {
            if (plan.Parse(place, errors => PlacementInput.ParseDomain(input, "", errors)) is not { } domain)
                continue;
            var owner = tenant.Snapshot.EmailDomains.TryGetValue(domain, out var id) ? id : (Guid?)null;
            if (!others.TryAdd(domain, wanted.Code!) || (owner is not null && owner != tenant.OrganizationId(wanted.Code!)))
                plan.Reject(place, PlacementErrors.DomainTaken);
            else if (owner is null)
                plan.Add(
                    place,
                    $"+ e-mail domain {domain} of the organization {wanted.Code}",
                    async (run, stop) =>
                    {
                        var home = await run.OrganizationAsync(tenant.Name, wanted.Code!, stop);
                        var actor = await run.OperatorAsync(tenant.Name, stop);
                        var request = new AddEmailDomain.Request { Domain = domain };
                        return (await run.Get<AddEmailDomain.Handler>().HandleAsync(home, Input.Of(request), actor, stop)).Error;
                    }
                );
        }
    }

    private static void PlanCodes(
        SeedPlan plan,
        TenantContext tenant,
        string path,
        SeedOrganization wanted,
        Dictionary<string, string> others
    )
    {
        foreach (var (place, input) in plan.Distinct($"{path}.registrationCodes", wanted.RegistrationCodes, code => code))
        {
            if (plan.Parse(place, errors => PlacementInput.ParseCode(input, "", errors)) is not { } code)
                continue;
            var owner = tenant.Snapshot.RegistrationCodes.TryGetValue(code, out var id) ? id : (Guid?)null;
            if (!others.TryAdd(code, wanted.Code!) || (owner is not null && owner != tenant.OrganizationId(wanted.Code!)))
                plan.Reject(place, PlacementErrors.RegistrationCodeTaken);
            else if (owner is null)
                plan.Add(
                    place,
                    $"+ registration code {code} of the organization {wanted.Code}",
                    async (run, stop) =>
                    {
                        var home = await run.OrganizationAsync(tenant.Name, wanted.Code!, stop);
                        var actor = await run.OperatorAsync(tenant.Name, stop);
                        var request = new AddRegistrationCode.Request { Code = code };
                        return (await run.Get<AddRegistrationCode.Handler>().HandleAsync(home, Input.Of(request), actor, stop)).Error;
                    }
                );
        }
    }

    private static void PlanRelations(SeedPlan plan, TenantContext tenant, string path, SeedOrganization wanted)
    {
        foreach (var (place, other) in plan.Distinct($"{path}.related", wanted.Related, code => code))
        {
            if (other == wanted.Code)
                plan.Reject(place, StructureErrors.RelatedToItself);
            else if (!tenant.HasOrganization(other))
                plan.Reject(place, $"There is no organization {other}.");
            else if (IsNew(tenant, wanted, other))
                plan.Add(
                    place,
                    $"+ relation of the organizations {wanted.Code} and {other}",
                    async (run, stop) =>
                    {
                        var one = await run.OrganizationAsync(tenant.Name, wanted.Code!, stop);
                        var two = await run.OrganizationAsync(tenant.Name, other, stop);
                        var actor = await run.OperatorAsync(tenant.Name, stop);
                        return (await run.Get<RelateOrganizations.Handler>().HandleAsync(one, two, actor, stop)).Error;
                    }
                );
        }
    }

    // A pair that both sides name is one relation: of the side that comes first.
    private static bool IsNew(TenantContext tenant, SeedOrganization wanted, string other)
    {
        var (one, two) = (tenant.OrganizationId(wanted.Code!), tenant.OrganizationId(other));
        if (one is not null && two is not null && tenant.Snapshot.Related.Contains((one.Value, two.Value)))
            return false;
        var all = tenant.Wanted.Organizations!;
        return !all.TakeWhile(o => o != wanted)
            .Any(o => o.Code == other && o.Related?.Contains(wanted.Code, StringComparer.Ordinal) == true);
    }
}
