using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Operations;

/// <summary>Cancels an operation of one's own: at once before it begins, at its next step while it runs.</summary>
internal static class CancelOperation
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/operations/{id:guid}/cancel",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.Language(), http.RequestAborted)).ToResult(view =>
                        TypedResults.Json(view)
                    )
            )
            .WithName(nameof(CancelOperation))
            .WithSummary("Cancel an operation")
            .WithDescription(
                "An operation that is queued is canceled at once. One that runs ends at its next step; what it did until then stays. It "
                    + "may "
                    + "still succeed if it was at its last."
            )
            .Produces<OperationView>()
            .ProducesProblems(404, 409)
            .RequireActor();

    internal sealed class Handler(OperationList operations, MessageCatalog texts)
    {
        public async Task<Outcome<OperationView>> HandleAsync(Guid id, Actor actor, string language, CancellationToken cancellationToken) =>
            await operations.CancelAsync(actor, id, cancellationToken) switch
            {
                null => OperationsErrors.NotFound,
                { WasOver: true } => OperationsErrors.Finished,
                { Operation: var operation } => OperationView.Of(operation, texts, language),
            };
    }
}
