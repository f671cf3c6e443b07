using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Messaging;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Makes a user, within the caller's transaction: out of a registration that was just proved, or as an operator says. Two constraints
/// decide every race: one user to a username, one to an address or number; which one rejected is the answer.
/// </summary>
internal sealed class NewUser(
    SubjectKeys subjectKeys,
    Verifications verifications,
    CompleteSignIn completeSignIn,
    IRegistrationRoles roles,
    UnverifiedUsers unverified,
    PictureAddresses pictures,
    RegistrationOptions options
)
{
    public async Task<Outcome<Created>> CreateAsync(
        Transaction tx,
        PendingVerification registration,
        Proof proof,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        if (proof.Username is not null && ReservedUsernames.Contains(proof.Username, actor.Tenant.DisplayName, options.ReservedUsernames))
            return AccountsErrors.UsernameTaken;
        var flowKey = await subjectKeys.FindAsync(registration.Id, cancellationToken);
        if (flowKey is null)
            return AccountsErrors.RegistrationNotFound;
        var payload = registration.Read(RegistrationPayloadJson.Default.RegistrationPayload);
        var details = flowKey.Open(payload.Personal);
        // Closing a role counts for what was started before: it is given now.
        var role = payload.RoleId is { } wanted ? await roles.HoldOpenAsync(tx, registration.TenantId, wanted) : null;
        if (payload.RoleId is not null && role is null)
            return AccountsErrors.RoleNotOpen;
        var inserted = payload.UserId is { } early
            ? await unverified.VerifyAsync(
                tx,
                registration,
                new UnverifiedUser(early, details.Contact) { OrganizationId = payload.OrganizationId, Role = role?.Name },
                proof,
                cancellationToken
            )
            : await InsertAsync(
                tx,
                registration.TenantId,
                new Attributes(
                    details.Name,
                    details.Contact,
                    registration.IndexVersion!.Value,
                    registration.TargetIndex!,
                    proof.Username ?? details.Username ?? (actor.Tenant.Settings.GeneratesUsernames ? Username.Generate() : null),
                    proof.KeepPassword ? payload.PasswordHash : null,
                    payload.Language
                )
                {
                    Origin = "self",
                    Method = proof.Method,
                    OrganizationId = payload.OrganizationId,
                    GivenName = details.GivenName,
                    FamilyName = details.FamilyName,
                    BirthDate = details.BirthDate,
                    Role = role?.Name,
                },
                cancellationToken
            );
        if (inserted.Error is { } taken)
            return taken;
        var (key, user) = inserted.Value;
        if (payload.AcceptedTerms is { } terms)
            await AcceptedTerms.RecordAsync(tx, user, terms, payload.AcceptedTermsAt);

        // What is left answers a second submit of the same code until its time is over; nothing personal stays in it.
        await verifications.CompleteAsync(tx, registration);

        var record = AuditRecord.Of(actor, "user.registered").WithRegistration(registration.Id) with { Subject = key.Subject };
        tx.Record(record);
        tx.Record((record with { Action = "user.verified" }).WithFact("channel", details.Contact.Kind).WithFact("method", proof.Method));

        if (role is not null)
            await AssignAsync(tx, key.Subject, role, actor);

        var signedIn = proof.BeginsSession
            ? await completeSignIn.BeginAsync(tx, user, key, actor, FirstFactor.Registration, device: null)
            : null;
        await user.SaveAsync(tx);
        return new Created(registration.Id, user.Row.View(key, tx.Now, pictures), signedIn);
    }

    // The copy that tokens are made from is written with it: the first token says the role. The event will say the same.
    private async Task AssignAsync(Transaction tx, Guid user, RegistrationRole role, Actor actor)
    {
        await roles.AssignAsync(tx, user, role, actor);
        await tx.ExecuteAsync(
            "insert into identity.memberships (tenant_id, user_id, organization_id, roles) values (@Id, @user, @nil, array[@Name])",
            new
            {
                actor.Tenant.Id,
                user,
                nil = Guid.Empty,
                role.Name,
            }
        );
    }

    /// <summary>Inserts the user and what finds it, and publishes that. Answers with the user's key, provisional until
    /// <see cref="ConfirmKeyAsync"/>.</summary>
    public async Task<Outcome<Inserted>> InsertAsync(
        Transaction tx,
        Guid tenant,
        Attributes attributes,
        CancellationToken cancellationToken
    )
    {
        // A look first spares a key for nothing in the usual case; the inserts below decide.
        var contact = attributes.Contact;
        if (await Users.ContactIsKnownAsync(tx, tenant, contact.Kind, attributes.IndexVersion, attributes.Index))
            return AccountsErrors.Taken(contact);
        if (attributes.Username is not null && await Usernames.IsTakenAsync(tx, tenant, attributes.Username))
            return AccountsErrors.UsernameTaken;

        var id = Guid.CreateVersion7(tx.Now);
        var key = await subjectKeys.CreateForPersonAsync(tenant, id, cancellationToken);
        var (email, phone) = (contact as EmailAddress, contact as PhoneNumber);
        var row = await tx.FirstOrDefaultAsync<StoredUser>(
            $"""
            with inserted as (
                insert into identity.users (tenant_id, id, version, name, given_name, family_name, username, username_key, email,
                    email_verified_at, phone, phone_verified_at, password_hash, language, profile, created_at)
                values (@tenant, @id, 2, @name, @givenName, @familyName, @username, @usernameKey, @email,
                    @emailVerifiedAt, @phone, @phoneVerifiedAt, @password, @language, @profile, @now)
                on conflict on constraint users_username_taken do nothing
                returning *),
            identified as (
                insert into identity.identifiers (tenant_id, kind, index_version, blind_index, user_id)
                select tenant_id, @kind, @indexVersion, @index, id from inserted
                on conflict on constraint identifiers_taken do nothing
                returning user_id)
            select {StoredUser.Columns} from inserted where exists (select 1 from identified)
            """,
            new
            {
                tenant,
                id,
                name = attributes.Name,
                givenName = attributes.GivenName,
                familyName = attributes.FamilyName,
                profile = (Profile.Empty with { BirthDate = attributes.BirthDate }).Encrypt(key),
                username = attributes.Username,
                usernameKey = attributes.Username?.Key,
                email = email is null ? null : key.Encrypt(email),
                emailVerifiedAt = email is null ? (DateTimeOffset?)null : tx.Now,
                phone = phone is null ? null : key.Encrypt(phone),
                phoneVerifiedAt = phone is null ? (DateTimeOffset?)null : tx.Now,
                now = tx.Now,
                password = attributes.PasswordHash,
                language = attributes.Language,
                kind = contact.Kind,
                indexVersion = attributes.IndexVersion,
                index = attributes.Index,
            }
        );
        if (row is null)
        {
            var withoutAddress = await tx.ExecuteAsync(
                "delete from identity.users where tenant_id = @tenant and id = @id",
                new { tenant, id }
            );
            return withoutAddress > 0 ? AccountsErrors.Taken(contact) : AccountsErrors.UsernameTaken;
        }

        if (attributes.Username is { } chosen && await Usernames.IsReservedAsync(tx, tenant, chosen, id))
        {
            await tx.ExecuteAsync(
                """
                with found as (delete from identity.identifiers where tenant_id = @tenant and user_id = @id)
                delete from identity.users where tenant_id = @tenant and id = @id
                """,
                new { tenant, id }
            );
            return AccountsErrors.UsernameTaken;
        }

        tx.Publish(
            tenant,
            id,
            new UserRegisteredV1
            {
                UserId = id,
                Origin = attributes.Origin,
                Language = attributes.Language,
                OrganizationId = attributes.OrganizationId,
                Roles = attributes.Role is { } role ? [role] : null,
                Personal = key.Seal(
                    new UserPersonalV1(Name: attributes.Name.Value, Email: email?.Delivery, Username: attributes.Username?.Typed)
                    {
                        PhoneNumber = phone?.Delivery,
                    }
                ),
            },
            subjectVersion: 1
        );
        tx.Publish(
            tenant,
            id,
            new UserVerifiedV1
            {
                UserId = id,
                Channel = contact.Kind,
                Method = attributes.Method,
            },
            subjectVersion: 2
        );

        return new Inserted(key, LockedUser.Inserted(row));
    }

    /// <summary>After the commit: the user's key is no longer provisional, the registration's is destroyed.</summary>
    public Task SettleAsync(Created created) => SettleAsync(created.User.Id, created.RegistrationId);

    /// <summary>The same for a user who came from another verification.</summary>
    public Task SettleAsync(Guid user, Guid verification) =>
        AfterCommitAsync(subjectKeys.SettleAsync(user, verification, CancellationToken.None));

    /// <summary>After the commit: the user's key is no longer provisional.</summary>
    public Task ConfirmKeyAsync(Guid user) => AfterCommitAsync(subjectKeys.ConfirmAsync([user], CancellationToken.None));

    // A failure here changes nothing the caller sees; ReconcileUserKeys and the end of the registration's key make it good.
    private static async Task AfterCommitAsync(Task change)
    {
        try
        {
            await change;
        }
        catch (Exception e) when (DatabaseFailure.IsAway(e))
        {
            // The key store went away in this very moment.
        }
    }

    /// <param name="Method"><c>code</c> or <c>link</c>.</param>
    /// <param name="Username">Chosen instead of the one given at the start, which somebody took meanwhile; null keeps that one.</param>
    /// <param name="KeepPassword">Whether the password given at the start belongs to whoever proved the address.</param>
    /// <param name="BeginsSession">Whether whoever proved it is signed in with it.</param>
    internal sealed record Proof(string Method, Username? Username, bool KeepPassword, bool BeginsSession);

    /// <summary>Who the user will be; the address or number counts as proved.</summary>
    internal sealed record Attributes(
        PersonName Name,
        IContact Contact,
        short IndexVersion,
        BlindIndexEntry Index,
        Username? Username,
        PasswordHash? PasswordHash,
        string Language
    )
    {
        /// <summary>As in <see cref="UserRegisteredV1.Origin"/>.</summary>
        public required string Origin { get; init; }

        /// <summary>As in <see cref="UserVerifiedV1.Method"/>.</summary>
        public required string Method { get; init; }

        /// <summary>As in <see cref="UserRegisteredV1.OrganizationId"/>.</summary>
        public Guid? OrganizationId { get; init; }

        public PersonName? GivenName { get; init; }

        public PersonName? FamilyName { get; init; }

        public DateOnly? BirthDate { get; init; }

        /// <summary>The name of the role that the user registered for.</summary>
        public string? Role { get; init; }

        public override string ToString() => "[attributes]";
    }

    /// <param name="Key">The user's key.</param>
    internal sealed record Inserted(SubjectKey Key, LockedUser User);

    /// <param name="SignedIn">Null where no session began.</param>
    internal sealed record Created(Guid RegistrationId, UserView User, SignedIn? SignedIn);
}
