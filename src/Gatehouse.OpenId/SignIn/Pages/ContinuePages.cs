using Gatehouse.Contracts.Access;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Gatehouse.OpenId.SignIn;

/// <summary>What is asked of a user before an application gets its code, and where the user ends it instead.</summary>
public sealed record Question(string Application)
{
    /// <summary>The reference of the request.</summary>
    public required string Urn { get; init; }

    public required string User { get; init; }

    /// <summary>Who that is, and what is asked: an answer is to this question and to no other one.</summary>
    public required string Subject { get; init; }

    /// <summary>Where the application is.</summary>
    public required string Host { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public bool AsksConsent { get; init; }

    public bool AsksProof { get; init; }
}

/// <summary>The page on which a user lets an application go on, or does not. Whatever is decided, the request itself goes on at its
/// endpoint.</summary>
internal sealed class ContinuePages(
    AuthorizationFlow flow,
    AuthorizationEntry entry,
    Database database,
    IApplicationSessions sessions,
    IFreshAuthentication fresh,
    IUserDirectory users,
    TimeProvider clock
)
{
    public const string Path = "/oauth2/continue";
    public const string CancelPath = "/oauth2/cancel";
    public const string RequestField = Parameters.RequestUri;
    public const string ActField = "act";
    public const string PasswordField = "password";
    public const string SubjectField = "subject";
    public const string Go = "continue";
    public const string Cancel = "cancel";
    public const string Switch = "switch";

    private const string Over = "This sign-in has expired, was used already, or was begun in another browser.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapPages();
        group.MapGet(Path, (ContinuePages pages, HttpContext http) => pages.ShowAsync(http)).AllowAnonymous();
        group
            .MapPost(Path, (ContinuePages pages, HttpContext http) => pages.DecideAsync(http))
            .AllowAnonymous()
            .LimitBy(SignInArea.PageLimit)
            .FormOf(Path);
        group.MapGet(CancelPath, (ContinuePages pages, HttpContext http) => pages.CancelAsync(http)).AllowAnonymous();
    }

    /// <param name="path">Of the authorization endpoint.</param>
    public static string PathOf(string path) => Path + QueryString.Create(RequestField, UrnOf(path)!);

    /// <summary>The reference in a path of the authorization endpoint; null for any other one.</summary>
    public static string? UrnOf(string? path) =>
        path is not null && path.StartsWith(BrowserPaths.Authorization + "?", StringComparison.Ordinal)
            ? QueryHelpers.ParseQuery(path[BrowserPaths.Authorization.Length..])[RequestField].ToString()
            : null;

    private async Task<IResult> ShowAsync(HttpContext http)
    {
        if (await FindAsync(http, http.Request.Query[RequestField]) is not { } waiting)
            return Error();
        return await AskAsync(http, waiting, error: null);
    }

    private async Task<IResult> AskAsync(HttpContext http, Waiting waiting, Error? error)
    {
        var standing = await flow.EvaluateAsync(waiting.Client, AuthorizationFlow.RequestOf(waiting.Request), waiting.Request, http);
        if (!standing.Next.AsksAnything)
            return http.SeeOther(waiting.Path);
        if (standing.Next.AsksProof && await fresh.AsksOtherAsync(http.Actor(), http.RequestAborted))
            return http.SeeOther(IFreshAuthentication.AnewAt(waiting.Path));
        var address = new Uri(AuthorizationFlow.RequestOf(waiting.Request).RedirectUri!);
        http.Features.Set(ContentPolicy.PageTo(address));
        var user = http.Actor().RequiredUser.Id;
        var names = await users.NamesAsync(http.Actor().Tenant.Id, [user], http.RequestAborted);
        var question = new Question(waiting.Client.Name)
        {
            Urn = waiting.Urn,
            User = names.TryGetValue(user, out var name) ? name.Name : "",
            Subject = SubjectOf(user, standing),
            Host = address.Host.Length > 0 ? address.Host : address.Scheme,
            Scopes = [.. standing.Scopes.Where(scope => scope != SignInScopes.OpenId)],
            AsksConsent = standing.Next.AsksConsent,
            AsksProof = standing.Next.AsksProof,
        };
        return http.Page<ContinuePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ContinuePage.Question)] = question,
                [nameof(ContinuePage.Error)] = error,
            },
            error
        );
    }

    private async Task<IResult> DecideAsync(HttpContext http)
    {
        var form = http.Request.Form;
        if (await FindAsync(http, form[RequestField]) is not { } waiting)
            return Error();
        switch (form[ActField].ToString())
        {
            case Cancel:
                return await DenyAsync(http, waiting);
            case Switch:
                if (http.Actor().User is { } user)
                    await sessions.EndAsync(user.Id, user.SessionId, SessionEnding.SignedOut, http.Actor(), CancellationToken.None);
                http.SignOut();
                return http.SeeOther("/sign-in" + QueryString.Create("returnUrl", waiting.Path));
            default:
                return await GoOnAsync(http, waiting, form[PasswordField]);
        }
    }

    private async Task<IResult> GoOnAsync(HttpContext http, Waiting waiting, string? password)
    {
        var standing = await flow.EvaluateAsync(waiting.Client, AuthorizationFlow.RequestOf(waiting.Request), waiting.Request, http);
        if (!standing.Next.AsksAnything)
            return http.SeeOther(waiting.Path);
        // Somebody else signed in meanwhile in another window, or the application may ask for more by now.
        if (http.Request.Form[SubjectField] != SubjectOf(http.Actor().RequiredUser.Id, standing))
            return await AskAsync(http, waiting, error: null);
        if (standing.Next.AsksProof && await fresh.ProveAsync(http.Actor(), password, http.RequestAborted) is { } rejection)
            return await AskAsync(http, waiting, rejection);
        await database.InTransactionAsync(
            "openid.consent",
            async tx =>
            {
                var (tenant, user) = (http.Actor().Tenant.Id, http.Actor().RequiredUser.Id);
                if (standing.Next.AsksConsent)
                {
                    await Consents.AddAsync(tx, (tenant, user, waiting.Client.Id), standing.Scopes, clock.GetUtcNow());
                    var record = AuditRecord.Of(http.Actor(), "client.consented") with { Subject = user };
                    tx.Record(record.WithFact("clientId", waiting.Client.ClientId).WithFact("scopes", string.Join(' ', standing.Scopes)));
                }

                return await waiting.Request.AnswerAsync(tx, PendingAnswer.Agreed, user);
            },
            CancellationToken.None
        );
        return http.SeeOther(waiting.Path);
    }

    private static string SubjectOf(Guid user, Standing standing) =>
        standing.Next.AsksConsent ? $"{user} {string.Join(' ', standing.Scopes)}" : user.ToString();

    // No page of ours comes between: the browser that began with it may end it.
    private async Task<IResult> CancelAsync(HttpContext http) =>
        await FindAsync(http, http.Request.Query[RequestField]) is { } waiting ? await DenyAsync(http, waiting) : Error();

    private async Task<IResult> DenyAsync(HttpContext http, Waiting waiting)
    {
        await database.QueryAsync(db => waiting.Request.AnswerAsync(db, PendingAnswer.Denied, by: null), CancellationToken.None);
        return http.SeeOther(waiting.Path);
    }

    private async Task<Waiting?> FindAsync(HttpContext http, string? urn) =>
        await flow.FindAsync(http, urn) is { } waiting && await entry.IsOfThisBrowserAsync(waiting.Request, http) ? waiting : null;

    private static AuthorizationErrorResult Error() => new(Over);
}

/// <summary>Answers with the page of what no application may be told.</summary>
internal sealed class AuthorizationErrorResult(string detail) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => AuthorizationErrorPage.ShowAsync(httpContext, detail);
}

/// <summary>Says on the page to sign in which application is waiting.</summary>
internal sealed class SignInOccasions(AuthorizationFlow flow, AuthorizationEntry entry) : ISignInOccasion
{
    public async ValueTask<SignInOccasion?> FindAsync(HttpContext http, string? returnUrl)
    {
        if (await flow.FindAsync(http, ContinuePages.UrnOf(returnUrl)) is not { } waiting)
            return null;
        if (!await entry.IsOfThisBrowserAsync(waiting.Request, http))
            return null;
        var request = AuthorizationFlow.RequestOf(waiting.Request);
        var cancel = ContinuePages.CancelPath + QueryString.Create(ContinuePages.RequestField, waiting.Urn);
        return new SignInOccasion(waiting.Client.Name)
        {
            CancelPath = cancel,
            Identifier = request.LoginHint is { Length: <= 254 } hint && !hint.Any(char.IsControl) ? hint : null,
            Policy = ContentPolicy.PageTo(new Uri(request.RedirectUri!)),
        };
    }
}
