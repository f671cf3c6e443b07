using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Core.Results;
using Gatehouse.Web.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// Answers a rejection in the caller's language: as an RFC 9457 problem document, whose codes and members never change with the language,
/// as a page where a user reads it, or as a gRPC status. Every rejection and failure passes here.
/// </summary>
public sealed class ProblemResult : IResult, IStatusCodeHttpResult
{
    private static readonly string[] Reserved = ["type", "title", "status", "detail", "instance", "code", "traceId", "errors"];

    private readonly int status;

    public ProblemResult(Error error)
        : this(error, StatusOf(error.Kind)) { }

    internal ProblemResult(Error error, int status)
    {
        Error = error;
        this.status = status;
    }

    public Error Error { get; }

    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (RpcStatus.IsWanted(httpContext))
        {
            RpcStatus.Write(httpContext, Error, httpContext.RequestServices.GetRequiredService<MessageCatalog>());
            return;
        }

        var response = httpContext.Response;
        var language = httpContext.Language();

        response.StatusCode = status;
        response.Headers.ContentLanguage = language;
        response.Headers.AppendCommaSeparatedValues("Vary", "Accept-Language");
        // RFC 9110, 15.5.2: who is rejected for want of a credential is told which kind.
        if (status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        if (status == StatusCodes.Status415UnsupportedMediaType && HttpMethods.IsPatch(httpContext.Request.Method))
            httpContext.AcceptPatch();
        if (Error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        if (httpContext.RequestServices.GetService<IErrorPages>() is { } pages && pages.IsWanted(httpContext))
            await pages.WriteAsync(httpContext, Error, status);
        else
            await WriteDocumentAsync(httpContext, language);
    }

    /// <summary>The problem document of what no request waits for any more.</summary>
    internal string Document(MessageCatalog messages, string language)
    {
        using var document = new MemoryStream();
        using (var json = new Utf8JsonWriter(document))
            Write(json, messages, language, traceId: null);
        return Encoding.UTF8.GetString(document.GetBuffer().AsSpan(0, (int)document.Length));
    }

    internal static string TraceId(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    private async Task WriteDocumentAsync(HttpContext httpContext, string language)
    {
        var response = httpContext.Response;
        var messages = httpContext.RequestServices.GetRequiredService<MessageCatalog>();
        response.ContentType = "application/problem+json";

        var document = new MemoryStream();
        await using (var json = new Utf8JsonWriter(document))
            Write(json, messages, language, TraceId(httpContext));
        response.ContentLength = document.Length;
        await response.Body.WriteAsync(document.GetBuffer().AsMemory(0, (int)document.Length), httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter json, MessageCatalog messages, string language, string? traceId)
    {
        json.WriteStartObject();
        json.WriteString("type", "urn:gatehouse:error:" + Error.Code);
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", messages.Text(Error.Code, language, Error.Facts));
        json.WriteString("code", Error.Code);
        if (traceId is not null)
            json.WriteString("traceId", traceId);
        foreach (var (name, value) in Error.Facts)
        {
            if (Reserved.Contains(name, StringComparer.Ordinal))
                continue;
            json.WritePropertyName(name);
            WriteFact(json, value);
        }

        if (Error.Errors.Count > 0)
            WriteErrors(json, messages, language);
        json.WriteEndObject();
    }

    private void WriteErrors(Utf8JsonWriter json, MessageCatalog messages, string language)
    {
        json.WriteStartArray("errors");
        foreach (var error in Error.Errors)
        {
            json.WriteStartObject();
            json.WriteString("field", error.Field);
            json.WriteString("code", error.Code);
            json.WriteString("message", messages.Text(error.Code, language, error.Values));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFact(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case DateTimeOffset time:
                // The plus sign stays as it is.
                json.WriteStringValue(
                    JsonEncodedText.Encode(TimestampJson.Text(time.ToUniversalTime()), JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
                );
                break;
            case IEnumerable<string> items:
                json.WriteStartArray();
                foreach (var item in items)
                    json.WriteStringValue(item);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static int StatusOf(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.Invalid => StatusCodes.Status400BadRequest,
            ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
            ErrorKind.NotFound => StatusCodes.Status404NotFound,
            ErrorKind.Conflict => StatusCodes.Status409Conflict,
            ErrorKind.Gone => StatusCodes.Status410Gone,
            ErrorKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
            ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
            ErrorKind.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
            ErrorKind.Refused => StatusCodes.Status422UnprocessableEntity,
            ErrorKind.TooManyRequests => StatusCodes.Status429TooManyRequests,
            ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => throw new UnreachableException(),
        };
}

/// <summary>From outcomes to answers.</summary>
public static class ProblemExtensions
{
    public static ProblemResult ToProblem(this Error error) => new(error);

    public static IResult ToResult<T>(this Outcome<T> outcome, Func<T, IResult> answer) =>
        outcome.Match(answer, error => error.ToProblem());
}
