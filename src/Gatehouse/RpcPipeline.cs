using Gatehouse.Web.Listeners;
using Gatehouse.Web.Rpc;
using Gatehouse.Web.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse;

/// <summary>What calls of relying services pass.</summary>
public static class RpcPipeline
{
    /// <summary>Answers the calls on their listener, and nothing else there; goes before everything else.</summary>
    public static IApplicationBuilder UseGatehouseRpc(this IApplicationBuilder app)
    {
        if (!app.ApplicationServices.GetRequiredService<IServiceProviderIsService>().IsService(typeof(RpcHealth)))
            return app;
        return app.MapWhen(
            static http => http.IsAt(ListenerMark.Rpc),
            static branch =>
            {
                branch.UseMiddleware<AccessLog>();
                branch.UseMiddleware<RequestSpan>();
                branch.UseExceptionHandler(static _ => { });
                branch.UseRouting();
                branch.UseMiddleware<RpcCaller>();
                branch.UseEndpoints(static routes =>
                {
                    foreach (var service in routes.ServiceProvider.GetServices<RpcService>())
                        service.Map(routes);
                });
            }
        );
    }
}
