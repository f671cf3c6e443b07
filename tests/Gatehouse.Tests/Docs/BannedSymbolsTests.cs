using System.Reflection;

namespace Gatehouse.Tests.Docs;

/// <summary>An entry that is misspelled bans nothing, and nobody would notice.</summary>
public sealed class BannedSymbolsTests
{
    private static readonly HashSet<string> Banned =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "BannedSymbols.txt")).Select(line => line.Split(';')[0]),
    ];

    [Fact]
    public void Every_way_to_block_on_asynchronous_work_is_a_build_error()
    {
        var blocking =
            from type in new[] { typeof(Task), typeof(SemaphoreSlim) }
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.Name is "Wait" or "WaitAll" or "WaitAny"
            select Id(method);

        Assert.Empty(blocking.Except(Banned));
    }

    // As in documentation files: M:System.Threading.Tasks.Task.Wait(System.Int32).
    private static string Id(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(p => Name(p.ParameterType)).ToList();
        return $"M:{method.DeclaringType!.FullName}.{method.Name}{(parameters.Count == 0 ? "" : $"({string.Join(',', parameters)})")}";
    }

    private static string Name(Type type) =>
        !type.IsGenericType
            ? type.FullName!
            : $"{type.Namespace}.{type.Name.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(Name))}}}";
}
