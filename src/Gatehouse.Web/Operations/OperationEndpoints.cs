using Gatehouse.Core.Configuration;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Operations;

/// <summary>Operations, whatever module started them: their owners read, watch and cancel them.</summary>
public static class OperationEndpoints
{
    internal static IServiceCollection AddOperationEndpoints(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<LiveOptions>(configuration, "Live");
        services.AddRequests(OperationsJson.Default);
        services.AddSingleton<LiveStreams>().AddHostedService(provider => provider.GetRequiredService<LiveStreams>());
        return services
            .AddSingleton<LiveEvents>()
            .AddSingleton<GetOperation.Handler>()
            .AddSingleton<CancelOperation.Handler>()
            .AddSingleton<WatchOperation.Handler>()
            .AddSingleton<WatchOperations.Handler>();
    }

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapV1("Operations");
        GetOperation.Map(group);
        CancelOperation.Map(group);
        WatchOperation.Map(group);
        WatchOperations.Map(group);
    }
}

internal static class OperationsErrors
{
    public static readonly Error GivenUp = OperationErrors.GivenUp;
    public static readonly Error NotFound = new("operations.not-found", ErrorKind.NotFound);

    /// <summary>It is over: nothing is left to cancel.</summary>
    public static readonly Error Finished = new("operations.finished", ErrorKind.Conflict);

    /// <summary>The same actor watches as much as one may at this node.</summary>
    public static readonly Error TooManyStreams = new("operations.too-many-streams", ErrorKind.TooManyRequests)
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };
}
