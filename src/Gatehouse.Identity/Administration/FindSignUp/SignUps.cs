using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Administration;

/// <summary>
/// Finds registrations that wait for the verification of their address, for administrators of the whole tenant: nobody knows yet to which
/// organizations they will belong.
/// <para>That one was looked for by its address and found stands in the audit. Who registers is not revealed: the address is masked.</para>
/// </summary>
internal sealed class SignUps(
    Database database,
    Verifications verifications,
    RegistrationVerification purpose,
    SubjectKeys subjectKeys,
    BlindIndex blindIndex
)
{
    public static bool MayRead(Actor actor) => actor.RequiredAccess.Allows(AdministrationArea.ReadUsers.Name);

    /// <summary>The newest one of the address; null for none.</summary>
    public Task<Guid?> FindAsync(IContact contact, Actor actor, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            "registration.find",
            async tx =>
            {
                var index = blindIndex.Compute(actor.Tenant.Id, contact.Kind, contact.Canonical);
                var pending = await verifications.FindAsync(tx, purpose, actor.Tenant.Id, index, tx.Now);
                if (pending is not null)
                    tx.Record(AuditRecord.Of(actor, "registration.found").WithRegistration(pending.Id));
                return pending?.Id;
            },
            cancellationToken
        );

    public async Task<Outcome<SignUp>> GetAsync(Guid id, DateTimeOffset now, Actor actor, CancellationToken cancellationToken)
    {
        var pending = await database.QueryAsync(db => verifications.FindAsync(db, purpose, actor.Tenant.Id, id, now), cancellationToken);
        if (pending is null)
            return AccountsErrors.RegistrationNotFound;
        // A completed one knows nothing any more, and neither does one whose key is gone.
        var key = pending.CompletedAt is null ? await subjectKeys.FindAsync(id, cancellationToken) : null;
        var details = key?.Open(pending.Read(RegistrationPayloadJson.Default.RegistrationPayload).Personal);
        return new SignUp
        {
            Id = id,
            MaskedTarget = details?.Contact.Masked,
            IsCompleted = pending.CompletedAt is not null,
            Closed = VerificationRules.EvaluateOpening(pending, now)?.Code,
            StartedAt = pending.CreatedAt,
            CodeExpiresAt = pending.CodeExpiresAt,
            ExpiresAt = pending.ExpiresAt,
            Messages = pending.Sends,
            MaxMessages = purpose.MaxSends,
            ResendAt = pending.ResendAt,
        };
    }
}

/// <summary>A registration that is not completed, as administrators see it.</summary>
public sealed record SignUp
{
    public required Guid Id { get; init; }

    /// <summary>Null when it is not known any more.</summary>
    public required string? MaskedTarget { get; init; }

    public required bool IsCompleted { get; init; }

    /// <summary>The code of the error that any code is answered with; null while one can be entered.</summary>
    public required string? Closed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CodeExpiresAt { get; init; }

    /// <summary>When the link and the registration end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required int Messages { get; init; }

    public required int MaxMessages { get; init; }

    /// <summary>From when on another message may be sent.</summary>
    public required DateTimeOffset ResendAt { get; init; }
}
