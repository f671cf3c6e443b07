using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;
using Gatehouse.Web.Exports;

namespace Gatehouse.Identity.Exports;

/// <summary>The files of what this module holds about a user.</summary>
internal static class IdentityExports
{
    private static readonly SealedColumn Email = SealedColumn.Of<EmailAddress>(email => email.Delivery);
    private static readonly SealedColumn Phone = SealedColumn.Of<PhoneNumber>(phone => phone.Delivery);

    public static IReadOnlyList<ExportedRows> All { get; } =
    [
        new()
        {
            Name = "account",
            Text = "page.export.account",
            Statement = """
                select id, name, given_name, family_name, username, email, email_verified_at, email_changed_at, phone, phone_verified_at,
                       phone_changed_at, profile, language, password_hash is not null as has_password, password_changed_at, second_factors,
                       second_factor_due_at, new_email as pending_email, new_email_until as pending_email_until,
                       new_phone as pending_phone, new_phone_until as pending_phone_until, created_at, unverified_until, disabled_at,
                       disabled_reason, suspended_at, closed_at, erase_at, terms_version, updated_at, photo is not null as has_photo
                  from identity.users where tenant_id = @tenant and id = @user
                """,
            Sealed = new Dictionary<string, SealedColumn>(StringComparer.Ordinal)
            {
                ["email"] = Email,
                ["phone"] = Phone,
                ["pending_email"] = Email,
                ["pending_phone"] = Phone,
                ["profile"] = SealedColumn.Of<Profile>(profile => profile.ToStored(), isJson: true),
                ["disabled_reason"] = SealedColumn.Of<DisabledReason>(reason => reason.ToStored()),
            },
        },
        new()
        {
            Name = "former-addresses",
            Text = "page.export.former-addresses",
            Statement = """
                select email, changed_at, ends_at from identity.former_emails
                 where tenant_id = @tenant and user_id = @user order by changed_at, id
                """,
            Sealed = new Dictionary<string, SealedColumn>(StringComparer.Ordinal) { ["email"] = Email },
        },
        new()
        {
            Name = "sessions",
            Text = "page.export.sessions",
            Statement = """
                select id, method, amr, client_id, device, network, organization_id, created_at, authenticated_at, used_at, idle_ends_at,
                       ends_at, ended_at, end_reason
                  from identity.sessions where tenant_id = @tenant and user_id = @user order by created_at, id
                """,
        },
        new()
        {
            Name = "second-factors",
            Text = "page.export.second-factors",
            Statement = """
                select 'totp' as kind, created_at, confirmed_at, last_used_at from identity.totp
                 where tenant_id = @tenant and user_id = @user
                union all
                select factor, created_at, confirmed_at, last_used_at from identity.sent_code_factors
                 where tenant_id = @tenant and user_id = @user
                union all
                select 'recovery-code', created_at, null, used_at from identity.recovery_codes
                 where tenant_id = @tenant and user_id = @user
                 order by 1, 2
                """,
        },
        new()
        {
            Name = "passkeys",
            Text = "page.export.passkeys",
            Statement = """
                select id, name, relying_party, transports, is_backed_up, created_at, last_used_at from identity.passkeys
                 where tenant_id = @tenant and user_id = @user order by id
                """,
            Sealed = new Dictionary<string, SealedColumn>(StringComparer.Ordinal)
            {
                ["name"] = SealedColumn.Of<PasskeyName>(name => name.Value),
            },
        },
        new()
        {
            Name = "former-usernames",
            Text = "page.export.former-usernames",
            Statement = """
                select username_key as username, reserved_until from identity.former_usernames
                 where tenant_id = @tenant and user_id = @user order by reserved_until
                """,
        },
        new()
        {
            Name = "accepted-terms",
            Text = "page.export.accepted-terms",
            Statement = """
                select version, accepted_at from identity.accepted_terms
                 where tenant_id = @tenant and user_id = @user order by accepted_at
                """,
        },
        new()
        {
            Name = "files",
            Text = "page.export.files",
            Statement = """
                select id, purpose, content_type, size, created_at from identity.files
                 where tenant_id = @tenant and user_id = @user order by created_at, id
                """,
        },
        new()
        {
            Name = "remembered-devices",
            Text = "page.export.remembered-devices",
            Statement = """
                select expires_at from identity.remembered_devices where tenant_id = @tenant and user_id = @user order by expires_at
                """,
        },
        new()
        {
            Name = "verifications",
            Text = "page.export.verifications",
            Statement = """
                select purpose, channel, created_at, expires_at, completed_at from identity.verifications
                 where tenant_id = @tenant and user_id = @user
                union all
                select 'password-reset', kind, created_at, expires_at, completed_at from identity.password_resets
                 where tenant_id = @tenant and user_id = @user
                 order by 3
                """,
        },
    ];
}
