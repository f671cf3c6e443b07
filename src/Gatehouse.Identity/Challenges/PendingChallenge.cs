using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Identity.Challenges;

/// <summary>A challenge as stored: one factor was proved, a second one is due.</summary>
internal sealed class PendingChallenge
{
    public const string Columns = """
        tenant_id, id, user_id, session_id, method, amr, factors, device_id, attempts_remaining, created_at, expires_at
        """;

    /// <summary>How long it waits at most, however often a code is sent for it.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // A code that was let lapse can still be replaced.
    private static readonly TimeSpan WaitAfterCode = TimeSpan.FromMinutes(5);

    private const int Attempts = 5;

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    /// <summary>The session that proves again who its user is; null for a sign-in.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>As in <see cref="FirstFactor.Method"/>; empty for a session that goes on.</summary>
    public string Method { get; init; } = "";

    /// <summary>As in <see cref="FirstFactor.Amr"/>.</summary>
    public string[] Amr { get; init; } = [];

    /// <summary>What it can be answered with.</summary>
    public string[] Factors { get; init; } = [];

    /// <summary>The known device it began on; null for a new one.</summary>
    public Guid? DeviceId { get; init; }

    public short AttemptsRemaining { get; init; }

    /// <summary>Of the code that was sent as text message; null for none.</summary>
    public Guid? SmsVerification { get; init; }

    /// <summary>Of the code that was mailed; null for none.</summary>
    public Guid? EmailVerification { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it may be answered by whoever calls: one of a session by that session alone.</summary>
    public bool IsOf(Actor actor) => SessionId is null || SessionId == actor.User?.SessionId;

    /// <summary>One that waits, or null.</summary>
    public static Task<PendingChallenge?> FindAsync(DbSession db, Guid tenant, Guid id, DateTimeOffset now) =>
        db.FirstOrDefaultAsync<PendingChallenge>(
            $"""
            select {Columns}, sms_verification, email_verification from identity.challenges
             where tenant_id = @tenant and id = @id and expires_at > @now
            """,
            new
            {
                tenant,
                id,
                now,
            }
        );

    /// <summary>Of the code that was sent for this factor; null for none.</summary>
    public Guid? VerificationOf(string factor) =>
        factor switch
        {
            SecondFactorNames.Sms => SmsVerification,
            SecondFactorNames.Email => EmailVerification,
            _ => null,
        };

    /// <summary>Keeps whose code answers it with this factor, and outlives that code.</summary>
    public Task KeepAsync(Transaction tx, string factor, Guid verification, DateTimeOffset codeExpiresAt)
    {
        var (wished, last) = (codeExpiresAt + WaitAfterCode, CreatedAt + MaxLifetime);
        return tx.ExecuteAsync(
            $"""
            update identity.challenges
               set {(factor == SecondFactorNames.Sms ? "sms_verification" : "email_verification")} = @verification,
                   expires_at = greatest(expires_at, @until)
             where tenant_id = @TenantId and id = @Id
            """,
            new
            {
                verification,
                until = wished < last ? wished : last,
                TenantId,
                Id,
            }
        );
    }

    /// <summary>A challenge for a sign-in, whose first factor was just proved.</summary>
    public static Task<ChallengeDue> BeginAsync(
        Transaction tx,
        LockedUser user,
        FirstFactor proved,
        Guid? device,
        IReadOnlyList<string> factors,
        Actor actor
    )
    {
        tx.Record(AuditRecord.Of(actor, "sign-in.challenged") with { Subject = user.Row.Id });
        return AddAsync(tx, user.Row.TenantId, user.Row.Id, proved, device, session: null, factors);
    }

    /// <summary>A challenge for a session whose user has to prove again who they are.</summary>
    public static Task<ChallengeDue> BeginAsync(Transaction tx, Guid tenant, SignedInUser user, IReadOnlyList<string> factors) =>
        AddAsync(tx, tenant, user.Id, new FirstFactor("", []), device: null, user.SessionId, factors);

    private static async Task<ChallengeDue> AddAsync(
        Transaction tx,
        Guid tenant,
        Guid user,
        FirstFactor proved,
        Guid? device,
        Guid? session,
        IReadOnlyList<string> factors
    )
    {
        var due = new ChallengeDue(Guid.CreateVersion7(tx.Now), factors, tx.Now + Lifetime);
        await tx.ExecuteAsync(
            $"""
            insert into identity.challenges ({Columns})
            values (@tenant, @Id, @user, @session, @Method, @amr, @factors, @device, @Attempts, @Now, @ExpiresAt)
            """,
            new
            {
                tenant,
                due.Id,
                user,
                session,
                proved.Method,
                amr = proved.Amr.ToArray(),
                factors = factors.ToArray(),
                device,
                Attempts,
                tx.Now,
                due.ExpiresAt,
            }
        );
        return due;
    }
}
