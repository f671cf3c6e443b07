using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Gatehouse.Core.Backlogs;
using Gatehouse.Web.Exports;
using Npgsql;

namespace Gatehouse.SystemTests.Harness;

/// <summary>A statement that the program sent, with the parameters of its first time.</summary>
/// <param name="Issuer">The assembly whose statement it is.</param>
internal sealed record IssuedStatement(string Issuer, string Database, string Text, IReadOnlyList<NpgsqlParameter> Parameters);

/// <summary>
/// Notes every statement that an application of this process sends, with the assembly whose it is: the only one whose code holds its text,
/// because what is shared sends statements of others, or else, for one that is put together, the first on the stack apart from the plumbing
/// through which all send theirs. Noted is the first time only, when the code is not optimized yet and the stack complete.
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

    private static readonly Lazy<IReadOnlyList<Assembly>> Modules = new(() =>
        [
            .. Assembly
                .Load("Gatehouse")
                .GetReferencedAssemblies()
                .Where(module => module.Name!.StartsWith("Gatehouse.", StringComparison.Ordinal))
                .Select(Assembly.Load),
        ]
    );

    // A statement that a module names for what is shared is its own, whoever sends it.
    private static readonly Lazy<Dictionary<string, string>> Named = new(() =>
        Modules
            .Value.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => NamedBy(type).Select(statement => (statement, Module: type.Assembly.GetName().Name!)))
            .ToDictionary(named => named.statement, named => named.Module, StringComparer.Ordinal)
    );

    private static readonly Lazy<Dictionary<string, string>> Held = new(() =>
        Modules
            // A test may have a statement of its own sent by what is shared.
            .Value.Append(typeof(IssuedStatements).Assembly)
            .SelectMany(module => StringsOf(module).Distinct(StringComparer.Ordinal).Select(text => (text, module.GetName().Name)))
            .GroupBy(held => held.text, held => held.Name!, StringComparer.Ordinal)
            .Where(holders => holders.Count() == 1)
            .ToDictionary(holders => holders.Key, holders => holders.Single(), StringComparer.Ordinal)
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
        var issuer = Named.Value.GetValueOrDefault(command.CommandText) ?? Held.Value.GetValueOrDefault(command.CommandText) ?? Sender();
        if (issuer is not null)
            Statements.TryAdd(
                command.CommandText,
                new(issuer, command.Connection!.Database, command.CommandText, [.. command.Parameters.Select(p => p.Clone())])
            );
    }

    /// <summary>The strings in the code of an assembly.</summary>
    private static List<string> StringsOf(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var strings = new List<string>();
        for (var at = MetadataTokens.UserStringHandle(1); !at.IsNil; at = metadata.GetNextHandle(at))
            strings.Add(metadata.GetUserString(at));
        return strings;
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
