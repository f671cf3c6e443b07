using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Credentials;

/// <summary>
/// Gives the own account another e-mail address, or its first one, once that is proved (<see cref="ContactChanges"/>).
/// <para>Publishes <c>user.email-changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ChangeEmail
{
    public sealed record Request
    {
        [Description("The new e-mail address, at most 254 characters. A code and a link are sent to it.")]
        [Required, MaxLength(EmailAddress.MaxLength)]
        public string? Email { get; init; }

        public override string ToString() => "[email]";
    }

    public sealed record Proof
    {
        [Description("The digits of the code. Send either the code or the token.")]
        [MaxLength(8)]
        public string? Code { get; init; }

        [Description("The token of the link. Send either the token or the code.")]
        [MaxLength(64)]
        public string? Token { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost(
                "/me/email",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.BeginAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(Accepted)
            )
            .WithName(nameof(ChangeEmail))
            .WithSummary("Change my e-mail address")
            .WithDescription(
                "Sends a code and a link to the new address; until it is confirmed the former one stays in force. How often the "
                    + "address may be changed is a setting of the tenant. The response is the same if the address has another account."
            )
            .Produces<ContactChangeView>(StatusCodes.Status202Accepted)
            .ProducesProblems(403, 409, 429)
            .RequireSignIn()
            .LimitBy(CredentialsArea.ChangeLimit)
            .RequireFresh()
            .AcceptIdempotencyKey();
        v1.MapPost(
                "/me/email/resend",
                async (Handler handler, HttpContext http) =>
                    (await handler.ResendAsync(id: null, http.Actor(), http.RequestAborted)).ToResult(Accepted)
            )
            .WithName("ResendEmailChange")
            .WithSummary("Resend the code to my new e-mail address")
            .WithDescription("Possible after 60, 120 and then every 240 seconds, up to five messages per change.")
            .Produces<ContactChangeView>(StatusCodes.Status202Accepted)
            .ProducesProblems(404, 409, 429)
            .RequireSignIn()
            .LimitBy(VerificationArea.VerifyLimit);
        v1.MapPost(
                "/me/email/confirm",
                async (JsonBody<Proof> body, Handler handler, HttpContext http) =>
                    (await handler.ConfirmAsync(id: null, body.Input, http.Actor(), http.RequestAborted)).ToResult(user =>
                        http.Tagged(user)
                    )
            )
            .WithName("ConfirmEmailChange")
            .WithSummary("Confirm my new e-mail address")
            .WithDescription(
                "Puts the new address in force. A notice with a link that undoes the change for seven days is sent to the former one. A "
                    + "wrong code uses one of five attempts."
            )
            .Produces<UserView>()
            .ProducesProblems(404, 409, 410, 422)
            .RequireSignIn()
            .LimitBy(VerificationArea.VerifyLimit);
        v1.MapDelete(
                "/me/email",
                async (Handler handler, HttpContext http) =>
                    (await handler.CancelAsync(http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName("CancelEmailChange")
            .WithSummary("Cancel the change of my e-mail address")
            .WithDescription("Gives up the change that waits to be confirmed. The address in force stays.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404)
            .RequireSignIn();
    }

    private static IResult Accepted(ContactChangeView view) => TypedResults.Json(view, statusCode: StatusCodes.Status202Accepted);

    internal sealed class Handler(ContactChanges changes, EmailChangeVerification purpose)
    {
        public async Task<Outcome<ContactChangeView>> BeginAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var email = EmailAddress.Parse(request.Email, purpose.Field, errors);
            return errors.Any || email is null
                ? RequestErrors.InvalidWith(errors)
                : await changes.BeginAsync(purpose, email, actor, cancellationToken);
        }

        public Task<Outcome<ContactChangeView>> ResendAsync(Guid? id, Actor actor, CancellationToken cancellationToken) =>
            changes.ResendAsync(purpose, id, actor, cancellationToken);

        public async Task<Outcome<UserView>> ConfirmAsync(Guid? id, Input<Proof> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var proof = VerificationInput.Parse(request.Code, request.Token, purpose.CodeDigits, errors);
            return errors.Any || proof is null
                ? RequestErrors.InvalidWith(errors)
                : await changes.ConfirmAsync(purpose, id, proof, actor, cancellationToken);
        }

        public Task<Outcome<Guid>> CancelAsync(Actor actor, CancellationToken cancellationToken) =>
            changes.CancelAsync(purpose, actor, cancellationToken);
    }
}
