using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Recovery;

namespace Gatehouse.Identity.Administration;

/// <summary>Creates a user for an actor, within the caller's transaction, records that, and sends the link to choose a password where that
/// is wanted.</summary>
internal sealed class UserCreation(NewUser newUser, PasswordResets resets)
{
    public const string Action = "user.created";

    /// <returns>The user, whose key is provisional until <see cref="NewUser.ConfirmKeyAsync"/>.</returns>
    public async Task<Outcome<NewUser.Inserted>> CreateAsync(
        Transaction tx,
        NewUser.Attributes attributes,
        bool sendsLink,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var inserted = await newUser.InsertAsync(tx, actor.Tenant.Id, attributes, cancellationToken);
        if (inserted.Error is { } taken)
            return taken;
        var record = AuditRecord.Of(actor, Action) with { Subject = inserted.Value.Key.Subject };
        if (sendsLink)
        {
            var identifier = Identifier.Of(attributes.Contact);
            var reset = await resets.BeginAsync(tx, identifier, CreateUser.Template, actor, cancellationToken);
            record = record.WithFact("reset", reset.Id.ToString());
        }

        tx.Record(record);
        return inserted;
    }
}
