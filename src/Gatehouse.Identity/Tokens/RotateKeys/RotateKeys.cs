using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// Replaces the signing key as an operator says (<c>gatehouse keys rotate</c>): in time, so that no token is rejected, or at once, when a
/// key may have leaked. Running nodes follow within a second.
/// </summary>
internal sealed partial class RotateKeys(SigningKeys keys, Database database, ILogger<RotateKeys> logger)
{
    /// <summary>The next key signs as soon as every service can know it.</summary>
    /// <returns>From when on.</returns>
    public async Task<DateTimeOffset> BringForwardAsync(CancellationToken cancellationToken)
    {
        var signsFrom = await keys.BringForwardAsync(cancellationToken);
        await RecordAsync("planned");
        Log.BroughtForward(logger, signsFrom);
        return signsFrom;
    }

    /// <summary>No key that was there is good any more.</summary>
    public async Task ReplaceAsync(CancellationToken cancellationToken)
    {
        await keys.ReplaceAsync(cancellationToken);
        await RecordAsync("emergency");
        Log.Replaced(logger);
    }

    // The keys lie in another database, so the record follows the change; it belongs to no tenant.
    private Task<int> RecordAsync(string kind) =>
        database.InTransactionAsync(
            "keys.rotate",
            tx =>
            {
                tx.Record(new AuditRecord(Guid.Empty, "keys.rotated") { ActorKind = "operator", Reason = kind });
                return Task.FromResult(0);
            },
            CancellationToken.None
        );

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The next signing key is used earlier, from {SignsFrom}")]
        public static partial void BroughtForward(ILogger logger, DateTimeOffset signsFrom);

        [LoggerMessage(2, LogLevel.Information, "All signing keys were replaced; earlier access tokens are rejected")]
        public static partial void Replaced(ILogger logger);
    }
}
