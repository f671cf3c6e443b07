using System.Globalization;
using Gatehouse.Core.Results;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web.Rpc;

/// <summary>
/// Rejections as gRPC has them: a status code by kind, and in its details the stable error code (<c>ErrorInfo.reason</c>), the fields that
/// are wrong and how long to wait.
/// </summary>
internal static class RpcStatus
{
    private const string Domain = "gatehouse";

    /// <summary>Whether the request is a call of a gRPC method.</summary>
    public static bool IsWanted(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;

    public static RpcException ToException(Error error, MessageCatalog texts, string language) =>
        Of(error, texts, language).ToRpcException();

    /// <summary>Answers a call that did not reach its service: a response without messages, whose trailers stand in its
    /// headers.</summary>
    public static void Write(HttpContext http, Error error, MessageCatalog texts)
    {
        var status = Of(error, texts, http.Language());
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
    }

    private static Google.Rpc.Status Of(Error error, MessageCatalog texts, string language)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)CodeOf(error.Kind),
            Message = texts.Text(error.Code, language, error.Facts),
            Details = { Any.Pack(new ErrorInfo { Domain = Domain, Reason = error.Code }) },
        };
        if (error.Errors.Count > 0)
        {
            var fields = error.Errors.Select(field => new BadRequest.Types.FieldViolation
            {
                Field = field.Field,
                Reason = field.Code,
                Description = texts.Text(field.Code, language, field.Values),
            });
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { fields } }));
        }

        if (error.RetryAfter is { } wait)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        return status;
    }

    private static StatusCode CodeOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Invalid or ErrorKind.UnsupportedMediaType => StatusCode.InvalidArgument,
            ErrorKind.Unauthenticated => StatusCode.Unauthenticated,
            ErrorKind.Forbidden => StatusCode.PermissionDenied,
            ErrorKind.NotFound or ErrorKind.Gone => StatusCode.NotFound,
            ErrorKind.Conflict => StatusCode.AlreadyExists,
            ErrorKind.PreconditionFailed => StatusCode.Aborted,
            ErrorKind.TooLarge or ErrorKind.TooManyRequests => StatusCode.ResourceExhausted,
            ErrorKind.Refused => StatusCode.FailedPrecondition,
            ErrorKind.Unavailable => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
}

/// <summary>Carries a rejection out of a gRPC service.</summary>
public sealed class RejectedException(Error error) : Exception(error.Code)
{
    public Error Error { get; } = error;
}

/// <summary>From outcomes to replies.</summary>
public static class RpcOutcomes
{
    /// <exception cref="RejectedException">It was rejected.</exception>
    public static T OrReject<T>(this Outcome<T> outcome) => outcome.Match(value => value, error => throw new RejectedException(error));
}
