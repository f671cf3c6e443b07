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

/// <summary>Signs in with the link of the mail (<see cref="ProvedSignIn"/>). Consumed by POST only: mail scanners follow links.</summary>
internal static class SignInByLink
{
    public sealed record Request : ITokenRequest
    {
        [Description("The token of the link.")]
        [Required, MaxLength(64)]
        public string? Token { get; init; }

        [Description(SignInByCode.NameDescription)]
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
                "/sign-in-codes/confirm",
                async (JsonBody<Request> body, Handler handler, TokenTransport transport, HttpContext http) =>
                {
                    if (TokenTransport.Validate(body.Input, http) is { } rejection)
                        return rejection.ToProblem();
                    var outcome = await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted);
                    return outcome.ToResult(step => transport.Answer(http, step, body.Input.Value));
                }
            )
            .WithName(nameof(SignInByLink))
            .WithSummary("Sign in by link")
            .WithDescription(
                "Starts a session with the token of a mail’s link, or answers 200 with a challenge where a second factor is due. "
                    + "The link can be used once."
            )
            .Produces<SignInResponse>(StatusCodes.Status201Created)
            .Produces<ChallengeResponse>()
            .ProducesProblems(403, 409)
            .AllowAnonymous()
            .LimitBy(VerificationArea.VerifyLimit)
            .AcceptDeviceToken();

    internal sealed class Handler(ProvedSignIn proved)
    {
        public async Task<Outcome<SignInStep>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (!actor.Tenant.Settings.SignsInByCode)
                return SignInErrors.ModeOff;
            var (request, errors) = input;
            var link = LinkToken.Parse(request.Token, "token", errors);
            var name = TextInput.IsBlank(request.Name) ? null : PersonName.Parse(request.Name, "name", errors);
            return errors.Any || link is null
                ? RequestErrors.InvalidWith(errors)
                : await proved.SignInAsync(id: null, new VerificationInput(Code: null, link), name, actor, cancellationToken);
        }
    }
}
