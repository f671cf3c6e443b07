using FoodDelivery.V1;

namespace FoodDelivery.Users;

/// <summary>A user as the neighbours know them.</summary>
/// <param name="Number">Fits 32 bits, and is never given to somebody else.</param>
/// <param name="Id">The user of Gatehouse.</param>
internal sealed record KnownUser(int Number, Guid Id)
{
    /// <summary>As the last event said; before the first, what the user registered for.</summary>
    public UserRole? Role { get; init; }

    /// <summary>Whether an event said it.</summary>
    public bool RoleIsKnown { get; init; }

    /// <summary>The registration, where the user signed in before verifying the address.</summary>
    public Guid? Registration { get; init; }
}
