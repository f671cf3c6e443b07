using Gatehouse.Core.Postgres;

namespace Gatehouse.Encryption;

/// <summary>A value that is stored encrypted with the key of its subject.</summary>
public interface IEncryptable<TSelf> : IStoredValue<TSelf, string>
    where TSelf : class, IEncryptable<TSelf>
{
    /// <summary>Where it is stored, such as <c>users.email</c>: bound into the encryption, so that one column never opens as another. It
    /// never changes.</summary>
    static abstract string Context { get; }
}

/// <summary>A <typeparamref name="T"/> as its column holds it: <see cref="SubjectKey.Open{T}(EncryptedValue{T})"/> opens it.</summary>
public sealed class EncryptedValue<T>(byte[] box) : IStoredValue<EncryptedValue<T>, byte[]>
    where T : class, IEncryptable<T>
{
    public byte[] ToStored() => box;

    static EncryptedValue<T> IStoredValue<EncryptedValue<T>, byte[]>.FromStored(byte[] stored) => new(stored);

    public override string ToString() => "[encrypted]";
}
