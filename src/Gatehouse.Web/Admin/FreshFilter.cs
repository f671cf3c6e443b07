using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

public static class FreshFilter
{
    /// <summary>A user must have proved lately who they are, as on the page that asks before the same act. A service account proves itself
    /// with every token.</summary>
    public static RouteHandlerBuilder RequireFresh(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(
            static async (context, next) =>
                context.HttpContext is var http
                && http.Actor() is { User: not null } actor
                && await Fresh(http).RequireAsync(actor, http.RequestAborted) is { } stale
                    ? stale.ToProblem()
                    : await next(context)
        );

    private static IFreshAuthentication Fresh(HttpContext http) => http.RequestServices.GetRequiredService<IFreshAuthentication>();
}
