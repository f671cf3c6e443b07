using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Audit.Data;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Audit;

/// <summary>
/// Which records are asked for. The conditions are worded as the indexes of the table are (V003__lists.sql), so that each of them is read
/// from one as far as it is selective; what is not, is found by going through the newest records.
/// </summary>
internal sealed partial class RecordFilter
{
    private const int MaxActions = 50;
    private const string Refreshed = "session.refreshed";
    private const string WithoutRefreshes = $"a.action <> '{Refreshed}'";

    private readonly List<string> conditions = [];

    public Guid? Actor { get; private set; }

    public Guid? Subject { get; private set; }

    public Guid? User { get; private set; }

    public Guid? Session { get; private set; }

    public Guid? Id { get; private set; }

    public string? Organization { get; private set; }

    public string? Role { get; private set; }

    public string? Result { get; private set; }

    public string? Reason { get; private set; }

    public string? Network { get; private set; }

    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset? To { get; private set; }

    /// <summary>Bounds of the ids of those times, by which whole months are passed over.</summary>
    public Guid? FromId => From is { } from ? RecordId.First(from) : null;

    public Guid? ToId => To is { } to ? RecordId.First(to.AddMilliseconds(1)) : null;

    /// <summary>Names of actions.</summary>
    public string[] Actions { get; private set; } = [];

    /// <summary>The areas' actions begin with these; each ends before the text of the same place in <see cref="AreaEnds"/>.</summary>
    public string[] Areas { get; private set; } = [];

    public string[] AreaEnds => [.. Areas.Select(area => area[..^1] + (char)(area[^1] + 1))];

    // Half of all records are exchanges of tokens, which every device makes every few minutes: they are in no index, and shown to whoever
    // names them.
    private bool MayBeRefreshed => Id is not null || Actions.Contains(Refreshed, StringComparer.Ordinal);

    public static RecordFilter Parse(RecordQuery query, ValidationErrors errors)
    {
        var filter = new RecordFilter
        {
            Actor = ReadId(query.Actor, "actor", errors),
            Subject = ReadId(query.Subject, "subject", errors),
            User = ReadId(query.User, "user", errors),
            Session = ReadId(query.Session, "session", errors),
            Organization = ReadId(query.Organization, "organization", errors)?.ToString(),
            Role = ReadName(query.Role, "role", errors),
            Id = ReadId(query.Id, "id", errors),
            Reason = ReadName(query.Reason, "reason", errors),
            Network = ReadNetwork(query.Network, errors),
            From = TimeInput.Read(query.From, "from", errors),
            To = TimeInput.Read(query.To, "to", errors),
            Result = query.Result,
        };
        if (query.Result is not (null or AuditRecord.Done or AuditRecord.Refused))
            errors.Add("result", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", $"{AuditRecord.Done}, {AuditRecord.Refused}")));
        if (filter.From >= filter.To)
            errors.Add("to", AuditErrors.RangeInvalid);
        filter.ReadActions(query.Action ?? [], errors);
        filter.Word();
        return filter;
    }

    /// <summary>What it narrows to, by the names of its parameters; all of it is of a known form.</summary>
    public Dictionary<string, string> Facts()
    {
        (string Name, string? Value)[] all =
        [
            ("actor", Actor?.ToString()),
            ("subject", Subject?.ToString()),
            ("user", User?.ToString()),
            ("session", Session?.ToString()),
            ("organization", Organization),
            ("role", Role),
            ("id", Id?.ToString()),
            ("action", string.Join(' ', [.. Actions, .. Areas.Select(area => area[..^1])]) is { Length: > 0 } names ? names : null),
            ("result", Result),
            ("reason", Reason),
            ("network", Network),
            ("from", From?.ToString("O", CultureInfo.InvariantCulture)),
            ("to", To?.ToString("O", CultureInfo.InvariantCulture)),
        ];
        return all.Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!, StringComparer.Ordinal);
    }

    /// <summary>The statement for a page.</summary>
    public string Statement(string columns, PageQuery page)
    {
        var common = $"select {columns} from audit.records a where a.tenant_id = @tenant and {page.Beyond("a.id")}";
        var branches = Branches().Select(own => string.Join(" and ", [common, .. conditions, .. own])).ToList();
        return branches.Count == 1
            ? $"{branches[0]} {page.Order("a.id")}"
            // A record of what somebody did to themselves is in two branches.
            : $"""
                select distinct on (b.id) b.* from (
                {string.Join("\nunion all\n", branches.Select(branch => $"({branch} {page.Order("a.id")})"))}) b
                 {page.Order("b.id")}
                """;
    }

    // One for each index that has to be read: a user is in that of actors and in that of subjects.
    private IEnumerable<string[]> Branches()
    {
        string[] refreshes = MayBeRefreshed ? [] : [WithoutRefreshes];
        if (User is null)
            return [refreshes];
        return
        [
            ["a.actor = @User", .. refreshes],
            ["a.subject = @User", .. refreshes],
        ];
    }

    private void Word()
    {
        if (Actor is not null)
            conditions.Add("a.actor = @Actor");
        if (Subject is not null)
            conditions.Add("a.subject = @Subject");
        if (Session is not null)
            conditions.Add("a.session = @Session");
        if (Organization is not null)
            conditions.Add("""a.facts like '%"organization":"%' and a.facts::jsonb ->> 'organization' = @Organization""");
        // In no index: records of roles are few, and are asked for by their area.
        if (Role is not null)
            conditions.Add("""case when a.facts like '%"role":"%' then a.facts::jsonb ->> 'role' = @Role else false end""");
        if (Result is not null)
            conditions.Add(Result == AuditRecord.Refused ? $"a.result = '{AuditRecord.Refused}'" : "a.result = @Result");
        if (Reason is not null)
            conditions.Add("a.reason = @Reason");
        if (Network is not null)
            conditions.Add("a.network = @Network");
        if (Id is not null)
            conditions.Add("a.id = @Id");
        if (From is not null)
            conditions.Add("a.id >= @FromId and a.recorded_at >= @From");
        if (To is not null)
            conditions.Add("a.id < @ToId and a.recorded_at < @To");
        var actions = new List<string>();
        if (Actions.Length > 0)
            actions.Add("""a.action collate "C" = any(@Actions)""");
        for (var i = 1; i <= Areas.Length; i++)
            actions.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"""a.action collate "C" >= (@Areas)[{i}] and a.action collate "C" < (@AreaEnds)[{i}]"""
                )
            );
        if (actions.Count > 0)
            conditions.Add($"({string.Join(" or ", actions)})");
    }

    private void ReadActions(string[] given, ValidationErrors errors)
    {
        if (given.Length > MaxActions)
            errors.Add("action", ValidationCodes.OutOfRange, TextInput.Limits(("min", 0), ("max", MaxActions)));
        else if (!given.All(name => Name.IsMatch(name)))
            errors.Add("action", AuditErrors.FilterInvalid);
        else
            (Actions, Areas) = (
                [.. given.Where(name => name.Contains('.', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)],
                [
                    .. given
                        .Where(name => !name.Contains('.', StringComparison.Ordinal))
                        .Distinct(StringComparer.Ordinal)
                        .Select(area => area + "."),
                ]
            );
    }

    private static Guid? ReadId(string? input, string field, ValidationErrors errors)
    {
        if (input is null)
            return null;
        if (Guid.TryParseExact(input, "D", out var id))
            return id;
        errors.Add(field, AuditErrors.FilterInvalid);
        return null;
    }

    private static string? ReadName(string? input, string field, ValidationErrors errors)
    {
        if (input is null || Name.IsMatch(input))
            return input;
        errors.Add(field, AuditErrors.FilterInvalid);
        return null;
    }

    private static string? ReadNetwork(string? input, ValidationErrors errors)
    {
        if (input is null)
            return null;
        if (IPAddress.TryParse(input, out var address))
            return ClientNetwork.Describe(address);
        if (IPNetwork.TryParse(input, out var network))
            return network.ToString();
        errors.Add("network", AuditErrors.FilterInvalid);
        return null;
    }

    /// <summary>How actions and reasons are named: other texts name none.</summary>
    [GeneratedRegex(
        @"^[a-z0-9][a-z0-9-]{0,63}(\.[a-z0-9-]{1,64})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name { get; }
}
