using Gatehouse.Encryption;
using Gatehouse.Split.Protocol;

namespace Gatehouse.Split;

/// <summary>The blind index of a contact address, wherever its key is.</summary>
public interface IAddressIndex
{
    Task<BlindIndexEntry> ComputeAsync(Guid tenantId, ContactAddress address, CancellationToken cancellationToken);
}

/// <param name="Kind">Such as <c>email</c>.</param>
/// <param name="Value">In its canonical form.</param>
public readonly record struct ContactAddress(string Kind, string Value)
{
    public override string ToString() => Kind;
}

internal sealed class LocalAddressIndex(BlindIndex index) : IAddressIndex
{
    public Task<BlindIndexEntry> ComputeAsync(Guid tenantId, ContactAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(index.Compute(tenantId, address.Kind, address.Value));
}

internal sealed class RemoteAddressIndex(SplitClient identity) : IAddressIndex
{
    public async Task<BlindIndexEntry> ComputeAsync(Guid tenantId, ContactAddress address, CancellationToken cancellationToken)
    {
        var request = new IndexAddressRequest
        {
            Tenant = tenantId.ToString(),
            Kind = address.Kind,
            Address = address.Value,
        };
        return new BlindIndexEntry((await identity.IndexAddressAsync(request, cancellationToken)).Index.ToByteArray());
    }
}
