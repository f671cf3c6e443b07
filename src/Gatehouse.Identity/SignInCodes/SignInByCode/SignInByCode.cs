using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>Signs in with the code that was sent (<see cref="ProvedSignIn"/>). The row lock serializes parallel attempts, so N guesses
/// count N.</summary>
internal static class SignInByCode
{
    public const string NameDescription =
        "Name of the new user, where the code creates an account. Rejected as missing only then; the same code stays valid.";

    public sealed record Request : ITokenRequest
    {
        [Description("The digits of the code.")]
        [Required, MaxLength(10)]
        public string? Code { get; init; }

        [Description(NameDescription)]
        [MaxLength(PersonName.MaxLength)]
        public string? Name { get; init; }

        [Description(ITokenRequest.TransportDescription)]
        [MaxLength(16)]
        public string? Transport { get; init; }

        [Description(ITokenRequest.RememberDescription)]
        public bool? Remember { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/sign-in-codes/{id:guid}/verify",
                async (Guid id, JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted);
                    return outcome.ToResult(step => transport.Answer(http, step, body.Input.Value));
                }
            )
            .WithName(nameof(SignInByCode))
            .WithSummary("Sign in by code")
            .WithDescription(
                "Starts a session, or answers 200 with a challenge where a second factor is due. "
                    + "A wrong code uses one of three attempts. While many wrong codes are tried in the tenant, codes are "
                    + "longer, and shorter ones are rejected with 410, except from devices that the user signed in from before."
            )
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .Produces<ChallengeResponse>()
            .ProducesProblems(403, 409, 410, 422)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit)
            .AcceptDeviceToken();

    internal sealed class Handler(SignInCodeVerification purpose, ProvedSignIn proved)
    {
        public async Task<Outcome<SignInStep>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByCode)
                return SignInErrors.ModeOff;
            var (request, errors) = input;
            var code = OneTimeCode.Parse(request.Code, purpose.CodeLengths, "code", errors);
            var name = TextInput.IsBlank(request.Name) ? null : PersonName.Parse(request.Name, "name", errors);
            return errors.Any || code is null
                ? RequestErrors.InvalidWith(errors)
                : await proved.SignInAsync(id, new VerificationInput(code, Link: null), name, actor, cancellationToken);
        }
    }
}
