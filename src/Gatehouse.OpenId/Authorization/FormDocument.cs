using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace Gatehouse.OpenId.Authorization;

/// <summary>Documents the form that an endpoint takes. The framework knows bodies only that it binds itself, and rejects others in another
/// form than OAuth 2.0 does.</summary>
internal static class FormDocument
{
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder endpoint, params (string Name, string Description)[] fields) =>
        endpoint.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                    {
                        [OAuthEndpoints.Form] = new() { Schema = Describe([.. fields, .. Credentials]) },
                    },
                };
                return Task.CompletedTask;
            }
        );

    private static readonly (string Name, string Description)[] Credentials =
    [
        ("client_id", "Without Basic authentication: the client's public name."),
        ("client_secret", "Without Basic authentication: its secret."),
    ];

    private static OpenApiSchema Describe(IReadOnlyList<(string Name, string Description)> fields) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(StringComparer.Ordinal) { fields[0].Name },
            Properties = fields.ToDictionary(
                field => field.Name,
                IOpenApiSchema (field) => new OpenApiSchema { Type = JsonSchemaType.String, Description = field.Description },
                StringComparer.Ordinal
            ),
        };
}
