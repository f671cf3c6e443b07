using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Gatehouse.Core.Backlogs;
using Gatehouse.Web.Exports;
using Npgsql;

namespace Gatehouse.SystemTests.Harness;

/// <summary>A statement that the program sent, with the parameters of its first time.</summary>
/// <param name="Issuer">The assembly whose code sent it.</param>
internal sealed record IssuedStatement(string Issuer, string Database, string Text, IReadOnlyList<NpgsqlParameter> Parameters);

/// <summary>
/// Notes every statement that an application of this process sends, with the assembly that issued it: the first on the stack apart from
/// the plumbing through which all send theirs. Noted is the first time only, when the code is not optimized yet and the stack complete.
/// </summary>
internal static class IssuedStatements
{
    private static readonly string[] Plumbing =
    [
        typeof(IssuedStatements).FullName!,
        .. new[] { "DbSession", "DataSourceExtensions", "Database", "BatchedStatements`2" }.Select(type =>
            "Gatehouse.Core.Postgres." + type
        ),
    ];

    // A statement that a module names for what is shared is its own, whoever sends it.
    private static readonly Lazy<Dictionary<string, string>> Named = new(() =>
        Assembly
            .Load("Gatehouse")
            .GetReferencedAssemblies()
            .Where(module => module.Name!.StartsWith("Gatehouse.", StringComparison.Ordinal))
            .Select(Assembly.Load)
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => NamedBy(type).Select(statement => (statement, Module: type.Assembly.GetName().Name!)))
            .ToDictionary(named => named.statement, named => named.Module, StringComparer.Ordinal)
    );

    private static readonly ConcurrentDictionary<string, IssuedStatement> Statements = new(StringComparer.Ordinal);

    // Npgsql asks its filter only while somebody listens.
    private static readonly ActivityListener Listener = new() { ShouldListenTo = source => source.Name == "Npgsql" };

    static IssuedStatements() => ActivitySource.AddActivityListener(Listener);

    public static IReadOnlyCollection<IssuedStatement> All => [.. Statements.Values];

    public static void Watch(NpgsqlDataSourceBuilder builder) =>
        builder.ConfigureTracing(tracing =>
            tracing.ConfigureCommandFilter(command =>
            {
                if (!Statements.ContainsKey(command.CommandText))
                    Note(command);
                return true;
            })
        );

    private static void Note(NpgsqlCommand command)
    {
        var issuer = Named.Value.GetValueOrDefault(command.CommandText) ?? Sender();
        if (issuer is not null)
            Statements.TryAdd(
                command.CommandText,
                new(issuer, command.Connection!.Database, command.CommandText, [.. command.Parameters.Select(p => p.Clone())])
            );
    }

    private static string? Sender() =>
        new StackTrace()
            .GetFrames()
            .Select(DiagnosticMethodInfo.Create)
            .OfType<DiagnosticMethodInfo>()
            .Where(method => !Plumbing.Contains(method.DeclaringTypeName?.Split('+', '[')[0], StringComparer.Ordinal))
            .Select(method => method.DeclaringAssemblyName.Split(',')[0])
            .FirstOrDefault(assembly => assembly.StartsWith("Gatehouse.", StringComparison.Ordinal));

    /// <summary>For the exports of users, and of what waits.</summary>
    private static IEnumerable<string> NamedBy(Type type)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        if (type.IsClass && typeof(IBacklog).IsAssignableFrom(type))
            yield return (string)type.GetProperty(nameof(IBacklog.Query), Any)!.GetValue(null)!;
        if (type.ContainsGenericParameters)
            yield break;
        foreach (var property in type.GetProperties(Any))
        {
            if (property.PropertyType == typeof(ExportedRows))
                yield return ((ExportedRows)property.GetValue(null)!).Statement;
            if (typeof(IEnumerable<ExportedRows>).IsAssignableFrom(property.PropertyType))
            {
                foreach (var rows in (IEnumerable<ExportedRows>)property.GetValue(null)!)
                    yield return rows.Statement;
            }
        }
    }
}
