using System.Text.Json;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Messaging;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Exports;

/// <summary>
/// Makes the export of <see cref="StartExport"/>.
/// <para>Flow: is it still wanted → read and compress, outside of a transaction → seal with the user's key → one transaction: store it,
/// tell the user, end of the operation. A run that is repeated after a crash begins anew; where the account was closed or erased
/// meanwhile nothing is stored.</para>
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal sealed partial class MakeExport(
    Database database,
    SubjectKeys subjectKeys,
    ExportFile file,
    AccountNotice notice,
    TimeProvider clock,
    ILogger<MakeExport> logger
) : IOperationJob
{
    public static string Kind => "account.export";

    public async Task<OperationResult> RunAsync(OperationRun run, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.Deserialize(run.Payload, ExportsJson.Default.MakeExportPayload)!;
        var (tenant, id) = (payload.TenantId, run.Operation.Id);
        var user = await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, payload.UserId), cancellationToken);
        var wanted = await database.QueryAsync(
            db => StoredExport.FindAsync(db, tenant, payload.UserId, clock.GetUtcNow()),
            cancellationToken
        );
        if (user is not { ClosedAt: null } || wanted?.Id != id || await subjectKeys.FindAsync(user.Id, cancellationToken) is not { } key)
            return OperationResult.Rejected(ExportsErrors.NotFound);

        var made = await file.MakeAsync(user, key, (done, total) => run.ReportAsync(done, total, cancellationToken), cancellationToken);
        if (made.Error is { } error)
            return OperationResult.Rejected(error);

        var content = key.SealBytes(StoredExport.Context, made.Value.Span);
        var stored = await database.InTransactionAsync("export.store", tx => StoreAsync(tx, run, payload, key, content), cancellationToken);
        if (!stored)
            return OperationResult.Rejected(ExportsErrors.NotFound);
        Log.Made(logger, user.Id, made.Value.Length);
        return OperationResult.Succeeded();
    }

    private async Task<bool> StoreAsync(Transaction tx, OperationRun run, Payload payload, SubjectKey key, byte[] content)
    {
        if (await LockedUser.LockAsync(tx, payload.TenantId, payload.UserId) is not { Row.ClosedAt: null } user)
            return false;
        var id = run.Operation.Id;
        var expiresAt = tx.Now + StoredExport.Validity;
        var stored = await tx.ExecuteAsync(
            """
            update identity.exports set content = @content, ready_at = @Now, expires_at = @expiresAt
             where tenant_id = @TenantId and user_id = @UserId and id = @id
            """,
            new
            {
                payload.TenantId,
                payload.UserId,
                id,
                tx.Now,
                expiresAt,
                content,
            }
        );
        if (stored == 0)
            return false;
        tx.Record(
            new AuditRecord(payload.TenantId, "export.made")
            {
                Actor = payload.UserId,
                ActorKind = "person",
                Subject = payload.UserId,
                Session = payload.SessionId,
                Network = payload.Network,
                Device = payload.Device,
            }.WithFact("operation", $"{id}")
        );
        notice.RequestOf(tx, user, key, ExportsArea.NoticeTemplate, "page.export.notice-made", payload.Device);
        await user.SaveAsync(tx);
        await run.SucceedAsync(tx, JsonSerializer.Serialize(new Result(id, expiresAt), ExportsJson.Default.MakeExportResult));
        return true;
    }

    /// <summary>What the job is given: whose export, and who asked from where.</summary>
    internal sealed record Payload(Guid TenantId, Guid UserId, Guid SessionId)
    {
        public required string Network { get; init; }

        public required string Device { get; init; }
    }

    /// <summary>What the operation's result says.</summary>
    internal sealed record Result(Guid ExportId, DateTimeOffset ExpiresAt);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The export of user {UserId} was made: {Bytes} bytes")]
        public static partial void Made(ILogger logger, Guid userId, int bytes);
    }
}
