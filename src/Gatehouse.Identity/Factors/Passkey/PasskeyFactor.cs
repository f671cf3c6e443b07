using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>A passkey beside the password, or to prove again who is signed in.</summary>
internal sealed class PasskeyFactor(PasskeyAssertion assertion) : ISecondFactor
{
    public string Name => SecondFactorNames.Passkey;

    public IReadOnlyList<string> Methods { get; } = [AuthenticationMethods.SoftwareKey];

    public async Task<FactorProof> ProveAsync(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        PendingChallenge challenge,
        FactorInput input,
        Actor actor
    ) =>
        input.Passkey is { } answer && await assertion.FinishAsync(tx, actor, user, challenge.Id, answer, CancellationToken.None)
            ? FactorProof.Right
            : FactorProof.Wrong;
}
