using Gatehouse.Encryption;

namespace Gatehouse.Identity.SignIn;

/// <content>Who is tried, and what that came to.</content>
internal sealed partial class Throttle
{
    /// <param name="Account">Hash of the account, or of the identifier where there is none.</param>
    /// <param name="Challenges">Under which answers to challenges of the account are counted; null where there is none.</param>
    /// <param name="Bucket">The known device; all zeros for the bucket of all others.</param>
    /// <param name="Network">Null where networks are not counted.</param>
    /// <param name="From">Under which the bucket of all others notes what this network added to it; null for a known device.</param>
    internal sealed record Target(
        Guid TenantId,
        BlindIndexEntry Subject,
        BlindIndexEntry Account,
        BlindIndexEntry? Challenges,
        Guid Bucket,
        BlindIndexEntry? Network,
        string? From
    );

    /// <param name="InARow">Failures in a row on this identifier and bucket, this try included.</param>
    /// <param name="IsClosed">Whether no password opens the account from here any more. It is not said: the rejection of a wrong password
    /// is the answer, because only the account knows which identifiers belong together.</param>
    internal readonly record struct Count(int InARow, bool IsClosed);
}
