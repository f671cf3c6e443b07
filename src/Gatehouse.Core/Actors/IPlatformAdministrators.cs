using Gatehouse.Core.Postgres;

namespace Gatehouse.Core.Actors;

/// <summary>
/// Who administers the whole installation. The module that keeps the roles answers; the first of them is appointed with the creation of the
/// user, in one transaction.
/// </summary>
public interface IPlatformAdministrators
{
    /// <summary>Whether there is one, in any tenant.</summary>
    Task<bool> ExistAsync(DbSession db);

    /// <summary>Gives the user the role, publishes and records that.</summary>
    Task AppointAsync(Transaction tx, Guid user, Actor actor);
}
