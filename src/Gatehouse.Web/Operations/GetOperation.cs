using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Operations;

/// <summary>Reads an operation of one's own. Those of others do not exist, whoever asks.</summary>
internal static class GetOperation
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/operations/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.Language(), http.RequestAborted)).ToResult(view =>
                        TypedResults.Json(view)
                    )
            )
            .WithName(nameof(GetOperation))
            .WithSummary("Read an operation")
            .WithDescription(
                "Work that was answered with 202 and its id: what it does, how far it came and how it ended. It is kept for two days "
                    + "after its "
                    + "end. Only who started it can read it."
            )
            .Produces<OperationView>()
            .ProducesProblems(404)
            .RequireActor();

    internal sealed class Handler(OperationList operations, MessageCatalog texts)
    {
        public async Task<Outcome<OperationView>> HandleAsync(Guid id, Actor actor, string language, CancellationToken cancellationToken) =>
            await operations.FindAsync(OperationOwner.Of(actor), id, cancellationToken) is { } operation
                ? OperationView.Of(operation, texts, language)
                : OperationsErrors.NotFound;
    }
}
