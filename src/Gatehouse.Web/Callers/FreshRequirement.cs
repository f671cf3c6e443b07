using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>Marks an operation, page or form whose user must have proved lately who they are.</summary>
/// <param name="IsConditional">Whether only some of what it does asks for it.</param>
public sealed record FreshMetadata(bool IsConditional);

public static class FreshRequirement
{
    /// <summary>A user must have proved lately who they are: an operation says so, a page or form leads to where it is proved and back to
    /// what was typed. A service account proves itself with every token.</summary>
    /// <param name="when">Whether what is asked for reaches so far; null: it always does.</param>
    public static RouteHandlerBuilder RequireFresh(this RouteHandlerBuilder builder, Func<HttpContext, ValueTask<bool>>? when = null) =>
        builder
            .WithMetadata(new FreshMetadata(IsConditional: when is not null))
            .AddEndpointFilter(
                async (context, next) =>
                    context.HttpContext is var http
                    && http.Actor() is { User: not null } actor
                    && (when is null || await when(http))
                    && await Fresh(http).RequireAsync(actor, http.RequestAborted) is { } stale
                        ? (http.HasMark<PageMark>() ? http.LeadThrough(IFreshAuthentication.Page) : stale.ToProblem())
                        : await next(context)
            );

    private static IFreshAuthentication Fresh(HttpContext http) => http.RequestServices.GetRequiredService<IFreshAuthentication>();
}
