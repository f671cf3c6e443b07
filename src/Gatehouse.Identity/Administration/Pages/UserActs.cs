using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Sessions;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Administration;

/// <summary>The pages that ask before something is done to a user.</summary>
internal sealed class UserActs(
    ManagedUsers users,
    LiveSessions sessions,
    DisableUser.Handler disable,
    EnableUser.Handler enable,
    EndUserSessions.Handler end,
    ForcePasswordReset.Handler reset,
    ClearFailedAttempts.Handler clear,
    MessageCatalog texts
)
{
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string EndSessions = "end-sessions";
    public const string ForceReset = "force-reset";
    public const string ClearAttempts = "clear-attempts";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.user.act.";

    private static readonly string[] All = [Disable, Enable, EndSessions, ForceReset, ClearAttempts];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        foreach (var act in All)
        {
            var path = UsersPages.Path + "/{id:guid}/" + act;
            pages
                .MapGet(path, (Guid id, UserActs acts, HttpContext http) => acts.AskAsync(id, act, http))
                .RequirePermissionSomewhere(AdministrationArea.WriteUsers);
            pages
                .MapPost(path, (Guid id, UserActs acts, HttpContext http) => acts.DoAsync(id, act, http))
                .RequirePermissionSomewhere(AdministrationArea.WriteUsers)
                .FormOfConfirmation();
        }
    }

    public static string PathOf(Guid id, string act) => $"{UserPages.PathOf(id)}/{act}";

    private async Task<IResult> AskAsync(Guid id, string act, HttpContext http) =>
        await (await ConfirmationAsync(id, act, http)).Match(
            asked => http.ConfirmAsync(asked),
            error => Task.FromResult<IResult>(error.ToProblem())
        );

    private async Task<IResult> DoAsync(Guid id, string act, HttpContext http)
    {
        var asked = await ConfirmationAsync(id, act, http);
        if (asked.Error is { } error)
            return error.ToProblem();
        var (actor, name) = (http.Actor(), asked.Value.About[0].Value!);
        string Done(int sessions) => Say(http, $"page.console.user.done.{act}", ("name", name), ("count", sessions));
        return act switch
        {
            Disable => await http.ActAsync(
                asked.Value,
                typed => disable.HandleAsync(id, Input.Of(new DisableUser.Request { Reason = typed.Reason }), actor, http.RequestAborted),
                done => Done(done.SessionsEnded)
            ),
            Enable => await http.ActAsync(asked.Value, _ => enable.HandleAsync(id, actor, http.RequestAborted), _ => Done(0)),
            EndSessions => await http.ActAsync(asked.Value, _ => end.HandleAsync(id, actor, http.RequestAborted), Done),
            ForceReset => await http.ActAsync(
                asked.Value,
                _ => reset.HandleAsync(id, actor, http.RequestAborted),
                done => Say(http, $"page.console.user.done.{act}" + (done.MailRequested ? "" : "-no-mail"), ("name", name))
            ),
            _ => await http.ActAsync(asked.Value, _ => clear.HandleAsync(id, actor, http.RequestAborted), _ => Done(0)),
        };
    }

    private async Task<Outcome<Confirmation>> ConfirmationAsync(Guid id, string act, HttpContext http)
    {
        var actor = http.Actor();
        var found = await users.FindAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var user = found.Value;
        var effects = new List<string>();
        if (act is Disable or EndSessions or ForceReset)
            effects.Add(Say(http, "page.console.user.effect-sessions", ("count", await SessionsAsync(id, actor, http.RequestAborted))));
        effects.Add(Say(http, "page.console.user.effect." + act));
        return new Confirmation
        {
            Question = Say(http, "page.console.user.ask." + act),
            About =
            [
                new(Say(http, "page.account.name"), user.Name),
                new(Say(http, "page.account.username"), user.Username),
                new(Say(http, "page.console.user.id"), user.Id.ToString()),
            ],
            Effects = effects,
            Act = Say(http, Text + act),
            Path = PathOf(id, act),
            Back = UserPages.PathOf(id),
            Entry = UsersPages.Path,
            AsksReason = act == Disable,
            AsksPassword = act == ForceReset,
        };
    }

    private async Task<int> SessionsAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        // A user has fewer than a page of them.
        var page = PageQuery.Parse("100", after: null, new ValidationErrors())!;
        var live = await sessions.PageAsync(actor.Tenant.Id, id, page, actor.RequiredUser.SessionId, cancellationToken);
        return live.Items.Count;
    }

    private string Say(HttpContext http, string key, params (string Name, object Value)[] values) =>
        texts.Text(key, http.Language(), TextInput.Limits(values));
}
