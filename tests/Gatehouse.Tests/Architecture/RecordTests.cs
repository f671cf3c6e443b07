using System.Reflection;

namespace Gatehouse.Tests.Architecture;

/// <summary>Two texts that stand next to each other can be swapped and still compile: records name them, or give them types.</summary>
public sealed class RecordTests
{
    // Each needs a reason.
    private static readonly string[] Exceptions =
    [
        // A public contract; written in one place, which names its arguments.
        "Gatehouse.Contracts.Events.UserPersonalV1: Name, Email",
        "Gatehouse.Contracts.Events.UserPersonalV1: Email, Username",
        // A public contract, which a directory of the embedding program makes.
        "Gatehouse.Contracts.Tenants.Tenant: Name, DisplayName",
        // Two sentences in the order they are printed in.
        "Gatehouse.Development.Postgres.StartupError: Problem, Remedy",
        // A public contract: the name of a kind and a value of it.
        "Gatehouse.Split.ContactAddress: Kind, Value",
        // Two sentences in the order they are printed in.
        "Gatehouse.Web.Health.Finding: Text, Remedy",
    ];

    [Fact]
    public void No_record_has_two_texts_next_to_each_other()
    {
        var found =
            from project in SourceTree.Projects()
            from type in Assembly.Load(project).GetTypes()
            // Generators write records, too.
            where type.Namespace?.StartsWith(nameof(Gatehouse), StringComparison.Ordinal) == true
            from positions in PositionsOf(type)
            from pair in positions.Zip(positions.Skip(1))
            where IsText(pair.First) && IsText(pair.Second)
            select $"{type.FullName}: {pair.First.Name}, {pair.Second.Name}";

        Assert.Equal(Exceptions.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    // The compiler takes a record apart by what it is made of.
    private static IEnumerable<ParameterInfo[]> PositionsOf(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is null
            ? []
            : type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Where(method => method.Name == "Deconstruct")
                .Select(method => method.GetParameters());

    private static bool IsText(ParameterInfo position) => position.ParameterType == typeof(string).MakeByRefType();
}
