using System.Text.Json.Serialization;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Redis;
using Gatehouse.Web.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>What is true of every HTTP operation, in two calls: one for the services, one for the pipeline.</summary>
public static class GatehouseHttp
{
    public static IServiceCollection AddGatehouseHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRateLimits<RateLimitOptions>(configuration);
        services.AddSettings<ProxyOptions>(configuration, "Proxies");
        services.AddSettings<AccessLogOptions>(configuration, "AccessLog");
        services.AddSettings<CrossOriginOptions>(configuration, "CrossOrigin");
        services.AddCors();
        services.AddSingleton<DefaultCorsPolicyProvider>();
        services.Replace(ServiceDescriptor.Singleton<ICorsPolicyProvider, CrossOriginPolicies>());
        services.AddTexts(typeof(GatehouseHttp).Assembly);
        services.AddExceptionHandler<ExceptionProblems>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRateLimitStore>(provider =>
        {
            var own = new MemoryRateLimitStore(provider.GetRequiredService<TimeProvider>());
            return provider.GetService<RedisConnection>() is { IsConfigured: true } redis ? new RedisRateLimitStore(redis, own) : own;
        });
        services.TryAddSingleton<DatabaseOutage>();
        services.AddSingleton<MessageCatalog>();
        services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, ConfigureForwardedHeaders>();
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.Converters.Add(new TimestampJson());
        });
        return services;
    }

    /// <summary>Goes first in the pipeline; endpoints, authentication and the like come after it.</summary>
    public static IApplicationBuilder UseGatehouseHttp(this IApplicationBuilder app)
    {
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<RequestSpan>();
        app.Use(
            static (http, next) =>
            {
                ConfigureForwardedHeaders.DropQuotes(http.Request.Headers);
                return next(http);
            }
        );
        app.UseMiddleware<SecurityHeaders>();
        app.Use(CrossOriginPolicies.OpenErrorsAsync);
        app.UseMiddleware<UntrustedProxyWarning>();
        app.UseMiddleware<AddressCheck>();
        app.UseForwardedHeaders();
        app.Use(AddressCheck.CheckHostAsync);
        app.Use(ExactCookies.QueryAsync);
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(StatusProblems.Write);
        app.Use(OptionsAnswer.GiveAsync);
        app.UseRouting();
        app.UseCors();
        app.UseMiddleware<RateLimits>();
        return app;
    }
}
