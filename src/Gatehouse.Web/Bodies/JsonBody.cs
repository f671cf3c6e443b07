using System.Reflection;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Web;

/// <summary>
/// The JSON body of a request. A body that is no JSON object at all is rejected before the endpoint runs; otherwise every member of the
/// wrong shape is left null and reported in <see cref="ValidationErrors"/>, to which the handler adds its own, so that one answer names
/// all.
/// </summary>
/// <typeparam name="T">A public record with nullable <c>init</c> properties: text, numbers, booleans, arrays, maps and further such
/// records.</typeparam>
public sealed class JsonBody<T> : IJsonBody, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly Input<T>? input;

    private JsonBody(Input<T>? input, Error? rejection) => (this.input, Rejection) = (input, rejection);

    public Input<T> Input => input ?? throw new InvalidOperationException("A refused body has no value.");

    internal Error? Rejection { get; }

    Error? IJsonBody.Rejection => Rejection;

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!IsJson(context.Request))
            return Refused(RequestErrors.ContentType);

        var body = await RequestBody.ReadAsync(context);
        if (body.Error is { } tooLarge)
            return Refused(tooLarge);

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value;
        return Read(body.Value.Bytes, JsonRecord<T>.For(options.SerializerOptions));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        // Fails at start, not at the first request, when T is no request record.
        _ = JsonRecord<T>.For(builder.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
        builder.FilterFactories.Add(
            static (_, next) =>
                invocation =>
                    invocation.Arguments.OfType<IJsonBody>().FirstOrDefault()?.Rejection is { } rejection
                        ? ValueTask.FromResult<object?>(rejection.ToProblem())
                        : next(invocation)
        );
    }

    internal static JsonBody<T> Read(ReadOnlyMemory<byte> bytes, JsonRecord<T> record)
    {
        var errors = new ValidationErrors();
        return record.Read(bytes, errors) is { } value
            ? new JsonBody<T>(new Input<T>(value, errors), rejection: null)
            : Refused(RequestErrors.MalformedJson);
    }

    private static JsonBody<T> Refused(Error error) => new(input: null, error);

    private static bool IsJson(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && RequestForm.IsUtf8(type, orAscii: false);
}

/// <summary>Lets the filter see any <see cref="JsonBody{T}"/>.</summary>
internal interface IJsonBody
{
    Error? Rejection { get; }
}
