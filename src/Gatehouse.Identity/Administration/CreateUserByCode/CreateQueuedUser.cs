using System.Text.Json;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Creates the user of <see cref="CreateUserByCode"/>.
/// <para>Flow: may who asked still do it → one transaction: evaluate the code → insert the user → complete the verification → end of the
/// operation. A rejection ends the operation in the transaction that counts the guess. So a run that is repeated after a crash finds the
/// operation over, or nothing done.</para>
/// <para>Publishes <c>user.registered.v1</c>, <c>user.verified.v1</c>.</para>
/// </summary>
internal sealed partial class CreateQueuedUser(
    Database database,
    ITenantDirectory tenants,
    CurrentAccess currentAccess,
    Verifications verifications,
    UserCreationVerification purpose,
    SubjectKeys subjectKeys,
    UserCreation creation,
    NewUser newUser,
    TimeProvider clock,
    ILogger<CreateQueuedUser> logger
) : IOperationJob
{
    public static string Kind => "users.create";

    public async Task<OperationResult> RunAsync(OperationRun run, CancellationToken cancellationToken)
    {
        var queued = QueuedUser.FromPayload(run.Payload);
        // Completed by another request, or its time is over; which of the two, the verification says.
        var key = await subjectKeys.FindAsync(queued.Verification, cancellationToken);
        if (key is null)
            return OperationResult.Rejected(await WhyGoneAsync(queued, cancellationToken));
        if (await tenants.FindAsync(queued.TenantId, cancellationToken) is not { } tenant)
            return OperationResult.Rejected(RequestErrors.TenantUnknown);

        var details = key.Open(queued.Details);
        var actor = queued.ActorIn(tenant, details);
        if (await RejectActorAsync(actor, cancellationToken) is { } notAllowed)
        {
            await database.InTransactionAsync(
                "user-creation.reject",
                tx => RejectAsync(tx, run, notAllowed, actor, queued),
                cancellationToken
            );
            return OperationResult.Rejected(notAllowed);
        }

        var outcome = await database.InTransactionAsync(
            "user-creation.run",
            tx => CreateAsync(tx, run, queued, key, details, actor, cancellationToken),
            cancellationToken
        );
        if (outcome.Error is { } error)
        {
            Log.Rejected(logger, run.Operation.Id, error.Code);
            return OperationResult.Rejected(error);
        }

        await newUser.SettleAsync(outcome.Value, queued.Verification);
        Log.Created(logger, outcome.Value, run.Operation.Id);
        return OperationResult.Succeeded();
    }

    private async Task<Outcome<Guid>> CreateAsync(
        Transaction tx,
        OperationRun run,
        QueuedUser queued,
        SubjectKey key,
        QueuedUserDetails details,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var step = await verifications.TryAsync(tx, purpose, queued.TenantId, queued.Verification, queued.Code);
        if (step.Rejection is { } wrong)
            return await RejectAsync(tx, run, wrong, actor, queued);

        // Who asked is what the verification says, too: the request looked there first.
        var pending = step.Pending!;
        var contact = UserCreationPayload.Of(pending)!.Open(key);
        var attributes = new NewUser.Attributes(
            details.Name,
            contact,
            pending.IndexVersion!.Value,
            pending.TargetIndex!,
            details.Username,
            details.Password,
            details.Language
        )
        {
            Origin = "administrator",
            Method = "code",
        };
        var created = await creation.CreateAsync(tx, attributes, details.SendsLink, actor, cancellationToken);
        if (created.Error is { } taken)
            return await RejectAsync(tx, run, taken, actor, queued);

        var id = created.Value.Key.Subject;
        await verifications.CompleteAsync(tx, pending);
        await run.SucceedAsync(tx, JsonSerializer.Serialize(new Result(id), UserCreationJson.Default.Result));
        return id;
    }

    private static async Task<Outcome<Guid>> RejectAsync(Transaction tx, OperationRun run, Error error, Actor actor, QueuedUser queued)
    {
        tx.Record(AuditRecord.Of(actor, UserCreation.Action).RefusedWith(error.Code).WithFact("verification", $"{queued.Verification}"));
        await run.RejectAsync(tx, error);
        return error;
    }

    private async Task<Error> WhyGoneAsync(QueuedUser queued, CancellationToken cancellationToken)
    {
        var pending = await database.QueryAsync(
            db => verifications.FindAsync(db, purpose, queued.TenantId, queued.Verification, clock.GetUtcNow()),
            cancellationToken
        );
        return pending?.CompletedAt is null ? purpose.NotFound : purpose.Completed;
    }

    /// <summary>Why who asked may not do it any more: signed out, or without the permission; null if they may.</summary>
    private async Task<Error?> RejectActorAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (actor.User is { } user && !await IsSignedInAsync(actor.HomeTenantId ?? actor.Tenant.Id, user, cancellationToken))
            return RequestErrors.Unauthenticated;
        var access = await currentAccess.FindAsync(actor, cancellationToken);
        // There is no account any more, or its tokens were revoked.
        if (access is null)
            return RequestErrors.Unauthenticated;
        return access.Allows(AdministrationArea.WriteUsers.Name) ? null : RequestErrors.Forbidden;
    }

    // Asked of the database itself: what a node knows of revocations reaches back no further than the life of a token.
    private Task<bool> IsSignedInAsync(Guid tenant, SignedInUser user, CancellationToken cancellationToken) =>
        database.QueryAsync(
            db =>
                db.SingleAsync<bool>(
                    """
                    select exists (select 1 from identity.sessions
                                    where tenant_id = @tenant and id = @SessionId and user_id = @Id and ended_at is null
                                      and idle_ends_at > @now and ends_at > @now)
                    """,
                    new
                    {
                        tenant,
                        user.SessionId,
                        user.Id,
                        now = clock.GetUtcNow(),
                    }
                ),
            cancellationToken
        );

    /// <summary>What the operation's result says.</summary>
    internal sealed record Result(Guid UserId);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "User {UserId} was created by operation {OperationId}")]
        public static partial void Created(ILogger logger, Guid userId, Guid operationId);

        [LoggerMessage(2, LogLevel.Information, "Operation {OperationId} created no user: {Code}")]
        public static partial void Rejected(ILogger logger, Guid operationId, string code);
    }
}
