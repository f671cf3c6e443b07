using Gatehouse.Runtime.Jobs;

namespace Gatehouse.Identity.Tokens;

/// <summary>Publishes the next signing key in time and removes the one whose time is over.</summary>
internal sealed class KeepSigningKeys(SigningKeys keys) : IRecurring
{
    public async Task RunAsync(CancellationToken cancellationToken) => await keys.KeepAsync(cancellationToken);
}
