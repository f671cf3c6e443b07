using Gatehouse.Contracts.Access;
using Gatehouse.Identity.Administration;

namespace Gatehouse.Tests.Identity.Administration;

public sealed class ChangeRulesTests
{
    private static readonly Guid School = new("0193b3a0-5c00-7a10-8f00-000000000001");
    private static readonly Guid Other = new("0193b3a0-5c00-7a10-8f00-000000000002");

    [Fact]
    public void Nobody_changes_a_user_who_may_do_more()
    {
        var tenant = Grants(AccessLevel.Tenant, organization: null, "users:write", "tenants:write");
        var less = Grants(AccessLevel.Tenant, organization: null, "users:write");
        var platform = Grants(AccessLevel.Platform, organization: null, "users:write");

        Assert.True(ChangeRules.MayChange(UserAccess.None, [School], less));
        Assert.True(ChangeRules.MayChange(less, [], tenant));
        Assert.False(ChangeRules.MayChange(tenant, [], less));
        // The same permissions, but in all tenants.
        Assert.False(ChangeRules.MayChange(platform, [], tenant));
        Assert.True(ChangeRules.MayChange(platform, [], platform));
        Assert.True(ChangeRules.MayChange(tenant, [], Grants(AccessLevel.Platform, null, "users:write", "tenants:write")));
    }

    [Fact]
    public void An_administrator_of_organizations_changes_users_of_these_only()
    {
        var head = Grants(AccessLevel.Organization, School, "users:write");

        Assert.True(ChangeRules.MayChange(UserAccess.None, [School], head));
        Assert.True(ChangeRules.MayChange(head, [School], head));
        Assert.False(ChangeRules.MayChange(UserAccess.None, [School, Other], head));
        // A role in the whole tenant is a membership of it.
        Assert.False(ChangeRules.MayChange(UserAccess.None, [School, Guid.Empty], head));
        Assert.False(ChangeRules.MayChange(Grants(AccessLevel.Organization, School, "roles:assign"), [School], head));
        Assert.False(ChangeRules.MayChange(UserAccess.None, [School], Grants(AccessLevel.Organization, School, "users:read")));
    }

    private static UserAccess Grants(AccessLevel level, Guid? organization, params string[] permissions) =>
        new([
            new RoleGrant
            {
                RoleId = Guid.Empty,
                Role = "some",
                Level = level,
                OrganizationId = organization,
                Permissions = permissions.ToHashSet(StringComparer.Ordinal),
            },
        ]);
}
