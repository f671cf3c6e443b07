using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Accounts;

/// <summary>Shows the terms of service that a registration has to accept.</summary>
internal static class GetTerms
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet("/terms", (Handler handler, HttpContext http) => handler.Handle(http.Actor()).ToResult(TypedResults.Ok))
            .WithName(nameof(GetTerms))
            .WithSummary("Get the terms of service")
            .WithDescription("A registration sends their version as acceptedTerms. 404: the tenant has no terms.")
            .Produces<TermsDueView>()
            .ProducesProblems(404)
            .AllowAnonymous()
            .LimitBy(RateLimitPolicy.Other);

    internal sealed class Handler
    {
        [SuppressMessage("Performance", "CA1822", Justification = "Slices have their handler as a service.")]
        public Outcome<TermsDueView> Handle(Actor actor) =>
            actor.Tenant.Terms is { } terms ? TermsDueView.Of(terms, actor.Language) : AccountsErrors.NoTerms;
    }
}
