using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Sessions;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
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
    ResetSecondFactors.Handler resetFactors,
    ClearFailedAttempts.Handler clear,
    EraseUser.Handler erase,
    MessageCatalog texts
) : IConsoleActs
{
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string EndSessions = "end-sessions";
    public const string ForceReset = "force-reset";
    public const string ResetFactors = "reset-factors";
    public const string ClearAttempts = "clear-attempts";
    public const string Erase = "erase";

    /// <summary>Begins the keys of what the acts are called.</summary>
    public const string Text = "page.console.user.act.";

    private static readonly string[] All = [Disable, Enable, EndSessions, ForceReset, ResetFactors, ClearAttempts];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapActs<UserActs>(UsersPages.Path, All, page => page.RequirePermissionSomewhere(AdministrationArea.WriteUsers));
        routes.MapActs<UserActs>(UsersPages.Path, [Erase], page => page.RequirePermission(AdministrationArea.EraseUsers));
    }

    public static string PathOf(Guid id, string act) => $"{UserPages.PathOf(id)}/{act}";

    public async Task<IResult> DoAsync(Guid id, string act, Confirmation asked, HttpContext http)
    {
        var (actor, name) = (http.Actor(), asked.About[0].Value!);
        string Done(int sessions) => texts.Say(http, $"page.console.user.done.{act}", ("name", name), ("count", sessions));
        return act switch
        {
            Disable => await http.ActAsync(
                asked,
                typed => disable.HandleAsync(id, Input.Of(new DisableUser.Request { Reason = typed.Reason }), actor, http.RequestAborted),
                done => Done(done.SessionsEnded)
            ),
            Enable => await http.ActAsync(asked, _ => enable.HandleAsync(id, actor, http.RequestAborted), _ => Done(0)),
            EndSessions => await http.ActAsync(asked, _ => end.HandleAsync(id, actor, http.RequestAborted), Done),
            ForceReset => await http.ActAsync(
                asked,
                _ => reset.HandleAsync(id, actor, http.RequestAborted),
                done => texts.Say(http, $"page.console.user.done.{act}" + (done.MailRequested ? "" : "-no-mail"), ("name", name))
            ),
            Erase => await http.ActAsync(
                asked,
                typed => erase.HandleAsync(id, Input.Of(new EraseUser.Request { Reason = typed.Choice }), actor, http.RequestAborted),
                _ => Done(0)
            ),
            ResetFactors => await http.ActAsync(
                asked,
                typed =>
                    resetFactors.HandleAsync(
                        id,
                        Input.Of(new ResetSecondFactors.Request { Reason = typed.Reason }),
                        actor,
                        http.RequestAborted
                    ),
                Done
            ),
            _ => await http.ActAsync(asked, _ => clear.HandleAsync(id, actor, http.RequestAborted), _ => Done(0)),
        };
    }

    public async Task<Outcome<Confirmation>> AskAsync(Guid id, string act, HttpContext http)
    {
        var actor = http.Actor();
        var found = await users.FindAsync(id, actor, http.RequestAborted);
        if (found.Error is { } error)
            return error;
        var user = found.Value;
        var effects = new List<string>();
        if (act is Disable or EndSessions or ForceReset or ResetFactors or Erase)
            effects.Add(
                texts.Say(http, "page.console.user.effect-sessions", ("count", await SessionsAsync(id, actor, http.RequestAborted)))
            );
        effects.Add(texts.Say(http, "page.console.user.effect." + act));
        return new Confirmation
        {
            Question = texts.Say(http, "page.console.user.ask." + act),
            About =
            [
                new(texts.Say(http, "page.account.name"), user.Name),
                new(texts.Say(http, "page.account.username"), user.Username),
                new(texts.Say(http, "page.console.user.id"), user.Id.ToString()),
            ],
            Effects = effects,
            Act = texts.Say(http, Text + act),
            Path = PathOf(id, act),
            Back = UserPages.PathOf(id),
            Entry = UsersPages.Path,
            AsksReason = act is Disable or ResetFactors,
            AsksPassword = act is ForceReset or ResetFactors or Erase,
            Choice =
                act == Erase
                    ? new ConfirmationChoice(
                        texts.Say(http, "page.console.user.erase-why"),
                        [.. EraseUser.Reasons.Select(why => (why, texts.Say(http, "page.console.user.erase-" + why)))]
                    )
                    : null,
            Phrase = act == Erase ? user.Username ?? user.Name : null,
            Next = act == Erase ? UsersPages.Path : null,
        };
    }

    private async Task<int> SessionsAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        // A user has fewer than a page of them.
        var page = PageQuery.Parse("100", after: null, new ValidationErrors())!;
        var live = await sessions.PageAsync(actor.Tenant.Id, id, page, actor.RequiredUser.SessionId, cancellationToken);
        return live.Items.Count;
    }
}
