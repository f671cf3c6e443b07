using System.Reflection;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>A <see cref="JsonBody{T}"/> that may be left out, which says the same as an object without members.</summary>
public sealed class OptionalJsonBody<T> : IJsonBody, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly JsonBody<T> body;

    private OptionalJsonBody(JsonBody<T> body) => this.body = body;

    public Input<T> Input => body.Input;

    Error? IJsonBody.Rejection => body.Rejection;

    public static async ValueTask<OptionalJsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
            return new OptionalJsonBody<T>((await JsonBody<T>.BindAsync(context, parameter))!);
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value;
        return new OptionalJsonBody<T>(JsonBody<T>.Read("{}"u8.ToArray(), JsonRecord<T>.For(options.SerializerOptions)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        JsonBody<T>.PopulateMetadata(parameter, builder);
        builder.Metadata.Remove(builder.Metadata.OfType<IAcceptsMetadata>().Last());
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));
    }
}
