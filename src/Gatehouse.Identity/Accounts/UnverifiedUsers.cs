using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// Users who are signed in before they verify their address or number, which a role may allow. Until then the address does not lead to the
/// user, so whoever really has it can register as if nobody had; the user has no role, and no event but those of sessions tells of it.
/// </summary>
internal sealed class UnverifiedUsers(SubjectKeys subjectKeys, CompleteSignIn completeSignIn, UserSessions sessions)
{
    /// <summary>Makes the user and signs it in. The user's key is provisional until <see cref="NewUser.ConfirmKeyAsync"/>.</summary>
    /// <param name="acceptedTerms">The version of the terms; null where the tenant has none.</param>
    /// <param name="until">When the user is removed, unless verified before.</param>
    public async Task<Outcome<SignedIn>> CreateAsync(
        Transaction tx,
        RegistrationDetails details,
        PasswordHash? password,
        string? acceptedTerms,
        DateTimeOffset until,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var tenant = actor.Tenant.Id;
        var id = Guid.CreateVersion7(tx.Now);
        var username = details.Username ?? (actor.Tenant.Settings.GeneratesUsernames ? Username.Generate() : null);
        var key = await subjectKeys.CreateForPersonAsync(tenant, id, cancellationToken);
        var row = await tx.FirstOrDefaultAsync<StoredUser>(
            $"""
            insert into identity.users (tenant_id, id, version, name, given_name, family_name, username, username_key, email, phone,
                password_hash, language, profile, created_at, unverified_until)
            values (@tenant, @id, 0, @Name, @GivenName, @FamilyName, @username, @usernameKey, @email, @phone,
                @password, @Language, @profile, @Now, @until)
            on conflict on constraint users_username_taken do nothing
            returning {StoredUser.Columns}
            """,
            new
            {
                tenant,
                id,
                details.Name,
                details.GivenName,
                details.FamilyName,
                username,
                usernameKey = username?.Key,
                email = details.Email is null ? null : key.Encrypt(details.Email),
                phone = details.Phone is null ? null : key.Encrypt(details.Phone),
                password,
                actor.Language,
                profile = (Profile.Empty with { BirthDate = details.BirthDate }).Encrypt(key),
                tx.Now,
                until,
            }
        );
        if (row is null)
            return AccountsErrors.UsernameTaken;
        if (username is not null && await Usernames.IsReservedAsync(tx, tenant, username, id))
        {
            await tx.ExecuteAsync("delete from identity.users where tenant_id = @tenant and id = @id", new { tenant, id });
            return AccountsErrors.UsernameTaken;
        }

        var user = LockedUser.Inserted(row);
        if (acceptedTerms is not null)
            await AcceptedTerms.RecordAsync(tx, user, acceptedTerms, tx.Now);
        var signedIn = await completeSignIn.BeginAsync(tx, user, key, actor, FirstFactor.NewPassword, device: null);
        await user.SaveAsync(tx);
        return signedIn;
    }

    /// <summary>
    /// Makes the address or number lead to the user, and tells of the user. A link proves the mailbox, not that its reader chose the
    /// password: unless it was typed again, the password goes, and whoever registered is signed out and keeps neither a known device nor a
    /// second factor.
    /// </summary>
    public async Task<Outcome<NewUser.Inserted>> VerifyAsync(
        Transaction tx,
        PendingVerification registration,
        UnverifiedUser unverified,
        NewUser.Proof proof,
        CancellationToken cancellationToken
    )
    {
        var (tenant, contact) = (registration.TenantId, unverified.Contact);
        var key = await subjectKeys.FindAsync(unverified.Id, cancellationToken);
        var user = await LockedUser.LockAsync(tx, tenant, unverified.Id);
        if (key is null || user is not { Row: { UnverifiedUntil: not null, IsLockedOut: false } })
            return AccountsErrors.RegistrationNotFound;
        var found = await tx.ExecuteAsync(
            """
            insert into identity.identifiers (tenant_id, kind, index_version, blind_index, user_id)
            values (@tenant, @Kind, @IndexVersion, @TargetIndex, @Id)
            on conflict on constraint identifiers_taken do nothing
            """,
            new
            {
                tenant,
                contact.Kind,
                registration.IndexVersion,
                registration.TargetIndex,
                unverified.Id,
            }
        );
        if (found == 0)
            return AccountsErrors.Taken(contact);
        if (!proof.KeepPassword)
        {
            await sessions.EndAllAsync(tx, user, SessionEnd.Verified);
            await UserRows.RemoveFactorsAsync(tx, tenant, unverified.Id);
        }

        await tx.ExecuteAsync(
            """
            update identity.users
               set email_verified_at = case when email is null then null else @Now end,
                   phone_verified_at = case when phone is null then null else @Now end,
                   password_hash = case when @KeepPassword then password_hash end,
                   password_is_short = @KeepPassword and password_is_short,
                   password_changed_at = case when @KeepPassword then password_changed_at else @Now end,
                   unverified_until = null
             where tenant_id = @tenant and id = @Id
            """,
            new
            {
                tenant,
                unverified.Id,
                proof.KeepPassword,
                tx.Now,
            }
        );
        await tx.ExecuteAsync(
            "update identity.sessions set unverified = false where tenant_id = @tenant and user_id = @Id and unverified",
            new { tenant, unverified.Id }
        );
        await user.ReloadAsync(tx);
        Publish(tx, user, key, unverified, proof);
        return new NewUser.Inserted(key, user);
    }

    private static void Publish(Transaction tx, LockedUser user, SubjectKey key, UnverifiedUser unverified, NewUser.Proof proof)
    {
        var row = user.Row;
        user.Publish(
            tx,
            new UserRegisteredV1
            {
                UserId = row.Id,
                Origin = "self",
                Language = row.Language,
                OrganizationId = unverified.OrganizationId,
                Roles = unverified.Role is { } role ? [role] : null,
                Personal = key.Seal(
                    new UserPersonalV1(Name: row.Name.Value, Email: row.OpenEmail(key)?.Delivery, Username: row.Username?.Typed)
                    {
                        PhoneNumber = row.OpenPhone(key)?.Delivery,
                    }
                ),
            }
        );
        user.Publish(
            tx,
            new UserVerifiedV1
            {
                UserId = row.Id,
                Channel = unverified.Contact.Kind,
                Method = proof.Method,
            }
        );
    }
}

/// <summary>A user who is about to be verified.</summary>
internal sealed record UnverifiedUser(Guid Id, IContact Contact)
{
    /// <summary>As in <see cref="UserRegisteredV1.OrganizationId"/>.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The name of the role that the user registered for.</summary>
    public string? Role { get; init; }
}
