using System.ComponentModel;
using System.Text.Json;
using Gatehouse.Contracts.Access;
using Gatehouse.Web;

namespace Gatehouse.Audit.Data;

/// <summary>A user as records name it.</summary>
public sealed record RecordUser
{
    public required Guid Id { get; init; }

    [Description("Display name; null for a user that does not exist, was erased or belongs to another tenant.")]
    public required string? Name { get; init; }

    [Description("Username as typed; null if the user has none.")]
    public required string? Username { get; init; }
}

/// <summary>A record as administrators see it: all that is stored, and what it says in words.</summary>
public record RecordView
{
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    [Description("Stable name of the action for programs, such as role.assigned.")]
    public required string Action { get; init; }

    [Description("Description of the action for users, in the language of Accept-Language.")]
    public required string Text { get; init; }

    [Description("done or refused.")]
    public required string Result { get; init; }

    [Description("The error code of a rejected action, or the reason for the action.")]
    public required string? Reason { get; init; }

    [Description("person, client (a service account), anonymous (nobody was signed in), operator (a command) or system.")]
    public required string ActorKind { get; init; }

    [Description("The user or client that acted; null if it was neither.")]
    public required RecordUser? Actor { get; init; }

    [Description("The user it happened to; null if there is none.")]
    public required RecordUser? Subject { get; init; }

    [Description("The session it belongs to.")]
    public required Guid? SessionId { get; init; }

    [Description("The network it came from, IPv4 to /24 and IPv6 to /48.")]
    public required string? Network { get; init; }

    [Description("Program and system, such as Firefox on Linux.")]
    public required string? Device { get; init; }

    [Description("Facts of the action by name, such as role or organization.")]
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>The service account that one of the facts names.</summary>
    internal RecordUser? Client { get; init; }
}

/// <summary>Makes views of records: in words, and with the names of users and service accounts, which the audit does not have.</summary>
internal sealed class RecordViews(MessageCatalog texts, IUserDirectory? users = null, IServiceAccountNames? accounts = null)
{
    /// <summary>The kind of a service account that acted.</summary>
    public const string ClientKind = "client";

    /// <summary>The fact that names the service account something was done to.</summary>
    public const string ClientFact = "client";

    public async Task<IReadOnlyList<RecordView>> ShowAsync(
        IReadOnlyList<StoredRecord> records,
        string language,
        CancellationToken cancellationToken
    )
    {
        if (records.Count == 0)
            return [];
        var tenant = records[0].TenantId;
        var read = records.Select(record => (Record: record, Facts: Facts(record.Facts))).ToList();
        var names = new Names
        {
            Users = users is null
                ? new Dictionary<Guid, UserNames>()
                : await users.NamesAsync(tenant, Ids(records.SelectMany(UsersOf)), cancellationToken),
            Clients = accounts is null
                ? new Dictionary<Guid, string>()
                : await accounts.NamesAsync(tenant, Ids(read.SelectMany(r => ClientsOf(r.Record, r.Facts))), cancellationToken),
        };
        return [.. read.Select(r => Show(r.Record, r.Facts, names, language))];
    }

    /// <summary>An action of a newer or older release has no text here; its name must do.</summary>
    public string Text(string action, string language) =>
        texts.Text("audit." + action, language) is var text && text != "audit." + action ? text : action;

    private RecordView Show(StoredRecord record, IReadOnlyDictionary<string, string> facts, Names names, string language) =>
        new()
        {
            Id = record.Id,
            At = record.RecordedAt,
            Action = record.Action,
            Text = Text(record.Action, language),
            Result = record.Result,
            Reason = record.Reason,
            ActorKind = record.ActorKind,
            Actor = record.ActorKind == ClientKind ? names.Client(record.Actor) : names.User(record.Actor),
            Subject = names.User(record.Subject),
            SessionId = record.Session,
            Network = record.Network,
            Device = record.Device,
            Facts = facts,
            Client = names.Client(ClientOf(facts)),
        };

    private static IEnumerable<Guid?> UsersOf(StoredRecord record) =>
        record.ActorKind == ClientKind ? [record.Subject] : [record.Actor, record.Subject];

    private static IEnumerable<Guid?> ClientsOf(StoredRecord record, IReadOnlyDictionary<string, string> facts) =>
        record.ActorKind == ClientKind ? [record.Actor, ClientOf(facts)] : [ClientOf(facts)];

    private static Guid? ClientOf(IReadOnlyDictionary<string, string> facts) =>
        Guid.TryParseExact(facts.GetValueOrDefault(ClientFact), "D", out var id) ? id : null;

    private static List<Guid> Ids(IEnumerable<Guid?> ids) => [.. ids.OfType<Guid>().Distinct()];

    // Whoever alters a record must not keep the others from being shown.
    private static Dictionary<string, string> Facts(string stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored, AuditJson.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["unreadable"] = stored };
        }
    }

    private sealed record Names
    {
        public required IReadOnlyDictionary<Guid, UserNames> Users { get; init; }

        public required IReadOnlyDictionary<Guid, string> Clients { get; init; }

        public RecordUser? User(Guid? user) =>
            user is { } id ? Of(id, Users.GetValueOrDefault(id)?.Name, Users.GetValueOrDefault(id)?.Username) : null;

        public RecordUser? Client(Guid? client) => client is { } id ? Of(id, Clients.GetValueOrDefault(id), username: null) : null;

        private static RecordUser Of(Guid id, string? name, string? username) =>
            new()
            {
                Id = id,
                Name = name,
                Username = username,
            };
    }
}
