namespace Gatehouse.Contracts.PersonalData;

/// <summary>The plain form of a sealed member. Its <see cref="Schema"/> is bound into the seal, so one kind never opens as
/// another.</summary>
public interface IPersonalData
{
    /// <summary>Name with version, such as <c>user-personal.v1</c>.</summary>
    static abstract string Schema { get; }
}

/// <summary>
/// Personal attributes encrypted (AES-256-GCM) with the key of <paramref name="Subject"/>; unreadable for ever once that key is destroyed.
/// Opened through <see cref="IUserKeys"/>.
/// </summary>
/// <param name="Subject">The user or pending registration whose key encrypts it.</param>
/// <param name="Data">The sealed bytes, Base64.</param>
public sealed record Encrypted<T>(Guid Subject, string Data)
    where T : IPersonalData;
