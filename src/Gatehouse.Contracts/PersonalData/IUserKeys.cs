namespace Gatehouse.Contracts.PersonalData;

/// <summary>Opens personal members of events, for modules and services that may. The keys never leave the service that holds
/// them.</summary>
public interface IUserKeys
{
    /// <summary>Opens one sealed member.</summary>
    /// <returns>The plain form, or null when the subject's key has been destroyed: the registration ended, or the user was
    /// erased.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The data was altered, or belongs to another subject or
    /// schema.</exception>
    /// <remarks>Where the keys are in another process that cannot be asked, the call fails with an exception of its own, and succeeds
    /// later.</remarks>
    ValueTask<T?> OpenAsync<T>(Encrypted<T> personal, CancellationToken cancellationToken)
        where T : class, IPersonalData;
}
