using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.SignIn;

/// <summary>Proves again who is signed in (<see cref="FreshAuthentication"/>), for what asks for a young proof.</summary>
internal static class Reauthenticate
{
    public sealed record Request
    {
        [Description("The current password.")]
        [Required, MaxLength(PasswordInput.MaxLength)]
        public string? Password { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/reauthenticate",
                async Task<IResult> (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted) is { } error
                        ? error.ToProblem()
                        : TypedResults.NoContent()
            )
            .WithName(nameof(Reauthenticate))
            .WithSummary("Prove again who you are")
            .WithDescription(
                "Sensitive operations answer 403 identity.reauthentication-required unless the session was authenticated within the last "
                    + "five minutes. The proof counts for the session of the token, at once and without a new token."
            )
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403)
            .RequireSignIn()
            .LimitBy(SignInArea.SignInLimit);

    internal sealed class Handler(FreshAuthentication fresh)
    {
        public async Task<Error?> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken) =>
            input.Errors.Any
                ? RequestErrors.InvalidWith(input.Errors)
                : await fresh.ProveAsync(actor, input.Value.Password, cancellationToken);
    }
}
