using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Asks who is signed in to prove it again, before something that reaches far: by a second factor where the user has one, otherwise by the
/// password. The session keeps when that was. Wrong answers are counted for the session and the account, as at sign-in, so a session that
/// somebody else got hold of is no place to guess.
/// </summary>
internal sealed class FreshAuthentication(
    Database database,
    PasswordHasher hasher,
    Throttle throttle,
    HomeTenants homes,
    TimeProvider clock
) : IFreshAuthentication
{
    private const string Action = "session.reauthenticated";
    private const string Field = "password";

    public async ValueTask<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - IFreshAuthentication.Window;
        actor = await homes.OfAsync(actor, cancellationToken);
        var proof = await database.QueryAsync(
            db =>
                db.FirstOrDefaultAsync<Proof>(
                    """
                    select s.authenticated_at, coalesce(s.amr, '{}') as amr, u.second_factors
                      from identity.sessions s join identity.users u on u.tenant_id = s.tenant_id and u.id = s.user_id
                     where s.tenant_id = @home and s.id = @SessionId and s.ended_at is null and s.authenticated_at > @since
                    """,
                    new
                    {
                        home = actor.Tenant.Id,
                        actor.RequiredUser.SessionId,
                        since,
                    }
                ),
            cancellationToken
        );
        // A remembered device spares the second factor at sign-in, and nowhere else.
        return proof is not null && SecondFactorRules.IsProved(proof.SecondFactors, proof.Amr, actor.Tenant.Settings);
    }

    public async ValueTask<bool> AsksOtherAsync(Actor actor, CancellationToken cancellationToken) =>
        (await FactorsAsync(actor, cancellationToken)).Count > 0;

    /// <summary>Null if the proof is young enough; otherwise what the operation answers.</summary>
    public async ValueTask<Error?> RequireAsync(Actor actor, CancellationToken cancellationToken) =>
        await IsFreshAsync(actor, cancellationToken) ? null : SignInErrors.ReauthenticationRequired;

    /// <summary>Leads from a page that asks for the password to the one that takes another proof, and back; null where the page can ask by
    /// itself, or need not.</summary>
    public async Task<IResult?> LeadAwayAsync(HttpContext http, string path) =>
        !await IsFreshAsync(http.Actor(), http.RequestAborted) && await AsksOtherAsync(http.Actor(), http.RequestAborted)
            ? http.SeeOther(At(path))
            : null;

    /// <summary>The page on which the user proves again who they are; it leads back.</summary>
    public static string At(string returnUrl) => IFreshAuthentication.Page + QueryString.Create("returnUrl", returnUrl);

    /// <summary>What the user can prove it with; none where it is the password.</summary>
    public async Task<IReadOnlyList<string>> FactorsAsync(Actor actor, CancellationToken cancellationToken)
    {
        var home = await homes.OfAsync(actor, cancellationToken);
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, home.Tenant.Id, home.RequiredUser.Id), cancellationToken);
        return SecondFactorRules.AskedAgain(user?.SecondFactors ?? [], home.Tenant.Settings);
    }

    public async ValueTask<bool> CanStrengthenAsync(Actor actor, CancellationToken cancellationToken) =>
        (await FactorsAsync(actor, cancellationToken)).Any(factor =>
            factor != SecondFactorNames.RecoveryCode && SecondFactorRules.Strengthens(factor)
        );

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
        if (PasswordInput.Parse(password, Field, errors) is not { } typed)
            return RequestErrors.InvalidWith(errors);
        return await AsksOtherAsync(actor, cancellationToken)
            ? SignInErrors.ReauthenticationRequired
            : await ProveAsync(actor, typed, Field, cancellationToken);
    }

    /// <param name="field">What the password was sent as.</param>
    public async Task<Error?> ProveAsync(Actor actor, PasswordInput typed, string field, CancellationToken cancellationToken)
    {
        var home = await homes.OfAsync(actor, cancellationToken);
        var (tenant, id) = (home.Tenant.Id, home.RequiredUser.Id);
        var target = TargetOf(throttle, home);
        var taken = await database.InTransactionAsync("reauthenticate.throttle", tx => throttle.TakeAsync(tx, target), cancellationToken);
        if (taken.Error is { } throttled)
            return throttled;

        // The try is counted: who hangs up now changes nothing.
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, id), CancellationToken.None);
        var match = await hasher.MatchAsync(user?.SignInHash, typed, actor.Client, CancellationToken.None, mayOpen: !taken.Value.IsClosed);
        if (match.Error is { } busy)
        {
            await database.InTransactionAsync("reauthenticate.forget", tx => ForgetAsync(tx, target), CancellationToken.None);
            return busy;
        }

        return await database.InTransactionAsync(
            "reauthenticate",
            tx => SettleAsync(tx, home, target, match.Value != PasswordMatch.None, renews: !HasOther(user, home)),
            CancellationToken.None
        )
            ? null
            : RequestErrors.Invalid.With([new FieldError { Field = field, Code = SignInErrors.InvalidCredentials.Code }]);
    }

    /// <summary>The session was proved again.</summary>
    /// <param name="methods">What was proved. What the session says of before stays, but for two factors: they are of one time.</param>
    public static async Task NoteAsync(Transaction tx, Actor actor, IReadOnlyList<string> methods)
    {
        tx.Record(AuditRecord.Of(actor, Action) with { Subject = actor.RequiredUser.Id });
        await tx.ExecuteAsync(
            """
            update identity.sessions
               set authenticated_at = @Now,
                   amr = array(select distinct unnest(array_remove(coalesce(amr, '{}'), @Several) || @methods::text[]) order by 1)
             where tenant_id = @Id and id = @SessionId and ended_at is null
            """,
            new
            {
                tx.Now,
                methods = methods.ToArray(),
                AuthenticationMethods.Several,
                actor.Tenant.Id,
                actor.RequiredUser.SessionId,
            }
        );
    }

    /// <summary>Where wrong answers of the session are counted.</summary>
    public static Throttle.Target TargetOf(Throttle throttle, Actor actor) =>
        throttle.Of(actor, "reauthentication", actor.RequiredUser.Id.ToString(), actor.RequiredUser.Id, actor.RequiredUser.SessionId);

    private static async Task<bool> ForgetAsync(Transaction tx, Throttle.Target target)
    {
        await Throttle.ForgetAsync(tx, target);
        return true;
    }

    // The password of a user who has a second factor proves no more than itself.
    private static bool HasOther(StoredUser? user, Actor actor) =>
        SecondFactorRules.Counting(user?.SecondFactors ?? [], actor.Tenant.Settings).Count > 0;

    /// <param name="renews">Whether the password is all that the session has to prove.</param>
    private async Task<bool> SettleAsync(Transaction tx, Actor actor, Throttle.Target target, bool isRight, bool renews)
    {
        if (!isRight)
        {
            var record = AuditRecord.Of(actor, Action) with { Subject = actor.RequiredUser.Id };
            tx.Record(record.RefusedWith(SignInErrors.InvalidCredentials.Code));
            return false;
        }

        await throttle.ClearAsync(tx, target);
        if (renews)
            await NoteAsync(tx, actor, [AuthenticationMethods.Password]);
        return true;
    }

    private sealed class Proof
    {
        public string[] Amr { get; init; } = [];

        public string[] SecondFactors { get; init; } = [];
    }
}
