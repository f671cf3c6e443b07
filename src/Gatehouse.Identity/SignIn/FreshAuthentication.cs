using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Web;
using Gatehouse.Web.Admin;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Asks who is signed in to prove it again, before something that reaches far: by a second factor where the user has one, otherwise by the
/// password. The session keeps when that was. Wrong answers are counted for the session and the account, as at sign-in, so a session that
/// somebody else got hold of is no place to guess.
/// </summary>
internal sealed class FreshAuthentication(Database database, PasswordHasher hasher, Throttle throttle, TimeProvider clock)
    : IFreshAuthentication
{
    private const string Action = "session.reauthenticated";
    private const string Field = "password";

    public async ValueTask<bool> IsFreshAsync(Actor actor, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - IFreshAuthentication.Window;
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
                        home = Home(actor),
                        actor.RequiredUser.SessionId,
                        since,
                    }
                ),
            cancellationToken
        );
        // A remembered device spares the second factor at sign-in, and nowhere else.
        return proof is not null
            && (
                proof.Amr.Contains(AuthenticationMethods.Several, StringComparer.Ordinal)
                || SecondFactorRules.Counting(proof.SecondFactors, actor.Tenant.Settings).Count == 0
            );
    }

    public async ValueTask<bool> AsksOtherAsync(Actor actor, CancellationToken cancellationToken) =>
        (await FactorsAsync(actor, cancellationToken)).Count > 0;

    /// <summary>Null if the proof is young enough; otherwise what the operation answers.</summary>
    public async ValueTask<Error?> RequireAsync(Actor actor, CancellationToken cancellationToken) =>
        await IsFreshAsync(actor, cancellationToken) ? null : SignInErrors.ReauthenticationRequired;

    /// <summary>What the user can prove it with; none where it is the password.</summary>
    public async Task<IReadOnlyList<string>> FactorsAsync(Actor actor, CancellationToken cancellationToken)
    {
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, Home(actor), actor.RequiredUser.Id), cancellationToken);
        return SecondFactorRules.Asked(user?.SecondFactors ?? [], actor.Tenant.Settings);
    }

    public async Task<Error?> ProveAsync(Actor actor, string? password, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var typed = PasswordInput.Parse(password, Field, errors);
        if (typed is null)
            return RequestErrors.InvalidWith(errors);
        if (await AsksOtherAsync(actor, cancellationToken))
            return SignInErrors.ReauthenticationRequired;

        var (tenant, id) = (Home(actor), actor.RequiredUser.Id);
        var home = actor with { Tenant = actor.Tenant with { Id = tenant } };
        var target = TargetOf(throttle, home);
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
            : RequestErrors.Invalid.With([new FieldError { Field = Field, Code = SignInErrors.InvalidCredentials.Code }]);
    }

    /// <summary>The session was proved again.</summary>
    /// <param name="methods">What was proved; what the session says of before stays.</param>
    public static async Task NoteAsync(Transaction tx, Actor actor, IReadOnlyList<string> methods)
    {
        tx.Record(AuditRecord.Of(actor, Action) with { Subject = actor.RequiredUser.Id });
        await tx.ExecuteAsync(
            """
            update identity.sessions
               set authenticated_at = @Now, amr = array(select distinct unnest(coalesce(amr, '{}') || @methods::text[]) order by 1)
             where tenant_id = @Id and id = @SessionId and ended_at is null
            """,
            new
            {
                tx.Now,
                methods = methods.ToArray(),
                actor.Tenant.Id,
                actor.RequiredUser.SessionId,
            }
        );
    }

    /// <summary>Where wrong answers of the session are counted.</summary>
    public static Throttle.Target TargetOf(Throttle throttle, Actor actor) =>
        throttle.Of(actor, "reauthentication", actor.RequiredUser.Id.ToString(), actor.RequiredUser.Id, actor.RequiredUser.SessionId);

    private async Task<bool> SettleAsync(Transaction tx, Actor actor, Throttle.Target target, bool isRight)
    {
        if (!isRight)
        {
            var record = AuditRecord.Of(actor, Action) with { Subject = actor.RequiredUser.Id };
            tx.Record(record.RefusedWith(SignInErrors.InvalidCredentials.Code));
            return false;
        }

        await throttle.ClearAsync(tx, target);
        await NoteAsync(tx, actor, [AuthenticationMethods.Password]);
        return true;
    }

    private static Guid Home(Actor actor) => actor.HomeTenantId ?? actor.Tenant.Id;

    private sealed class Proof
    {
        public string[] Amr { get; init; } = [];

        public string[] SecondFactors { get; init; } = [];
    }
}
