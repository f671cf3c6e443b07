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

    /// <summary>What that is worth which was sent. What was right never is again.</summary>
    Task<FactorProof> ProveAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        PendingChallenge challenge,
        FactorInput input,
        Actor actor
    );
}

/// <summary>What an answer to a challenge is worth.</summary>
internal enum FactorProof
{
    Wrong,

    /// <summary>The code that is waited for can be entered no more, whatever was sent: another one has to take its place.</summary>
    Expired,

    Right,
}

/// <summary>What was sent as answer to a challenge.</summary>
/// <param name="Code">Empty where it is a passkey's answer.</param>
/// <param name="Passkey">Null where it is a code.</param>
internal sealed record FactorInput(string Code, PasskeyAnswer? Passkey)
{
    public override string ToString() => "[answer]";
}
