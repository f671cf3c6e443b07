using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Asks who is signed in to prove it again, before something that reaches far. The session keeps when that was. Wrong passwords are counted
/// for the session and the account, as at sign-in, so a session that somebody else got hold of is no place to guess.
/// </summary>
internal sealed class FreshAuthentication(Database database, PasswordHasher hasher, Throttle throttle, TimeProvider clock)
    : IFreshAuthentication
{
    private const string Action = "session.reauthenticated";
    private const string Field = "password";

    public async ValueTask<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken)
    {
        var user = actor.RequiredUser;
        var since = clock.GetUtcNow() - IFreshAuthentication.Window;
        // The token says when it was issued; the session may know better.
        return user.AuthenticatedAt > since
            || await database.QueryAsync(
                db =>
                    db.SingleAsync<bool>(
                        """
                        select exists (select 1 from identity.sessions
                                        where tenant_id = @tenant and id = @SessionId and ended_at is null and authenticated_at > @since)
                        """,
                        new
                        {
                            tenant = Home(actor),
                            user.SessionId,
                            since,
                        }
                    ),
                cancellationToken
            );
    }

    /// <summary>Null if the proof is young enough; otherwise what the operation answers.</summary>
    public async ValueTask<Error?> RequireAsync(Actor actor, CancellationToken cancellationToken) =>
        await IsFreshAsync(actor, cancellationToken) ? null : SignInErrors.ReauthenticationRequired;

    /// <summary>Takes the proof out of a page's form, unless it is young enough without.</summary>
    public async Task<Error?> AskAsync(Actor actor, IFormCollection form, string field, CancellationToken cancellationToken)
    {
        if (await RequireAsync(actor, cancellationToken) is not { } stale)
            return null;
        return form.ContainsKey(field) ? await ProveAsync(actor, form[field].ToString(), cancellationToken) : stale;
    }

    public async Task<Error?> ProveAsync(Actor actor, string? password, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        return PasswordInput.Parse(password, Field, errors) is { } typed
            ? await ProveAsync(actor, typed, Field, cancellationToken)
            : RequestErrors.InvalidWith(errors);
    }

    /// <param name="field">What the password was sent as.</param>
    public async Task<Error?> ProveAsync(Actor actor, PasswordInput typed, string field, CancellationToken cancellationToken)
    {
        var (tenant, id) = (Home(actor), actor.RequiredUser.Id);
        var home = actor with { Tenant = actor.Tenant with { Id = tenant } };
        var target = throttle.Of(home, "reauthentication", id.ToString(), id, actor.RequiredUser.SessionId);
        var taken = await database.InTransactionAsync("reauthenticate.throttle", tx => throttle.TakeAsync(tx, target), cancellationToken);
        if (taken.Error is { } throttled)
            return throttled;

        // The try is counted: who hangs up now changes nothing.
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, id), CancellationToken.None);
        var match = await hasher.MatchAsync(user?.SignInHash, typed, actor.Client, CancellationToken.None, mayOpen: !taken.Value.IsClosed);
        if (match.Error is { } busy)
            return busy;
        return await database.InTransactionAsync(
            "reauthenticate",
            tx => SettleAsync(tx, home, target, match.Value != PasswordMatch.None),
            CancellationToken.None
        )
            ? null
            : RequestErrors.Invalid.With([new FieldError { Field = field, Code = SignInErrors.InvalidCredentials.Code }]);
    }

    private async Task<bool> SettleAsync(Transaction tx, Actor actor, Throttle.Target target, bool isRight)
    {
        var record = AuditRecord.Of(actor, Action) with { Subject = actor.RequiredUser.Id };
        tx.Record(isRight ? record : record.RefusedWith(SignInErrors.InvalidCredentials.Code));
        if (!isRight)
            return false;
        await throttle.ClearAsync(tx, target);
        await tx.ExecuteAsync(
            "update identity.sessions set authenticated_at = @Now where tenant_id = @Id and id = @SessionId and ended_at is null",
            new
            {
                tx.Now,
                actor.Tenant.Id,
                actor.RequiredUser.SessionId,
            }
        );
        return true;
    }

    private static Guid Home(Actor actor) => actor.HomeTenantId ?? actor.Tenant.Id;
}
