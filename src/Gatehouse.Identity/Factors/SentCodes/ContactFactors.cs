using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// What becomes of a factor whose number or address is changed or removed: it goes. A new contact was proved to be the user's, not to be a
/// second factor, and whoever may change it must not get past the factor by that.
/// </summary>
internal sealed class ContactFactors(SecondFactors factors)
{
    /// <summary>Why the contact has to stay: the user may not give up its factor. Null: it may go.</summary>
    public static async Task<Error?> MayGoAsync(Transaction tx, StoredUser user, string kind, TenantSettings settings) =>
        Holds(user, kind) ? await SecondFactors.MayRemoveAsync(tx, user, SentCodeFactor.OfKind(kind), settings) : null;

    /// <summary>Removes the factor of such a contact, with notice to who is reached by the row as it was read; it is read again.</summary>
    public async Task DropAsync(Transaction tx, LockedUser user, SubjectKey key, string kind, Actor actor)
    {
        var factor = SentCodeFactor.OfKind(kind);
        await StoredSentCode.RemoveAsync(tx, user.Row, factor);
        if (!Holds(user.Row, kind))
            return;
        await factors.RemoveAsync(tx, user, key, factor, actor);
        await user.ReloadAsync(tx);
    }

    private static bool Holds(StoredUser user, string kind) =>
        user.SecondFactors.Contains(SentCodeFactor.OfKind(kind), StringComparer.Ordinal);
}
