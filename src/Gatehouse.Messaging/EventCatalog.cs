using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Events;

namespace Gatehouse.Messaging;

/// <summary>The events this version knows, by type: whether a record from outside can be one of ours.</summary>
internal static class EventCatalog
{
    public static FrozenDictionary<string, KnownEvent> Types { get; } =
        typeof(IEvent)
            .Assembly.GetTypes()
            .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IEvent)))
            .ToFrozenDictionary(
                type => Read(type, nameof(IEvent.Type)),
                type => new KnownEvent(Read(type, nameof(IEvent.Topic)), EventJson.Default.GetTypeInfo(type)!),
                StringComparer.Ordinal
            );

    public static IReadOnlyList<string> Topics { get; } = [.. Types.Values.Select(known => known.Topic).Distinct(StringComparer.Ordinal)];

    private static string Read(Type type, string property) => (string)type.GetProperty(property)!.GetValue(null)!;
}

/// <param name="Form">How its JSON is read.</param>
internal sealed record KnownEvent(string Topic, JsonTypeInfo Form);
