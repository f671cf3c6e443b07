using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Web.Startup;

public static class GatehousePipeline
{
    /// <summary>Goes behind routing and limits, before the endpoints.</summary>
    public static IApplicationBuilder UseGatehouseAuthentication(this IApplicationBuilder app)
    {
        app.UseMiddleware<ReadinessMiddleware>();
        app.UseMiddleware<AntiforgeryMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<ActorResolution>();
        app.UseMiddleware<SessionRenewal>();
        app.UseAuthorization();
        return app;
    }
}
