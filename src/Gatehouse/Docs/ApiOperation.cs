using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Docs;

/// <summary>An operation of the HTTP API, as the OpenAPI document lists it.</summary>
internal sealed record ApiOperation
{
    public required string Id { get; init; }

    /// <summary>The heading it stands under.</summary>
    public required string Group { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Summary { get; init; }

    public required bool NeedsUser { get; init; }

    /// <summary>Where it can be tried.</summary>
    public string Viewer => $"{ApiViewer.Path}/index.html#/{Group}/{Id}";

    public static async Task<IReadOnlyList<ApiOperation>> ListAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApi.Document);
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        return
        [
            .. from path in document.Paths
            from operation in path.Value.Operations ?? []
            select new ApiOperation
            {
                Id = operation.Value.OperationId ?? "",
                Group = operation.Value.Tags?.FirstOrDefault()?.Name ?? "",
                Method = operation.Key.Method,
                Path = path.Key,
                Summary = operation.Value.Summary ?? "",
                NeedsUser = operation.Value.Security is { Count: > 0 },
            },
        ];
    }
}
