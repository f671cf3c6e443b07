using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passkeys;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Values;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Identity.Accounts;

/// <summary>The own account: what others read of the user, what signs in, and where the user is signed in. Each change leads back to its
/// page and says what was done.</summary>
internal static class AccountPages
{
    public const string Path = "/account";
    public const string PreviewPath = Path + "/preview";
    public const string SecurityPath = Path + "/security";
    public const string PasswordPath = SecurityPath + "/password";
    public const string EmailPath = SecurityPath + "/email";
    public const string PhonePath = SecurityPath + "/phone";
    public const string RemovePhonePath = PhonePath + "/remove";
    public const string SessionsPath = Path + "/sessions";
    public const string EndPath = SessionsPath + "/end";
    public const string EndOthersPath = SessionsPath + "/end-others";

    public const string PhotoPath = Path + "/photo";
    public const string RemovePhotoPath = PhotoPath + "/remove";

    /// <summary>Where ending a session leads that its user does not know.</summary>
    public const string ThenField = "then";
    public const string ThenPassword = "password";

    private const string SignedOutPath = "/signed-out";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages
            .MapGet(
                Path,
                (string? done, GetMe.Handler me, PictureAddresses pictures, HttpContext http) =>
                    ShowAsync(
                        me,
                        pictures,
                        http,
                        new AccountState
                        {
                            Done = done is AccountState.Profile or AccountState.PhotoSet or AccountState.PhotoRemoved ? done : null,
                            PhotoError = PhotoForm.Told(done),
                            Typed = ProfileForm.Of(http.TakeDraft(Path, ProfileForm.Fields.Count)),
                        }
                    )
            )
            .RequireSignIn()
            .TermsFirst();
        pages.MapGet(PreviewPath, PreviewAsync).RequireSignIn();
        pages.MapGet(SecurityPath, ShowSecurityAsync).RequireSignIn().TermsFirst();
        pages.MapGet(SessionsPath, ShowSessionsAsync).RequireSignIn().TermsFirst();
        pages.MapPost(Path, SaveAsync).RequireSignIn().FormOf(Path, ProfileForm.Fields);
        pages.MapPost(EndPath, EndAsync).RequireSignIn().FormOf(SessionsPath);
        pages.MapPost(EndOthersPath, EndOthersAsync).RequireSignIn().FormOf(SessionsPath);
    }

    private static async Task<IResult> SaveAsync(UpdateMe.Handler handler, GetMe.Handler me, PictureAddresses pictures, HttpContext http)
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
        return await ShowAsync(me, pictures, http, new AccountState { Typed = typed, IsStale = isStale }, ProfileForm.InOneField(error));
    }

    private static async Task<IResult> PreviewAsync(GetMe.Handler me, PictureAddresses pictures, HttpContext http)
    {
        var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
        return user.Error is { } failure
            ? Failed(failure, http)
            : http.Page<ProfilePreview>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(ProfilePreview.Card)] = ProfileCard.Of(user.Value, pictures),
                    [nameof(ProfilePreview.Picture)] = user.Value.PublicFields.Contains(CardFields.Picture)
                        ? PhotoPath
                        : SiteFiles.NobodyPath,
                }
            );
    }

    private static async Task<IResult> EndAsync(EndSessions.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var outcome = await handler.EndOneAsync(form["id"].ToString(), http.Actor(), http.RequestAborted);
        // One that ended meanwhile, in another window or by a second click, is what was wanted.
        if (outcome.Error is { } error && error.Code != SessionsErrors.SessionNotFound.Code)
            return error.ToProblem();
        if (!outcome.Succeeded || outcome.Value != http.Actor().RequiredUser.SessionId)
            return http.SeeOther($"{(form[ThenField] == ThenPassword ? PasswordPath : SessionsPath)}?done={AccountState.Session}");

        http.SignOut();
        return http.SeeOther(SignedOutPath);
    }

    private static async Task<IResult> EndOthersAsync(EndSessions.Handler handler, HttpContext http) =>
        (await handler.EndAllAsync("current", http.Actor(), http.RequestAborted)).ToResult(_ =>
            http.SeeOther(SessionsPath + "?done=" + AccountState.Sessions)
        );

    internal static async Task<IResult> ShowAsync(
        GetMe.Handler me,
        PictureAddresses pictures,
        HttpContext http,
        AccountState state,
        Error? error = null
    )
    {
        var user = await me.HandleAsync(http.Actor(), http.RequestAborted);
        return user.Error is { } failure
            ? Failed(failure, http)
            : http.Page<AccountPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(AccountPage.User)] = user.Value,
                    [nameof(AccountPage.State)] = state,
                    [nameof(AccountPage.TakesPhotos)] = pictures.AreKept,
                    [nameof(AccountPage.Error)] = error,
                },
                HttpMethods.IsGet(http.Request.Method) ? null : error ?? state.PhotoError
            );
    }

    private static async Task<IResult> ShowSecurityAsync(
        string? done,
        GetMe.Handler me,
        ListPasskeys.Handler passkeys,
        Database database,
        HttpContext http
    )
    {
        var actor = http.Actor();
        var user = await me.HandleAsync(actor, http.RequestAborted);
        if (user.Error is { } failure)
            return Failed(failure, http);
        var stored = await database.QueryAsync(db => StoredUser.FindAsync(db, actor.Tenant.Id, actor.RequiredUser.Id), http.RequestAborted);
        var listed = await passkeys.HandleAsync(actor, http.RequestAborted);
        if (listed.Error is { } gone)
            return Failed(gone, http);
        return http.Page<SecurityPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(SecurityPage.User)] = user.Value,
                [nameof(SecurityPage.PasswordChangedAt)] = stored?.PasswordChangedAt,
                [nameof(SecurityPage.Passkeys)] = listed.Value.Items,
                [nameof(SecurityPage.Done)] = AccountState.OfSecurity.Concat(PasskeyPages.Done).FirstOrDefault(one => one == done),
            }
        );
    }

    private static async Task<IResult> ShowSessionsAsync(string? done, string? after, ListSessions.Handler sessions, HttpContext http)
    {
        var listed = await sessions.HandleAsync(limit: null, after, http.Actor(), http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<SessionsPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(SessionsPage.Sessions)] = page.Items.Select(SessionLine.Of).ToList(),
                    [nameof(SessionsPage.Next)] = page.Next,
                    [nameof(SessionsPage.Done)] = done is AccountState.Session or AccountState.Sessions ? done : null,
                }
            )
        );
    }

    internal static IResult Failed(Error error, HttpContext http)
    {
        if (error.Kind is not ErrorKind.Unauthenticated)
            return error.ToProblem();
        // The token outlived the account by a moment; with it, signing in would lead straight back here.
        http.SignOut();
        return http.RedirectToSignIn();
    }
}

/// <summary>What the account page shows beside the account.</summary>
public sealed record AccountState
{
    public const string Profile = "profile";
    public const string PhotoSet = "photo-set";
    public const string PhotoRemoved = "photo-removed";
    public const string Session = "session";
    public const string Sessions = "sessions";
    public const string Password = "password";
    public const string Email = "email";
    public const string Phone = "phone";
    public const string PhoneRemoved = "phone-removed";
    public const string Canceled = "canceled";

    /// <summary>What the page of security says was done.</summary>
    public static readonly IReadOnlyList<string?> OfSecurity = [Password, Email, Phone, PhoneRemoved, Canceled];

    /// <summary>What was just done; null for nothing.</summary>
    public string? Done { get; init; }

    /// <summary>The form as it was sent, and rejected or kept until its user had signed in again; null shows what is stored.</summary>
    public ProfileForm? Typed { get; init; }

    /// <summary>Why the photo that was sent is not taken.</summary>
    public Error? PhotoError { get; init; }

    /// <summary>Whether the account was changed since the form was shown; what was typed is not saved.</summary>
    public bool IsStale { get; init; }
}
