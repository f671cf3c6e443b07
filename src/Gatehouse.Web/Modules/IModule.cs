using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Modules;

/// <summary>
/// A part of the product with a schema of its own. Modules never reference each other; they meet in events and in the few interfaces of
/// Contracts. The implementing class is the module's table of contents: nothing is found by scanning.
/// </summary>
public interface IModule
{
    /// <summary>Permanent lower-case name: its database schema, and its name in <c>--modules</c>.</summary>
    string Name { get; }

    void AddServices(IServiceCollection services, IConfiguration configuration);

    void MapEndpoints(IEndpointRouteBuilder routes);
}
