using System.Collections.ObjectModel;
using Gatehouse.Core.Actors;

namespace Gatehouse.Core.Auditing;

/// <summary>
/// What happened, for the audit: who, what, when (the transaction), where, result, reason. No secret and no readable contact data may stand
/// in it. It is written with the change it reports (<see cref="AuditRecording.Record"/>), or alone when a rejection changed nothing.
/// </summary>
/// <param name="TenantId">Whose audit it belongs to.</param>
/// <param name="Action">What was done or tried: <c>area.verb</c>, such as <c>session.started</c>. Permanent, like an event's type.</param>
public sealed record AuditRecord(Guid TenantId, string Action)
{
    /// <summary>Ends the name of a fact that says what another one was before.</summary>
    public const string BeforeSuffix = "-before";

    public const string Done = "done";
    public const string Refused = "refused";

    /// <summary>Who acted: the signed-in user or the client; null for somebody not signed in, and for the server itself.</summary>
    public Guid? Actor { get; init; }

    /// <summary>What acted: <c>person</c>, <c>client</c>, <c>operator</c> (a command), <c>anonymous</c> or <c>system</c>.</summary>
    public string ActorKind { get; init; } = "system";

    /// <summary>The user it happened to; null if none is known or the user does not exist yet.</summary>
    public Guid? Subject { get; init; }

    /// <summary>The session it belongs to. Ids of sessions are no secrets: a token's secret part stands nowhere.</summary>
    public Guid? Session { get; init; }

    /// <summary><see cref="Done"/> or <see cref="Refused"/>.</summary>
    public string Result { get; init; } = Done;

    /// <summary>The error code of a rejection, or why the server acted by itself.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it came from: the client's network, IPv4 to /24 and IPv6 to /48, never the whole address.</summary>
    public string? Network { get; init; }

    /// <summary>What the client calls itself, in a few words such as <c>Firefox on Linux</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Facts of this action by name (<c>method: password</c>). Values come from the program, never from what a user
    /// typed.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>A record of what a request did or tried.</summary>
    public static AuditRecord Of(Actor actor, string action) =>
        new(actor.Tenant.Id, action)
        {
            Actor = actor.Id,
            ActorKind =
                actor.IsOperator ? "operator"
                : actor.User is not null ? "person"
                : actor.ServiceAccount is not null ? "client"
                : "anonymous",
            Session = actor.User?.SessionId,
            Network = actor.Network,
            Device = actor.Device,
            Facts = actor.HomeTenantId is { } home
                ? new Dictionary<string, string>(StringComparer.Ordinal) { ["homeTenant"] = home.ToString() }
                : ReadOnlyDictionary<string, string>.Empty,
        };

    public AuditRecord RefusedWith(string code) => this with { Result = Refused, Reason = code };

    public AuditRecord WithFact(string name, string value) =>
        this with
        {
            Facts = new Dictionary<string, string>(Facts, StringComparer.Ordinal) { [name] = value },
        };

    /// <summary>A fact that may have been another one before, which is kept beside it where it was.</summary>
    public AuditRecord WithChange(string name, string before, string after) =>
        before == after ? WithFact(name, after) : WithFact(name, after).WithFact(name + BeforeSuffix, before);
}
