using Gatehouse.Runtime.Keys;
using Gatehouse.Runtime.Startup;
using Microsoft.AspNetCore.DataProtection;

namespace Gatehouse.Server.Hosting;

/// <summary>Sees to it that the first start of all makes the key that every node shares.</summary>
internal sealed class BeginProtection(ProtectionKeyStore store, IDataProtectionProvider provider) : IBeforeReady
{
    public Task PrepareAsync(CancellationToken cancellationToken) => store.BeginAsync(provider, cancellationToken);
}
