using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>What endpoints say of themselves.</summary>
public static class EndpointExtensions
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The group of everything that is Gatehouse's own. What answers <c>GET</c> answers <c>HEAD</c> with the same headers (RFC
    /// 9110, 9.3.2); the server leaves out the body.</summary>
    public static RouteGroupBuilder MapOwn(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("").WithMetadata(OwnEndpoint.Instance);
        ((IEndpointConventionBuilder)own).Finally(static endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
                endpoint.Metadata.Add(new HttpMethodMetadata(GetAndHead));
        });
        return own;
    }

    /// <summary>The group of a module's operations: base path, tenant, a heading in the documents.</summary>
    public static RouteGroupBuilder MapV1(this IEndpointRouteBuilder routes, string heading) =>
        routes
            .MapGroup("/v1")
            .WithMetadata(ReadyMark.Instance, ActorMark.Instance)
            .RequireCors(CrossOriginPolicies.Name)
            .WithTags(heading)
            .DocumentCommonProblems();

    /// <summary>The group of what other services report of the installation as a whole: no tenant, nobody signed in. Each proves its sender
    /// itself.</summary>
    public static RouteGroupBuilder MapCallbacks(this IEndpointRouteBuilder routes, string heading) =>
        routes.MapGroup("/v1").WithMetadata(ReadyMark.Instance).WithTags(heading).DocumentCommonProblems();

    /// <summary>The group of the endpoints of OAuth 2.0: of a tenant, which proves its clients by itself.</summary>
    public static RouteGroupBuilder MapOAuth(this IEndpointRouteBuilder routes, string heading) =>
        routes.MapGroup("/oauth2").WithMetadata(ReadyMark.Instance, ActorMark.Instance).WithTags(heading).DocumentCommonProblems();

    /// <summary>The group of documents that services read (RFC 8615): at most the host tells them apart, and nobody is signed in.</summary>
    public static RouteGroupBuilder MapWellKnown(this IEndpointRouteBuilder routes, string heading) =>
        routes.MapGroup("/.well-known").WithMetadata(ReadyMark.Instance).WithTags(heading).DocumentCommonProblems();

    /// <summary>Says in what form the resource of this address takes changes (RFC 5789, 3.1).</summary>
    public static void AcceptPatch(this HttpContext http) => http.Response.Headers["Accept-Patch"] = "application/json";

    /// <summary>Documents the statuses of the endpoint's own rejections; each is a problem document. Those of its kind are documented by
    /// its group.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder builder, params int[] statuses)
    {
        foreach (var status in statuses)
            builder.Produces<Problem>(status, "application/problem+json");
        return builder;
    }

    /// <summary>Adds a module's generated JSON forms.</summary>
    public static IServiceCollection AddRequests(this IServiceCollection services, JsonSerializerContext context) =>
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, context));
}
