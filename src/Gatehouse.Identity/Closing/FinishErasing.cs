using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Closing;

/// <summary>
/// Destroys the key of an erased user, and with it whatever of the user is still encrypted in events, jobs, messages and backups; then
/// removes verifications that are kept elsewhere, and the user's files, for which it is repeated while the store is away. Repeating it
/// changes nothing.
/// </summary>
internal sealed partial class FinishErasing(
    Database database,
    SubjectKeys subjectKeys,
    IVerificationStore verifications,
    UserFiles files,
    ILogger<FinishErasing> logger
) : IJob
{
    public static string Kind => "identity.finish-erasing";

    public static void Enqueue(Transaction tx, Guid tenant, Guid user) =>
        tx.Enqueue(Kind, user, JsonSerializer.Serialize(new Erased(tenant, user), ErasedJson.Default.Erased));

    public async Task<JobResult> RunAsync(string payload, int attempt, CancellationToken cancellationToken)
    {
        var erased = JsonSerializer.Deserialize(payload, ErasedJson.Default.Erased)!;
        await subjectKeys.DestroyAsync([erased.User], cancellationToken);
        await database.QueryAsync(
            async db =>
            {
                await verifications.ForgetUserAsync(db, erased.Tenant, erased.User);
                return true;
            },
            cancellationToken
        );
        await files.RemoveAllAsync(erased.Tenant, erased.User, cancellationToken);
        Log.Finished(logger, erased.User);
        return JobResult.Done();
    }

    internal sealed record Erased(Guid Tenant, Guid User);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "User {UserId} is erased")]
        public static partial void Finished(ILogger logger, Guid userId);
    }
}

[JsonSerializable(typeof(FinishErasing.Erased))]
internal sealed partial class ErasedJson : JsonSerializerContext;
