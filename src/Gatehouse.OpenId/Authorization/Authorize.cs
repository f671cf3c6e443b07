using System.Security.Claims;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.OpenId.Data;
using Gatehouse.OpenId.SignIn;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gatehouse.OpenId.Authorization;

/// <summary>
/// The authorization endpoint (RFC 6749, 4.1.1; OpenID Connect Core, 3.1.2): signs the user in, asks what has to be asked on pages of ours,
/// and sends the browser back with a code.
/// </summary>
internal static partial class Authorize
{
    private const int MaxNonce = 512;
    private const int MaxState = 2048;
    private const int MaxRequest = 8192;
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);

    public static void Add(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler =>
            handler.UseSingletonHandler<AuthorizationTarget.Find>().SetOrder(int.MinValue + 1000)
        );
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Validation>());
        server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseSingletonHandler<Decide>());
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler.UseSingletonHandler<Answer>());
    }

    /// <summary>What the client may ask for. Shared with requests that are pushed.</summary>
    public static void Check(
        BaseValidatingContext context,
        OpenIddictRequest request,
        AuthorizationTarget target,
        string audience,
        bool isPushed
    )
    {
        var settings = target.Client.SignIn!;
        if (settings.RequirePushedRequests && !isPushed)
            context.Reject(Errors.InvalidRequest, "The client must push its requests.");
        else if (settings.RequirePkce && string.IsNullOrEmpty(request.CodeChallenge))
            context.Reject(Errors.InvalidRequest, "The client must use PKCE with code_challenge_method S256.");
        else if (request.CodeChallenge is { Length: not 43 })
            context.Reject(Errors.InvalidRequest, "A challenge of S256 has 43 characters.");
        else if (!AuthorizationFlow.IsMaxAge(request, out _))
            context.Reject(Errors.InvalidRequest, "max_age is a number of seconds.");
        else if (request.GetParameters().Sum(p => p.Key.Length + ((string?)p.Value)?.Length ?? 0) > MaxRequest)
            context.Reject(Errors.InvalidRequest, "The request is too long.");
        else if (request.Nonce?.Length > MaxNonce || request.State?.Length > MaxState)
            context.Reject(Errors.InvalidRequest, "state or nonce is too long.");
        else if (ResourceIndicators.Asked(request, target.Client.Resources, audience) is null)
            context.Reject(Errors.InvalidTarget, ResourceIndicators.Rejection);
    }

    internal sealed class Validation(IAccessTokens tokens) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
    {
        public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var pushed = http.Features.Get<Waiting>() is not null;
            Check(context, context.Request, AuthorizationTarget.Of(context.Transaction)!, tokens.Audience, pushed);
            return default;
        }
    }

    internal sealed class Decide(
        Database database,
        AuthorizationFlow flow,
        Issuers issuers,
        IAccessTokens tokens,
        DatabaseOutage outage,
        TimeProvider clock,
        ILogger<Decide> logger
    ) : IOpenIddictServerHandler<HandleAuthorizationRequestContext>
    {
        // An application whose user is left on a page of ours waits for ever: it is told of failures, too (RFC 6749, 4.1.2.1).
        public async ValueTask HandleAsync(HandleAuthorizationRequestContext context)
        {
            try
            {
                await DecideAsync(context);
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !HasAnswered(context))
            {
                if (failure is DependencyAwayException || outage.Note(failure))
                {
                    context.Reject(Errors.TemporarilyUnavailable, "Try again in a few seconds.");
                    return;
                }

                Log.Unexpected(logger, failure);
                context.Reject(Errors.ServerError, "Something went wrong here.");
            }
        }

        private static bool HasAnswered(HandleAuthorizationRequestContext context) =>
            context.Transaction.GetHttpRequest()!.HttpContext.Response.HasStarted;

        private async Task DecideAsync(HandleAuthorizationRequestContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var target = AuthorizationTarget.Of(context.Transaction)!;
            var waiting = http.Features.Get<Waiting>();
            if (http.Features.Get<PostedRequest>() is not null)
            {
                await LeadAsync(context, waiting?.Path ?? await flow.KeepAsync(target.Client, http));
                return;
            }

            var standing = await flow.EvaluateAsync(target.Client, context.Request, waiting?.Request, http);
            if (standing.Next.Error is { } error)
                context.Reject(error, DescriptionOf(error));
            else if (standing.Next.IsIssue)
                await IssueAsync(context, target, standing, waiting);
            else
                await LeadAsync(context, NextPage(standing, waiting?.Path ?? await flow.KeepAsync(target.Client, http)));
        }

        private static string NextPage(Standing standing, string path) =>
            standing.Next.IsSignIn ? "/sign-in" + QueryString.Create("returnUrl", path)
            : standing.Next.IsTerms ? ITermsOfService.Before(path)
            : ContinuePages.PathOf(path);

        private static async Task LeadAsync(HandleAuthorizationRequestContext context, string path)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            await http.SeeOther(path).ExecuteAsync(http);
            context.HandleRequest();
        }

        private async Task IssueAsync(
            HandleAuthorizationRequestContext context,
            AuthorizationTarget target,
            Standing standing,
            Waiting? waiting
        )
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            var now = clock.GetUtcNow();
            var grant = new UserGrant
            {
                TenantId = http.Actor().Tenant.Id,
                Id = Guid.CreateVersion7(now),
                Client = target.Client.Id,
                UserId = standing.Now!.User,
                BrowserSession = http.Actor().RequiredUser.SessionId,
                Scopes = [.. standing.Scopes],
                Resources = [.. ResourceIndicators.Asked(context.Request, target.Client.Resources, tokens.Audience) ?? []],
                CodeExpiresAt = now + CodeLifetime,
                Domain = (await issuers.OfAsync(http)).Domain,
                RedirectUri = target.RedirectUri,
                Challenge = context.Request.CodeChallenge,
                Nonce = context.Request.Nonce,
                AuthenticatedAt = standing.Now.AuthenticatedAt,
            };
            // Nobody takes back what is done: the browser may be gone.
            var code = await database.QueryAsync(
                async db => waiting is null || await waiting.Request.UseUpAsync(db) ? await UserGrant.InsertAsync(db, grant, now) : null,
                CancellationToken.None
            );
            if (code is null)
            {
                context.Reject(Errors.InvalidRequestUri, "The request was used already.");
                return;
            }

            IssuedTokens.Set(context.Transaction, new IssuedTokens { Code = code });
            var principal = new ClaimsPrincipal(new ClaimsIdentity("Gatehouse"));
            principal.SetClaim(Claims.Subject, grant.UserId.ToString()).SetScopes(grant.Scopes);
            context.SignIn(principal);
        }

        private static string DescriptionOf(string error) =>
            error switch
            {
                Errors.AccessDenied => "The user did not agree.",
                Errors.LoginRequired => "The user has to sign in.",
                Errors.ConsentRequired => "The user has to agree.",
                Errors.InvalidRequest => "The ID token hint is none of this client.",
                _ => "The user has to choose, or to accept terms of service.",
            };
    }

    /// <summary>
    /// Sends rejections to the client, too, once it is certain who that is. Shows what is for the user alone, and forms that post
    /// themselves, as pages of ours.
    /// </summary>
    internal sealed class Answer(Issuers issuers) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
    {
        public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
        {
            var http = context.Transaction.GetHttpRequest()!.HttpContext;
            http.Response.Headers.CacheControl = "no-store";
            context.Response.ErrorUri = null;
            context.RedirectUri = AuthorizationTarget.Of(context.Transaction)?.RedirectUri;
            if (context.RedirectUri is null)
            {
                await AuthorizationErrorPage.ShowAsync(http, context.Response.ErrorDescription);
                context.HandleRequest();
                return;
            }

            // Left to itself it answers mistakes in these very parameters with a page of plain text.
            context.ResponseMode = context.Request?.ResponseMode is ResponseModes.FormPost or ResponseModes.Fragment
                ? context.Request.ResponseMode
                : ResponseModes.Query;
            context.Response.State = context.Request?.State;
            context.Response["iss"] = (await issuers.OfAsync(http)).Url;
            if (context.ResponseMode != ResponseModes.FormPost)
                return;
            await FormPostPage.ShowAsync(
                http,
                context.RedirectUri,
                [.. context.Response.GetParameters().Select(p => KeyValuePair.Create(p.Key, (string?)p.Value))]
            );
            context.HandleRequest();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "An authorization request failed unexpectedly.")]
        public static partial void Unexpected(ILogger logger, Exception failure);
    }
}
