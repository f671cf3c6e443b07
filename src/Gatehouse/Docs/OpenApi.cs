using Gatehouse.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Gatehouse.Docs;

/// <summary>The HTTP surface as OpenAPI 3.1 at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApi
{
    public const string Document = "v1";
    public const string Path = $"/openapi/{Document}.json";

    private const string Bearer = "bearer";

    private const string Fresh =
        " Asks users for a proof of the last five minutes (POST /v1/me/reauthenticate); service accounts are not asked.";

    private const string FreshWhereItReachesFar =
        " Where the role allows anything of Gatehouse itself, asks users for a proof of the last five minutes "
        + "(POST /v1/me/reauthenticate); service accounts are not asked.";

    public static void AddGatehouseOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(
            Document,
            options =>
            {
                // What answers HEAD answers as GET does.
                options.ShouldInclude = operation => operation.HttpMethod != HttpMethods.Head;
                // Requests and responses are nested in their slice: without the slice's name, all of them would be one schema called
                // Request.
                options.CreateSchemaReferenceId = type => NameInSlice(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                options.AddSchemaTransformer(
                    (schema, context, _) =>
                    {
                        Describe(schema, context.JsonTypeInfo.Type);
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(
                    (operation, context, _) =>
                    {
                        // Some answers an endpoint documents, some its group: in the document they stand by number.
                        var answers = new OpenApiResponses();
                        foreach (var (status, answer) in operation.Responses!.OrderBy(answer => answer.Key, StringComparer.Ordinal))
                            answers.Add(status, answer);
                        operation.Responses = answers;
                        operation.Parameters ??= [];
                        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                        if (context.Description.RelativePath!.Split('/')[0] is "v1" or "oauth2")
                            operation.Parameters.Add(
                                Header(
                                    "Gatehouse-Tenant",
                                    "Name of the tenant. Needed only if there are several tenants and neither the token nor the host "
                                        + "name identifies it."
                                )
                            );
                        if (metadata.OfType<IAuthorizeData>().Any())
                            operation.Security =
                            [
                                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
                            ];
                        if (metadata.OfType<FreshMetadata>().FirstOrDefault() is { } fresh)
                            operation.Description += fresh.IsConditional ? FreshWhereItReachesFar : Fresh;
                        if (metadata.OfType<DeviceTokenMetadata>().Any())
                            operation.Parameters.Add(
                                Header(
                                    "Gatehouse-Device",
                                    "The deviceToken of an earlier sign-in on this device. Browsers send a cookie instead."
                                )
                            );
                        if (metadata.OfType<IdempotencyMetadata>().Any())
                            operation.Parameters.Add(
                                Header(
                                    "Idempotency-Key",
                                    "1 to 128 visible ASCII characters. For 24 hours, a request with the same key and body returns the "
                                        + "first response again."
                                )
                            );
                        return Task.CompletedTask;
                    }
                );
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info.Title = "Gatehouse";
                        document.Info.Version = Document;
                        document.Info.Description = "Sign-up, e-mail verification, sign-in, sessions and password reset.";
                        document.Servers?.Clear();
                        foreach (var schema in document.Components?.Schemas?.Values ?? [])
                            Unwrap(schema);
                        document.AddComponent<IOpenApiSecurityScheme>(
                            Bearer,
                            new OpenApiSecurityScheme
                            {
                                Type = SecuritySchemeType.Http,
                                Scheme = "bearer",
                                BearerFormat = "JWT",
                                Description = "The accessToken of a sign-in, a completed registration or a refresh.",
                            }
                        );
                        return Task.CompletedTask;
                    }
                );
            }
        );

    public static void MapGatehouseOpenApi(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    private static string? NameInSlice(Type type) =>
        type switch
        {
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(Page<>) => NameInSlice(type.GetGenericArguments()[0])
                + "Page",
            { DeclaringType: { } slice } => slice.Name + type.Name,
            _ => null,
        };

    // The generator describes what the serializer would read; these are the stricter requests and the freer responses that are meant.
    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (schema.Type is { } kind && (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)))
        {
            schema.Type = kind & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        // Responses gain members with time, and callers must bear that; requests with unknown members are rejected.
        if (type.Name is not ("Request" or "Proof"))
        {
            schema.AdditionalPropertiesAllowed = true;
            return;
        }

        // A member that must be there is nullable in the record only so that its absence can be reported.
        foreach (var name in schema.Required ?? new HashSet<string>(StringComparer.Ordinal))
        {
            if (schema.Properties?[name] is OpenApiSchema member)
                member.Type &= ~JsonSchemaType.Null;
        }
    }

    // A member that may be left out is one in the document, too, and no choice between it and null.
    private static void Unwrap(IOpenApiSchema schema)
    {
        foreach (var (name, member) in schema.Properties?.ToList() ?? [])
        {
            if (member.OneOf is [{ Type: JsonSchemaType.Null }, OpenApiSchemaReference reference])
                schema.Properties![name] = reference;
        }
    }

    private static OpenApiParameter Header(string name, string description) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
