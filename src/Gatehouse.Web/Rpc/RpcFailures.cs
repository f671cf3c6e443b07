using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web.Rpc;

/// <summary>What a call ends with where its service did not answer: a rejection, a dependency that is away, or an error of ours. A call
/// without a deadline has one of ours.</summary>
internal sealed partial class RpcFailures(DatabaseOutage outage, MessageCatalog texts, TimeProvider clock, ILogger<RpcFailures> logger)
    : Interceptor
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(30);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(request, context).WaitAsync(MaxDuration, clock, context.CancellationToken);
        }
        catch (Exception e) when (e is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            throw Translate(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            throw Translate(e, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        Error error;
        if (exception is RejectedException rejected)
        {
            error = rejected.Error;
        }
        else if (exception is DependencyAwayException or TimeoutException || outage.Note(exception))
        {
            error = RequestErrors.DependencyUnavailable;
        }
        else
        {
            error = RequestErrors.Unexpected;
            Log.Unexpected(logger, exception, context.Method, ProblemResult.TraceId(context.GetHttpContext()));
            return new RpcException(new Status(StatusCode.Internal, texts.Text(error.Code, Languages.Default)));
        }

        return RpcStatus.ToException(error, texts, context.GetHttpContext().Language());
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Unexpected failure of {Method}, trace {TraceId}.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string method, string traceId);
    }
}
