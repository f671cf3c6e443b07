namespace Gatehouse.Contracts.Events;

/// <summary>The topics events travel on. Within one topic, events of one key arrive in order.</summary>
public static class Topics
{
    /// <summary>Changes to user accounts; keyed by the user's id.</summary>
    public const string Users = "gatehouse.users";

    /// <summary>Changes to tenants; keyed by the tenant's id.</summary>
    public const string Tenants = "gatehouse.tenants";

    /// <summary>Tenants' organizations, roles and memberships; keyed by the organization's id, or by the user's.</summary>
    public const string Organizations = "gatehouse.organizations";

    /// <summary>Messages and their outcomes; keyed by the user's id, or by the registration's id while it is pending.</summary>
    public const string Notifications = "gatehouse.notifications";

    /// <summary>Sign-ins, sessions and credentials; keyed by the user's id.</summary>
    public const string Security = "gatehouse.security";

    /// <summary>What processes of one installation report for the audit; keyed by the user's id, or by the tenant's.</summary>
    public const string Audit = "gatehouse.audit";
}
