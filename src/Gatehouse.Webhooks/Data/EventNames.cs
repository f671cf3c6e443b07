using Gatehouse.Messaging;

namespace Gatehouse.Webhooks.Data;

/// <summary>By which names somebody asks for events.</summary>
internal static class EventNames
{
    /// <summary>Every type, and every kind.</summary>
    public static IReadOnlySet<string> Known { get; } = EventCatalog.Types.Keys.SelectMany(Of).ToHashSet(StringComparer.Ordinal);

    /// <summary>The names that the type goes by: itself, and its kind (<c>user.*</c>).</summary>
    public static string[] Of(string type) => [type, type[..type.IndexOf('.', StringComparison.Ordinal)] + ".*"];
}
