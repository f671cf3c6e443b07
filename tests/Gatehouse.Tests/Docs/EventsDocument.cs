using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;

namespace Gatehouse.Tests.Docs;

/// <summary>Writes docs/events.md from the contracts, their comments, the subscriptions and what the slices say they publish.</summary>
internal static partial class EventsDocument
{
    private const string Head = """
        # Events

        This page is generated from the code by `EventsDocumentTests`. Each event is a CloudEvents 1.0 envelope around the JSON below
        (camelCase, absent members omitted). Times, in the JSON and in the attribute `time`, are RFC 3339 in UTC with always six fractional
        digits, such as `2026-01-31T10:00:00.120000Z`; events of earlier versions may have fewer or seven, and `+00:00`. The members of
        `personal` are encrypted with the key of the user or of the pending registration. They are decrypted through `IUserKeys` and become
        permanently unreadable once that key is destroyed. Events with the same key are delivered in order.

        """;

    private static readonly NullabilityInfoContext Nullability = new();

    public static IEnumerable<Type> Events =>
        typeof(IEvent).Assembly.GetTypes().Where(t => t is { IsInterface: false } && t.IsAssignableTo(typeof(IEvent)));

    public static string TypeOf(Type type) => (string)type.GetProperty(nameof(IEvent.Type))!.GetValue(null)!;

    public static string TopicOf(Type type) => (string)type.GetProperty(nameof(IEvent.Topic))!.GetValue(null)!;

    public static string TopicComment(string topic, Dictionary<string, string> comments) => Comment(comments, "F:" + TopicField(topic));

    /// <param name="subscribers">Names of the subscribers by event.</param>
    public static string Write(IEnumerable<Assembly> modules, ILookup<string, string> subscribers)
    {
        var comments = modules
            .Append(typeof(IEvent).Assembly)
            .SelectMany(Repository.Comments)
            .ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        var publishers = Publishers(comments);
        var page = new StringBuilder(Head);
        foreach (var type in Events.OrderBy(TypeOf, StringComparer.Ordinal))
        {
            var name = TypeOf(type);
            var subscribed = subscribers[name].Order(StringComparer.Ordinal).Select(s => $"`{s}`");
            var topic = TopicOf(type);
            page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n{Comment(comments, "T:" + type.FullName)}\n\n");
            page.Append(CultureInfo.InvariantCulture, $"- Topic: `{topic}`. {TopicComment(topic, comments)}\n");
            page.Append(
                CultureInfo.InvariantCulture,
                $"- Published by: {string.Join(", ", publishers[name].DefaultIfEmpty("no operation"))}\n"
            );
            page.Append(
                CultureInfo.InvariantCulture,
                $"- Subscribers: {string.Join(", ", subscribed.DefaultIfEmpty("none in Gatehouse"))}\n\n"
            );
            page.Append("| Member | Type | Meaning |\n| --- | --- | --- |\n");
            foreach (var member in Members(type))
                page.Append(Rows(type, member, comments));
        }

        return page.ToString();
    }

    public static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.Name != "EqualityContract");

    private static string Rows(Type type, PropertyInfo member, Dictionary<string, string> comments)
    {
        var row = $"| `{Json(member)}` | {Word(member)} | {Meaning(type, member, comments)} |\n";
        if (!IsEncrypted(member.PropertyType))
            return row;
        var plain = member.PropertyType.GetGenericArguments()[0];
        return row
            + string.Concat(
                Members(plain).Select(m => $"| `{Json(member)}.{Json(m)}` | {Word(m)}, encrypted | {Meaning(plain, m, comments)} |\n")
            );
    }

    // A property's own comment; a record's parameter is told of in the comment of its type.
    public static string Meaning(Type type, PropertyInfo member, Dictionary<string, string> comments) =>
        comments.GetValueOrDefault($"P:{type.FullName}.{member.Name}") ?? Comment(comments, $"T:{type.FullName}/{member.Name}");

    public static string Json(PropertyInfo member) => JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    private static string Word(PropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var word = type switch
        {
            _ when type == typeof(Guid) => "UUID",
            _ when type == typeof(DateTimeOffset) => "time",
            _ when type == typeof(string) => "string",
            _ when type == typeof(bool) => "Boolean",
            _ when type == typeof(int) || type == typeof(long) => "number",
            _ when IsEncrypted(type) =>
                $"encrypted `{type.GetGenericArguments()[0].GetProperty(nameof(IPersonalData.Schema))!.GetValue(null)}`",
            _ when type == typeof(IReadOnlyDictionary<string, string>) => "strings by name",
            _ when type == typeof(IReadOnlyList<string>) => "list of strings",
            _ when type == typeof(IReadOnlyList<Guid>) => "list of UUIDs",
            _ when ItemOf(type) is { } item => "list of `" + string.Join("`, `", Members(item).Select(Json)) + "`",
            _ => throw new InvalidOperationException($"{type} has no word yet."),
        };
        return IsOptional(member) ? word + " or absent" : word;
    }

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    public static bool IsOptional(PropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null || Nullability.Create(member).ReadState == NullabilityState.Nullable;

    public static bool IsEncrypted(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Encrypted<>);

    private static string TopicField(string topic) =>
        typeof(Topics)
            .GetFields()
            .Where(f => (string)f.GetValue(null)! == topic)
            .Select(f => $"{typeof(Topics).FullName}.{f.Name}")
            .Single();

    /// <summary>Slices say in their summary which events they publish.</summary>
    private static ILookup<string, string> Publishers(Dictionary<string, string> comments) =>
        (
            from comment in comments
            where comment.Key.StartsWith("T:", StringComparison.Ordinal) && Publishing.IsMatch(comment.Value)
            from Match name in EventName.Matches(Publishing.Match(comment.Value).Value)
            orderby comment.Key
            select (Event: name.Groups[1].Value, Slice: comment.Key[(comment.Key.LastIndexOf('.') + 1)..])
        ).ToLookup(p => p.Event, p => p.Slice, StringComparer.Ordinal);

    private static string Comment(Dictionary<string, string> comments, string key) =>
        comments.TryGetValue(key, out var text) ? text : throw new InvalidOperationException($"{key} has no documentation comment.");

    [GeneratedRegex(@"Publishes `[^`]+`(?:(?:, | or | and )`[^`]+`)*", RegexOptions.CultureInvariant)]
    private static partial Regex Publishing { get; }

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex EventName { get; }
}
