using Gatehouse.Core.Hosting;

namespace Gatehouse.Encryption;

/// <summary>Removes keys that expired by themselves, such as those of registrations that were never finished.</summary>
internal sealed class DestroyExpiredKeys(SubjectKeys keys) : IRecurring
{
    public Task RunAsync(CancellationToken cancellationToken) => keys.DestroyEndedAsync(cancellationToken);
}
