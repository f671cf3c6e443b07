using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
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

    private static readonly char[] BetweenLinks = [' ', '\t', '\r', '\n'];
    private static readonly char[] BetweenTags = [',', ';', '،', ' ', '\t', '\r', '\n'];

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
        var request = new UpdateMe.Request
        {
            Name = typed.Name,
            GivenName = typed.GivenName,
            FamilyName = typed.FamilyName,
            Title = typed.Title,
            Website = typed.Website,
            Links = typed.Links.Split(BetweenLinks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            BirthDate = typed.BirthDate,
            About = typed.About,
            Languages = typed.Languages.Split(BetweenTags, StringSplitOptions.RemoveEmptyEntries),
            PreferredLanguage = typed.PreferredLanguage,
        };
        // A form that was kept over a sign-in names no state.
        var version = form["version"].ToString();
        var expected = version.Length == 0 ? StringValues.Empty : new StringValues(EntityTags.Quoted(version));
        var outcome = await handler.HandleAsync(Input.Of(request), expected, http.Actor(), http.RequestAborted);
        if (outcome.Error is not { } error)
            return http.SeeOther(Path + "?done=" + AccountState.Profile);
        var isStale = error.Code == RequestErrors.PreconditionFailed.Code;
        return await ShowAsync(me, sessions, http, new AccountState { Typed = typed, IsStale = isStale }, InOneField(error));
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
                [nameof(AccountPage.Sessions)] = listed
                    .Value.Items.Select(s => new SessionLine
                    {
                        Id = s.Id,
                        Current = s.Current,
                        Device = s.Device,
                        Network = s.Network,
                        UsedAt = s.UsedAt,
                    })
                    .ToList(),
                [nameof(AccountPage.State)] = state with { Next = listed.Value.Next },
                [nameof(AccountPage.Error)] = error,
            },
            error
        );
    }

    /// <summary>Tags and links stand in one field each, so the error of any of them is that field's.</summary>
    private static Error InOneField(Error error) =>
        error.With([
            .. error.Errors.Select(e =>
                e.Field.IndexOf('[', StringComparison.Ordinal) is > 0 and var end ? e with { Field = e.Field[..end] } : e
            ),
        ]);
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

/// <summary>The form of the own details, languages and links as one text each.</summary>
public sealed record ProfileForm
{
    public static readonly IReadOnlyList<string> Fields =
    [
        "name",
        "givenName",
        "familyName",
        "title",
        "website",
        "links",
        "birthDate",
        "about",
        "languages",
        "preferredLanguage",
    ];

    public required string Name { get; init; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    public required string Title { get; init; }

    public required string Website { get; init; }

    public required string Links { get; init; }

    public required string BirthDate { get; init; }

    public required string About { get; init; }

    public required string Languages { get; init; }

    public required string PreferredLanguage { get; init; }

    /// <summary>From the values of <see cref="Fields"/>, in their order.</summary>
    public static ProfileForm? Of(IReadOnlyList<string>? fields) =>
        fields is null
            ? null
            : new()
            {
                Name = fields[0],
                GivenName = fields[1],
                FamilyName = fields[2],
                Title = fields[3],
                Website = fields[4],
                Links = fields[5],
                BirthDate = fields[6],
                About = fields[7],
                Languages = fields[8],
                PreferredLanguage = fields[9],
            };

    internal static ProfileForm Of(UserView user) =>
        new()
        {
            Name = user.Name,
            GivenName = user.GivenName ?? "",
            FamilyName = user.FamilyName ?? "",
            Title = user.Title ?? "",
            Website = user.Website ?? "",
            Links = string.Join('\n', user.Links),
            BirthDate = user.BirthDate is { } born ? Values.BirthDate.Write(born) : "",
            About = user.About ?? "",
            Languages = string.Join(", ", user.Languages),
            PreferredLanguage = user.PreferredLanguage,
        };

    public override string ToString() => "[profile]";
}

/// <summary>One session in the list.</summary>
public sealed record SessionLine
{
    public required Guid Id { get; init; }

    public required bool Current { get; init; }

    public required string Device { get; init; }

    public required string Network { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}
