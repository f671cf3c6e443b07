using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// The tables of a module that are not distributed by tenant in a cluster of Citus. The keys of every other table begin with the tenant; it
/// lies on one node with all that belongs to the tenant.
/// </summary>
public sealed record UndistributedTables
{
    /// <summary>Of the installation as a whole: they stay on the coordinator.</summary>
    public IReadOnlyList<string> Local { get; init; } = [];

    /// <summary>Every node has a copy of them.</summary>
    public IReadOnlyList<string> Reference { get; init; } = [];
}

public static class UndistributedTablesExtensions
{
    /// <summary>Names those of a module, each with the reason beside it.</summary>
    public static IServiceCollection AddUndistributedTables(this IServiceCollection services, UndistributedTables tables) =>
        services.AddSingleton(tables);

    /// <summary>Those of all modules.</summary>
    public static UndistributedTables UndistributedTables(this IServiceProvider services)
    {
        var all = services.GetServices<UndistributedTables>().ToList();
        return new()
        {
            Local = [.. all.SelectMany(tables => tables.Local).Order(StringComparer.Ordinal)],
            Reference = [.. all.SelectMany(tables => tables.Reference).Order(StringComparer.Ordinal)],
        };
    }
}
