using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Postgres;

/// <summary>What a module declares beside its own services.</summary>
public static class ModuleExtensions
{
    /// <summary>Registers the SQL scripts embedded under <c>Data/Migrations/</c> of the module's assembly.</summary>
    public static IServiceCollection AddMigrations(this IServiceCollection services, string module, Assembly assembly) =>
        services.AddSingleton(MigrationSet.FromResources(module, MigrationTarget.Main, assembly, "Data/Migrations/"));
}
