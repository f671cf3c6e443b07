using Gatehouse.Client;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FoodDelivery.Http;

/// <summary>The routes below <c>/api/v1/</c>, as the front ends know them. The routes of pictures are not there.</summary>
internal static class FoodRoutes
{
    public static void AddFoodRoutes(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services
            .AddHttpClient<GatehouseApi>(
                (provider, client) =>
                {
                    var gatehouse = provider.GetRequiredService<IOptions<GatehouseClientOptions>>().Value;
                    var address = gatehouse.Address.Length > 0 ? gatehouse.Address : gatehouse.Authority;
                    client.BaseAddress = new Uri(address.TrimEnd('/') + "/");
                    client.Timeout = TimeSpan.FromSeconds(15);
                }
            )
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddScoped<Callers>().AddScoped<UserUpdate>().AddSingleton<TokenCookies>().AddSingleton<UserShape>();
        services.AddCors();
        services
            .AddOptions<CorsOptions>()
            .Configure<IOptions<AdapterOptions>>(
                (cors, options) =>
                    cors.AddDefaultPolicy(policy =>
                        policy
                            .WithOrigins([.. options.Value.Origins.Length > 0 ? options.Value.Origins : AdapterOptions.DefaultOrigins])
                            .AllowCredentials()
                            .AllowAnyMethod()
                            .AllowAnyHeader()
                    )
            );
    }

    public static void MapFoodRoutes(this WebApplication app)
    {
        app.UseCors();
        Pictures.Map(app);
        var api = app.MapGroup("/api/v1").AddEndpointFilter(AnswerOutagesAsync);
        TokenRoutes.Map(api.MapGroup("/tokens"));
        var users = api.MapGroup("/users");
        RegistrationRoutes.Map(users);
        CurrentRoutes.Map(users);
        ModeratorRoutes.Map(users);
    }

    private static async ValueTask<object?> AnswerOutagesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e)
            when (e is GatehouseUnavailableException or HttpRequestException or NpgsqlException
                || (e is TaskCanceledException && !context.HttpContext.RequestAborted.IsCancellationRequested)
            )
        {
            return Answers.Unavailable();
        }
    }
}
