using Gatehouse.Contracts.Access;
using Gatehouse.Web.Rpc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Modules;

/// <summary>A behaviour as its area names it: once, for its handler and its routes alike, so that neither is forgotten.</summary>
public sealed class Slice
{
    private readonly Action<IServiceCollection> addServices;
    private readonly Action<IEndpointRouteBuilder> map;

    private Slice(Action<IServiceCollection> addServices, Action<IEndpointRouteBuilder> map) =>
        (this.addServices, this.map) = (addServices, map);

    /// <summary>An operation of the API under <c>/v1</c>.</summary>
    public static Slice Operation<THandler>(string heading, Action<IEndpointRouteBuilder> map)
        where THandler : class => Routes<THandler>(routes => map(routes.MapV1(heading)));

    /// <summary>What another service reports of the installation as a whole.</summary>
    public static Slice Callback<THandler>(string heading, Action<IEndpointRouteBuilder> map)
        where THandler : class => Routes<THandler>(routes => map(routes.MapCallbacks(heading)));

    /// <summary>A gRPC service for relying services.</summary>
    public static Slice Rpc<TService>(Permission permission)
        where TService : class => new(services => services.AddRpcService<TService>(permission), _ => { });

    /// <summary>Pages and documents, which choose their groups themselves.</summary>
    public static Slice Routes<THandler>(Action<IEndpointRouteBuilder> map)
        where THandler : class => new(services => services.AddSingleton<THandler>(), map);

    /// <summary>Pages and documents that stand on the handlers of others.</summary>
    public static Slice Routes(Action<IEndpointRouteBuilder> map) => new(_ => { }, map);

    /// <summary>A behaviour without routes: a command's.</summary>
    public static Slice Command<THandler>()
        where THandler : class => new(services => services.AddSingleton<THandler>(), _ => { });

    internal void AddServices(IServiceCollection services) => addServices(services);

    internal void Map(IEndpointRouteBuilder routes) => map(routes);
}
