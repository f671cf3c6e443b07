namespace Gatehouse.Contracts.Events;

/// <summary>
/// A fact that other services may learn of. Implemented by one sealed record a version (<c>UserRegisteredV1</c>); a changed meaning is a
/// new record with a new name, and old ones stay readable.
/// </summary>
public interface IEvent
{
    /// <summary>The public name with its version, such as <c>user.registered.v1</c>; the CloudEvents <c>type</c>.</summary>
    static abstract string Type { get; }

    /// <summary>The topic it travels on; one of <see cref="Topics"/>.</summary>
    static abstract string Topic { get; }
}
