namespace Gatehouse.Contracts.Access;

/// <summary>Answers what service accounts are called. The module that keeps clients answers.</summary>
public interface IServiceAccountNames
{
    /// <summary>The names that people gave them, by id. Unknown and deleted ones, and those of other tenants, are left out.</summary>
    ValueTask<IReadOnlyDictionary<Guid, string>> NamesAsync(
        Guid tenantId,
        IReadOnlyCollection<Guid> clientIds,
        CancellationToken cancellationToken
    );
}
