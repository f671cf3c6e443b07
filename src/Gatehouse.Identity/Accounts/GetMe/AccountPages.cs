using Gatehouse.Core.Results;
using Gatehouse.Identity.Sessions;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Identity.Accounts;

/// <summary>The own account on one page: what others read of the user, and where the user is signed in. Each change leads back here and
/// says what was done.</summary>
internal static class AccountPages
{
    public const string Path = "/account";
    public const string EndPath = Path + "/sessions/end";
    public const string EndOthersPath = Path + "/sessions/end-others";
    public const string ActivityPath = Path + "/activity";

    private const string SignedOutPath = "/signed-out";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (string? done, string? after, GetMe.Handler me, ListSessions.Handler sessions, HttpContext http) =>
                    ShowAsync(
                        me,
                        sessions,
                        http,
                        new AccountState
                        {
                            Done = AccountState.Known(done),
                            After = after,
                            Typed = ProfileForm.Of(http.TakeDraft(Path, ProfileForm.Fields.Count)),
                        },
                        error: null
                    )
            )
            .RequireSignIn();
        pages.MapPost(Path, SaveAsync).RequireSignIn().FormOf(Path, ProfileForm.Fields);
        pages.MapPost(EndPath, EndAsync).RequireSignIn().FormOf(Path);
        pages.MapPost(EndOthersPath, EndOthersAsync).RequireSignIn().FormOf(Path);
    }

    private static async Task<IResult> SaveAsync(
        UpdateMe.Handler handler,
        GetMe.Handler me,
        ListSessions.Handler sessions,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = ProfileForm.Of([.. ProfileForm.Fields.Select(field => form[field].ToString())])!;
        // A form that was kept over a sign-in names no state.
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var outcome = await handler.HandleAsync(Input.Of(typed.Request()), expected, http.Actor(), http.RequestAborted);
        if (outcome.Error is not { } error)
            return http.SeeOther(Path + "?done=" + AccountState.Profile);
        var isStale = error.Code == RequestErrors.PreconditionFailed.Code;
        return await ShowAsync(me, sessions, http, new AccountState { Typed = typed, IsStale = isStale }, ProfileForm.InOneField(error));
    }

    private static async Task<IResult> EndAsync(EndSessions.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var outcome = await handler.EndOneAsync(form["id"].ToString(), http.Actor(), http.RequestAborted);
        // One that ended meanwhile, in another window or by a second click, is what was wanted.
        if (outcome.Error is { } error && error.Code != SessionsErrors.SessionNotFound.Code)
            return error.ToProblem();
        if (!outcome.Succeeded || outcome.Value != http.Actor().RequiredUser.SessionId)
            return http.SeeOther(Path + "?done=" + AccountState.Session);

        http.SignOut();
        return http.SeeOther(SignedOutPath);
    }

    private static async Task<IResult> EndOthersAsync(EndSessions.Handler handler, HttpContext http) =>
        (await handler.EndAllAsync("current", http.Actor(), http.RequestAborted)).ToResult(_ =>
            http.SeeOther(Path + "?done=" + AccountState.Sessions)
        );

    private static async Task<IResult> ShowAsync(
        GetMe.Handler me,
        ListSessions.Handler sessions,
        HttpContext http,
        AccountState state,
        Error? error
    )
    {
        var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
        if (user.Error?.Kind is ErrorKind.Unauthenticated)
        {
            // The token outlived the account by a moment; with it, signing in would lead straight back here.
            http.SignOut();
            return http.RedirectToSignIn();
        }

        var listed = await sessions.HandleAsync(limit: null, state.After, http.Actor(), http.RequestAborted);
        if ((user.Error ?? listed.Error) is { } failure)
            return failure.ToProblem();
        return http.Page<AccountPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(AccountPage.User)] = user.Value,
                [nameof(AccountPage.Sessions)] = listed.Value.Items.Select(SessionLine.Of).ToList(),
                [nameof(AccountPage.State)] = state with { Next = listed.Value.Next },
                [nameof(AccountPage.Error)] = error,
            },
            error
        );
    }
}

/// <summary>What the account page shows beside the account.</summary>
public sealed record AccountState
{
    public const string Profile = "profile";
    public const string Session = "session";
    public const string Sessions = "sessions";

    /// <summary>What was just done; null for nothing.</summary>
    public string? Done { get; init; }

    /// <summary>The place in the list of sessions; null at its beginning.</summary>
    public string? After { get; init; }

    /// <summary>Where the list goes on; null at its end.</summary>
    public string? Next { get; init; }

    /// <summary>The form as it was sent, and rejected or kept until its user had signed in again; null shows what is stored.</summary>
    public ProfileForm? Typed { get; init; }

    /// <summary>Whether the account was changed since the form was shown; what was typed is not saved.</summary>
    public bool IsStale { get; init; }

    public static string? Known(string? done) => done is Profile or Session or Sessions ? done : null;
}
