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
/// Gives the own account another phone number, or its first one, once that is proved (<see cref="ContactChanges"/>).
/// <para>Publishes <c>user.phone-changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class ChangePhone
{
    public sealed record Request
    {
        [Description("The new mobile number with + and the country code, or with region. A code is sent to it.")]
        [Required, MaxLength(Values.PhoneNumber.MaxLength)]
        public string? PhoneNumber { get; init; }

        [Description(Regions.Description)]
        [MaxLength(2)]
        public string? Region { get; init; }

        public override string ToString() => "[phone]";
    }

    public sealed record Proof
    {
        [Description("The digits of the code.")]
        [Required, MaxLength(8)]
        public string? Code { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost(
                "/me/phone",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.BeginAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(Accepted)
            )
            .WithName(nameof(ChangePhone))
            .WithSummary("Change my phone number")
            .WithDescription(
                "Sends a code to the new number; until it is confirmed the former one stays in force. The response is the same if "
                    + "the number has another account."
            )
            .Produces<ContactChangeView>(StatusCodes.Status202Accepted)
            .ProducesProblems(403)
            .RequireSignIn()
            .LimitBy(CredentialsArea.ChangeLimit)
            .RequireFresh()
            .AcceptIdempotencyKey();
        v1.MapPost(
                "/me/phone/resend",
                async (Handler handler, HttpContext http) =>
                    (await handler.ResendAsync(id: null, http.Actor(), http.RequestAborted)).ToResult(Accepted)
            )
            .WithName("ResendPhoneChange")
            .WithSummary("Resend the code to my new phone number")
            .WithDescription("Possible after 60, 120 and then every 240 seconds, up to five messages per change.")
            .Produces<ContactChangeView>(StatusCodes.Status202Accepted)
            .ProducesProblems(404, 409, 429)
            .RequireSignIn()
            .LimitBy(VerificationArea.VerifyLimit);
        v1.MapPost(
                "/me/phone/confirm",
                async (JsonBody<Proof> body, Handler handler, HttpContext http) =>
                    (await handler.ConfirmAsync(id: null, body.Input, http.Actor(), http.RequestAborted)).ToResult(user =>
                        http.Tagged(user)
                    )
            )
            .WithName("ConfirmPhoneChange")
            .WithSummary("Confirm my new phone number")
            .WithDescription(
                "Puts the number in force that the code was sent to. A notice is sent to the e-mail address, or to the former number. A "
                    + "wrong code uses one of five attempts."
            )
            .Produces<UserView>()
            .ProducesProblems(404, 409, 410, 422)
            .RequireSignIn()
            .LimitBy(VerificationArea.VerifyLimit);
        v1.MapDelete(
                "/me/phone/pending",
                async (Handler handler, HttpContext http) =>
                    (await handler.CancelAsync(http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName("CancelPhoneChange")
            .WithSummary("Cancel the change of my phone number")
            .WithDescription("Gives up the change that waits to be confirmed. The number in force stays.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(404)
            .RequireSignIn();
    }

    private static IResult Accepted(ContactChangeView view) => TypedResults.Json(view, statusCode: StatusCodes.Status202Accepted);

    internal sealed class Handler(ContactChanges changes, PhoneChangeVerification purpose)
    {
        public async Task<Outcome<ContactChangeView>> BeginAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var phone = PhoneNumber.Parse(request.PhoneNumber, request.Region, purpose.Field, errors);
            return errors.Any || phone is null
                ? RequestErrors.InvalidWith(errors)
                : await changes.BeginAsync(purpose, phone, actor, cancellationToken);
        }

        public Task<Outcome<ContactChangeView>> ResendAsync(Guid? id, Actor actor, CancellationToken cancellationToken) =>
            changes.ResendAsync(purpose, id, actor, cancellationToken);

        public async Task<Outcome<UserView>> ConfirmAsync(Guid? id, Input<Proof> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var code = OneTimeCode.Parse(request.Code, purpose.CodeDigits, "code", errors);
            return errors.Any || code is null
                ? RequestErrors.InvalidWith(errors)
                : await changes.ConfirmAsync(purpose, id, new VerificationInput(code, Link: null), actor, cancellationToken);
        }

        public Task<Outcome<Guid>> CancelAsync(Actor actor, CancellationToken cancellationToken) =>
            changes.CancelAsync(purpose, actor, cancellationToken);
    }
}
