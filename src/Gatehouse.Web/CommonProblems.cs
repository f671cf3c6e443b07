using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web;

/// <summary>Documents what any endpoint of its kind may answer, from what the endpoint says of itself, so that none lists it.</summary>
internal static class CommonProblems
{
    private static readonly string[] ProblemDocument = ["application/problem+json"];

    public static RouteGroupBuilder DocumentCommonProblems(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            var known = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Select(answer => answer.StatusCode).ToHashSet();
            foreach (var status in Of(endpoint.Metadata))
            {
                if (known.Add(status))
                    endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Problem), ProblemDocument));
            }
        });
        return group;
    }

    private static IEnumerable<int> Of(IList<object> metadata)
    {
        // Any address may be ill-formed, any caller too frequent, any server not ready.
        yield return StatusCodes.Status400BadRequest;
        yield return StatusCodes.Status429TooManyRequests;
        yield return StatusCodes.Status503ServiceUnavailable;
        // The tenant may be unknown.
        if (metadata.OfType<ActorMark>().Any())
            yield return StatusCodes.Status404NotFound;
        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }

        if (metadata.OfType<IAuthorizeData>().Any())
        {
            yield return StatusCodes.Status401Unauthorized;
            // With cookies the call of another site is rejected.
            if (metadata.OfType<IHttpMethodMetadata>().SelectMany(m => m.HttpMethods).Any(SameOrigin.ChangesState))
                yield return StatusCodes.Status403Forbidden;
        }

        // The key may be in use, or be that of another request.
        if (metadata.OfType<IdempotencyMetadata>().Any())
            yield return StatusCodes.Status409Conflict;
    }
}
