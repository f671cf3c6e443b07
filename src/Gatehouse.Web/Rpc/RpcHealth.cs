using Gatehouse.Core.Startup;
using Grpc.Core;
using Grpc.Health.V1;

namespace Gatehouse.Web.Rpc;

/// <summary>The standard health service: whether the node is ready, for the whole port and for each of its services alike.</summary>
internal sealed class RpcHealth(ReadinessGate ready, Draining draining, TimeProvider clock) : Grpc.Health.V1.Health.HealthBase
{
    private const string Prefix = "gatehouse.v1.";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        IsKnown(request.Service)
            ? Task.FromResult(Now(request.Service))
            : throw new RpcException(new Status(StatusCode.NotFound, "There is no such service."));

    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context
    )
    {
        var said = HealthCheckResponse.Types.ServingStatus.Unknown;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            if (Now(request.Service) is { } now && now.Status != said)
            {
                await responseStream.WriteAsync(now, context.CancellationToken);
                said = now.Status;
            }

            // Nobody who watches keeps the node from stopping.
            if (draining.HasBegun)
                return;

            await Task.Delay(Look, clock, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private HealthCheckResponse Now(string service) =>
        new()
        {
            Status =
                !IsKnown(service) ? HealthCheckResponse.Types.ServingStatus.ServiceUnknown
                : ready.IsReady && !draining.HasBegun ? HealthCheckResponse.Types.ServingStatus.Serving
                : HealthCheckResponse.Types.ServingStatus.NotServing,
        };

    private static bool IsKnown(string service) =>
        service.Length == 0 || service is Prefix + "Tokens" or Prefix + "Access" or Prefix + "Users";
}
