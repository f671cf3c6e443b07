using Gatehouse.Contracts.Access;
using Gatehouse.Core.Configuration;
using Gatehouse.Web.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Rpc;

/// <summary>
/// gRPC for relying services, on a port of its own. Calls pass the checks that requests of the API pass (<see cref="RpcCaller"/>), and
/// every rejection becomes a gRPC status (<see cref="RpcStatus"/>).
/// </summary>
public static class RpcServices
{
    // An access token is the largest thing that is sent; a hundred ids are about as large.
    private const int MaxMessage = 64 * 1024;

    /// <summary>Makes a Kestrel listener the one for relying services.</summary>
    public static ListenOptions AsRpc(this ListenOptions listener, RpcOptions options)
    {
        listener.Protocols = HttpProtocols.Http2;
        return listener.UsePem(options.CertificateFile, options.KeyFile).Marked(ListenerMark.Rpc);
    }

    /// <param name="answers">Whether this process has what relying services ask about.</param>
    public static IServiceCollection AddGatehouseRpc(this IServiceCollection services, IConfiguration configuration, bool answers)
    {
        services.AddSettings<RpcOptions>(configuration, "Grpc");
        var options = SettingsCatalog.Read<RpcOptions>(configuration, "Grpc");
        if (options.Port == 0 || !answers)
            return services;
        services.AddGrpc();
        services.AddSingleton<RpcFailures>().AddSingleton<RpcHealth>();
        services.AddSingleton(new RpcService(static routes => routes.MapGrpcService<RpcHealth>()));
        if (options.Reflection)
        {
            services.AddGrpcReflection();
            services.AddSingleton(new RpcService(static routes => routes.MapGrpcReflectionService()));
        }

        return services;
    }

    /// <summary>A service that only holders of the permission may call; the handlers narrow what they answer by
    /// <see cref="Core.Actors.Actor.Access"/>.</summary>
    public static IServiceCollection AddRpcService<TService>(this IServiceCollection services, Permission permission)
        where TService : class
    {
        services.AddSingleton<TService>();
        services.Configure<Grpc.AspNetCore.Server.GrpcServiceOptions<TService>>(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessage;
            grpc.Interceptors.Add<RpcFailures>();
        });
        return services.AddSingleton(
            new RpcService(routes => routes.MapGrpcService<TService>().WithMetadata(new PermissionRequirement(permission, Anywhere: true)))
        );
    }
}

/// <summary>A service of the port.</summary>
internal sealed record RpcService(Action<IEndpointRouteBuilder> Map);
