namespace Gatehouse.Contracts.Access;

/// <summary>Answers whether something outside the module of roles holds a permission, which then must stay.</summary>
public interface IPermissionUse
{
    /// <summary>Whether it is held in any tenant.</summary>
    ValueTask<bool> IsHeldAsync(string permission, CancellationToken cancellationToken);
}
