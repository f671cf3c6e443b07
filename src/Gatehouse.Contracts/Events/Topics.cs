namespace Gatehouse.Contracts.Events;

/// <summary>The topics events travel on. Within one topic, events of one key arrive in order.</summary>
public static class Topics
{
    /// <summary>What happened to users' accounts; keyed by the user's id.</summary>
    public const string Users = "gatehouse.users";

    /// <summary>What is to be sent and what became of it; keyed by the user's id, or by the registration's while it is pending.</summary>
    public const string Notifications = "gatehouse.notifications";

    /// <summary>Sign-ins, sessions and credentials; keyed by the user's id.</summary>
    public const string Security = "gatehouse.security";
}
