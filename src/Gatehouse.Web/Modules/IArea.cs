using Gatehouse.Contracts.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Modules;

/// <summary>A folder of a module, and the table of contents of what is in it: its slices and all that they share.</summary>
public interface IArea
{
    IReadOnlyList<Slice> Slices { get; }

    /// <summary>The permissions that the area's operations ask for.</summary>
    IReadOnlyList<Permission> Permissions => [];

    /// <summary>Adds what the slices share: settings, limits, JSON forms, metrics, rules, work in the background.</summary>
    void AddServices(IServiceCollection services, IConfiguration configuration);

    /// <summary>Throws where the machine lacks what the area cannot do without, before anything is served.</summary>
    void CheckMachine(IServiceProvider services) { }
}
