using System.Reflection;
using Gatehouse.Server.Hosting;
using Gatehouse.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Architecture;

/// <summary>The whole program's endpoints, built as for serving, without a database and without listening.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private WebApplication app = null!;
    private IReadOnlyList<RouteEndpoint> endpoints = [];

    public ValueTask InitializeAsync()
    {
        var launch = new LaunchSettings(
            Development: true,
            DataFolder: "unused",
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Database:ConnectionString"] = "Host=localhost;Database=none",
                ["Keys:Master"] = "test:" + Convert.ToBase64String(new byte[32]),
                ["Mail:Sender"] = "inbox",
                ["Http:Port"] = "0",
            }
        );
        app = GatehouseHost.Build(launch, new Dictionary<string, string?>(StringComparer.Ordinal));
        endpoints = [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        Assert.NotEmpty(endpoints);
        Assert.Empty(
            endpoints
                .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<IAuthorizeData>() is null)
                .Select(e => e.DisplayName)
        );
    }

    [Fact]
    public void Every_slice_on_the_disk_that_has_routes_is_mapped()
    {
        var onDisk = SourceTree
            .Sources()
            .Where(f =>
                SourceTree.Modules.Contains(f.Path.Split('/')[0], StringComparer.Ordinal)
                && f.Text.Contains("public static void Map(IEndpointRouteBuilder", StringComparison.Ordinal)
            )
            .Select(f => Path.GetFileNameWithoutExtension(f.Path));
        var mapped = endpoints
            .Select(e => e.Metadata.GetMetadata<MethodInfo>()?.DeclaringType)
            .OfType<Type>()
            // The kit of the console maps the acts that it is told (ConsoleActs.MapActs).
            .SelectMany(t => t.GenericTypeArguments.Prepend(t))
            .Select(Outermost)
            .OfType<Type>()
            .Where(t => SourceTree.ModuleAssemblies.Contains(t.Assembly))
            .Select(t => t.Name)
            .Distinct(StringComparer.Ordinal);

        Assert.Equal(onDisk.Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_handler_is_registered_those_of_commands_too()
    {
        var known = app.Services.GetRequiredService<IServiceProviderIsService>();
        Assert.DoesNotContain(SourceTree.ModuleAssemblies.SelectMany(a => a.GetTypes()), t => t.Name == "Handler" && !known.IsService(t));
    }

    [Fact]
    public void Every_limit_of_an_endpoint_has_its_settings() =>
        Assert.All(
            endpoints
                .Select(e => e.Metadata.GetMetadata<RateLimitPolicy>())
                .OfType<RateLimitPolicy>()
                .Where(p => p != RateLimitPolicy.None),
            policy => Assert.NotNull(policy.RuleIn(app.Services))
        );

    [Fact]
    public void Every_operation_is_named_summarized_and_documents_its_refusals()
    {
        var operations = Operations().ToList();
        Assert.NotEmpty(operations);
        foreach (var operation in operations)
        {
            Assert.NotNull(operation.Metadata.GetMetadata<IEndpointNameMetadata>());
            Assert.NotNull(operation.Metadata.GetMetadata<IEndpointSummaryMetadata>());
            Assert.Contains(operation.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>(), p => p.StatusCode == 429);
        }
    }

    [Fact]
    public void Every_operation_documents_the_refusals_that_its_kind_can_meet()
    {
        foreach (
            var operation in endpoints.Where(e =>
                e.Metadata.GetMetadata<ITagsMetadata>() is not null && e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            )
        )
        {
            var documented = operation.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Select(p => p.StatusCode).ToHashSet();
            // Any address may be ill-formed, any caller too frequent, any server not ready.
            int[] expected = [400, 429, 503];
            if (operation.Metadata.GetMetadata<IAcceptsMetadata>() is not null)
                expected = [.. expected, 413, 415];
            if (operation.Metadata.GetMetadata<IAuthorizeData>() is not null)
            {
                expected = [.. expected, 401];
                // With cookies the call of another site is refused.
                if (operation.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(m => m is not ("GET" or "HEAD")))
                    expected = [.. expected, 403];
            }

            // OpenIddict answers in full each time.
            var path = operation.RoutePattern.RawText!;
            if (path.StartsWith("/.well-known", StringComparison.Ordinal) && !path.EndsWith("-server", StringComparison.Ordinal))
                expected = [.. expected, 304];
            Assert.Empty(expected.Except(documented).Select(status => $"{operation.DisplayName}: {status}"));
        }
    }

    [Fact]
    public void Request_bodies_are_public_sealed_records_whose_members_may_all_be_absent()
    {
        var bodies = Operations().Select(e => e.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType).OfType<Type>().ToList();
        Assert.NotEmpty(bodies);
        // A picture is a stream of bytes.
        foreach (var body in bodies.Where(body => body != typeof(Stream)))
        {
            Assert.True(body is { IsNestedPublic: true, IsSealed: true }, $"{body} must be public and sealed");
            Assert.All(
                body.GetProperties(),
                p =>
                    Assert.False(
                        p.PropertyType.IsValueType && Nullable.GetUnderlyingType(p.PropertyType) is null,
                        $"{body}.{p.Name} must be nullable"
                    )
            );
        }
    }

    [Fact]
    public void Nothing_but_operations_stands_under_v1() =>
        Assert.All(
            endpoints.Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("v1", StringComparison.Ordinal)),
            e => Assert.NotNull(e.Metadata.GetMetadata<ITagsMetadata>())
        );

    // Handlers are lambdas, which the compiler puts into classes of its own.
    private static Type? Outermost(Type? type) => type?.DeclaringType is { } outer ? Outermost(outer) : type;

    private IEnumerable<RouteEndpoint> Operations() =>
        endpoints.Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal));
}
