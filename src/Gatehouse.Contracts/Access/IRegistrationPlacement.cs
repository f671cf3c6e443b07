namespace Gatehouse.Contracts.Access;

/// <summary>Answers where a registration places the user.</summary>
public interface IRegistrationPlacement
{
    /// <summary>The active organization that the registration code names, in any case; null for an unknown code.</summary>
    ValueTask<Guid?> FindByCodeAsync(Guid tenantId, string code, CancellationToken cancellationToken);

    /// <summary>Whether the tenant has a registration code at all.</summary>
    ValueTask<bool> HasCodesAsync(Guid tenantId, CancellationToken cancellationToken);
}
