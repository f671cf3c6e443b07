using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>One way to answer a challenge. Guesses come one after the other: the user's row is locked, and each was counted
/// before.</summary>
internal interface ISecondFactor
{
    /// <summary>One of <see cref="SecondFactorNames"/>.</summary>
    string Name { get; }

    /// <summary>What the session says of it (RFC 8176).</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Whether what was sent is right; if it is, it never is again.</summary>
    Task<bool> ProveAsync(Transaction tx, LockedUser user, SubjectKey key, PendingChallenge challenge, FactorInput input, Actor actor);
}

/// <summary>What was sent as answer to a challenge.</summary>
/// <param name="Code">Empty where it is a passkey's answer.</param>
/// <param name="Passkey">Null where it is a code.</param>
internal sealed record FactorInput(string Code, PasskeyAnswer? Passkey)
{
    public override string ToString() => "[answer]";
}
