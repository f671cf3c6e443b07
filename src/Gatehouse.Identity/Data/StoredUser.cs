using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Data;

/// <summary>A user's row.</summary>
internal sealed class StoredUser
{
    public const string Columns = """
        tenant_id, id, version, name, given_name, family_name, username, email, email_verified_at, phone, phone_verified_at,
        password_hash, password_changed_at, disabled_at, disabled_by, disabled_reason, suspended_at, language, profile, created_at,
        unverified_until, second_factors, second_factor_due_at, password_is_short, photo,
        new_email, new_email_verification, new_email_until, new_phone, new_phone_verification, new_phone_until,
        email_changed_at, phone_changed_at, closed_at, erase_at, has_known_device, new_device_told_at, second_factors_reset_at,
        second_factors_reset_by, second_factors_reset_reason, terms_version, updated_at
        """;

    /// <summary>How lists are sorted by name, which is what the index has.</summary>
    public const string ByName = $"name {SortColumn.ByName}";

    public Guid TenantId { get; init; }

    public Guid Id { get; init; }

    public long Version { get; init; }

    public PersonName Name { get; init; } = null!;

    public PersonName? GivenName { get; init; }

    public PersonName? FamilyName { get; init; }

    public Username? Username { get; init; }

    public EncryptedValue<EmailAddress>? Email { get; init; }

    public DateTimeOffset? EmailVerifiedAt { get; init; }

    public EncryptedValue<PhoneNumber>? Phone { get; init; }

    public DateTimeOffset? PhoneVerifiedAt { get; init; }

    public PasswordHash? PasswordHash { get; init; }

    /// <summary>When it was last changed; null while it is the first one, or none.</summary>
    public DateTimeOffset? PasswordChangedAt { get; init; }

    /// <summary>Since when an administrator has disabled the user; null while it is active.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The administrator who disabled the user; null while it is active.</summary>
    public Guid? DisabledBy { get; init; }

    /// <summary>Null where none was given.</summary>
    public EncryptedValue<DisabledReason>? DisabledReason { get; init; }

    /// <summary>Since when all organizations of the user are inactive; null while one is, or it has none.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>Since when its user has closed the account; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When the closed account is erased; null while it is open.</summary>
    public DateTimeOffset? EraseAt { get; init; }

    /// <summary>Whether nothing signs the user in.</summary>
    public bool IsLockedOut => DisabledAt is not null || SuspendedAt is not null;

    /// <summary>What signs the user in: nothing does while it is locked out, exactly as if it had no password.</summary>
    public PasswordHash? SignInHash => IsLockedOut ? null : PasswordHash;

    public string Language { get; init; } = "";

    /// <summary>Null while it is empty.</summary>
    public EncryptedValue<Profile>? Profile { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the profile, the address or the number last changed; null: not since it is kept.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When the user is removed who was signed in before verifying the address or number; null once that is done.</summary>
    public DateTimeOffset? UnverifiedUntil { get; init; }

    public bool IsUnverified => UnverifiedUntil is not null;

    /// <summary>By their names, in the order in which they were added; see <see cref="SecondFactorNames"/>.</summary>
    public string[] SecondFactors { get; init; } = [];

    /// <summary>From when on the user must have a second factor; null while nothing asks for one, or there is one.</summary>
    public DateTimeOffset? SecondFactorDueAt { get; init; }

    /// <summary>Whether the password may stand only beside a second factor.</summary>
    public bool PasswordIsShort { get; init; }

    /// <summary>The file that is the photo; null for none.</summary>
    public Guid? Photo { get; init; }

    /// <summary>The address that waits for its proof; null for none.</summary>
    public EncryptedValue<EmailAddress>? NewEmail { get; init; }

    public Guid? NewEmailVerification { get; init; }

    public DateTimeOffset? NewEmailUntil { get; init; }

    /// <summary>The number that waits for its proof; null for none.</summary>
    public EncryptedValue<PhoneNumber>? NewPhone { get; init; }

    public Guid? NewPhoneVerification { get; init; }

    public DateTimeOffset? NewPhoneUntil { get; init; }

    /// <summary>When another address last replaced a proved one; null for never.</summary>
    public DateTimeOffset? EmailChangedAt { get; init; }

    /// <summary>The version of the terms that the user accepted last; null for none.</summary>
    public string? TermsVersion { get; init; }

    /// <summary>When the number was last set or removed; null while it is the first one, or none.</summary>
    public DateTimeOffset? PhoneChangedAt { get; init; }

    /// <summary>Whether the user ever came back on a device that was known.</summary>
    public bool HasKnownDevice { get; init; }

    /// <summary>When the user was last told of a new device; null for never.</summary>
    public DateTimeOffset? NewDeviceToldAt { get; init; }

    /// <summary>When an administrator last took all second factors away; null for never.</summary>
    public DateTimeOffset? SecondFactorsResetAt { get; init; }

    /// <summary>That administrator.</summary>
    public Guid? SecondFactorsResetBy { get; init; }

    public EncryptedValue<ResetReason>? SecondFactorsResetReason { get; init; }

    public static Task<StoredUser?> FindAsync(DbSession db, Guid tenantId, Guid id) =>
        db.FirstOrDefaultAsync<StoredUser>(
            $"select {Columns} from identity.users where tenant_id = @tenantId and id = @id",
            new { tenantId, id }
        );

    /// <summary>Several users at once, each by tenant and id; who has no row is left out.</summary>
    public static Task<IReadOnlyList<StoredUser>> ListAsync(DbSession db, IReadOnlyList<(Guid Tenant, Guid Id)> people) =>
        db.ListAsync<StoredUser>(
            $"""
            select {Columns} from unnest(@tenants, @people) as wanted (tenant, person)
              join identity.users on tenant_id = tenant and id = person
            """,
            new { tenants = people.Select(p => p.Tenant).ToArray(), people = people.Select(p => p.Id).ToArray() }
        );

    public EmailAddress? OpenEmail(SubjectKey key) => Email is null ? null : key.Open(Email);

    public PhoneNumber? OpenPhone(SubjectKey key) => Phone is null ? null : key.Open(Phone);

    /// <summary>Where the user is written to: the address if it is verified, otherwise the number if that is; null: nowhere.</summary>
    /// <param name="kind">The kind that is meant; null or a username for whichever there is.</param>
    public IContact? OpenContact(SubjectKey key, string? kind = null)
    {
        var email = EmailVerifiedAt is null || kind == Users.PhoneKind ? null : OpenEmail(key);
        var phone = PhoneVerifiedAt is null || kind == Users.EmailKind ? null : OpenPhone(key);
        return email ?? (IContact?)phone;
    }

    /// <summary>Where a password reset goes: as <see cref="OpenContact"/>, but never to a number whose codes are the second factor, because
    /// whoever takes the number over would have both.</summary>
    public IContact? OpenResetContact(SubjectKey key, TenantSettings settings, string? kind = null) =>
        OpenContact(key, kind) is PhoneNumber
        && SecondFactorRules.Counting(SecondFactors, settings).Contains(SecondFactorNames.Sms, StringComparer.Ordinal)
            ? OpenContact(key, Users.EmailKind)
            : OpenContact(key, kind);

    public Profile OpenProfile(SubjectKey? key) => key is null || Profile is null ? Data.Profile.Empty : key.Open(Profile);

    /// <summary>What a new password of this user must not contain, and whether it stands alone.</summary>
    public PasswordContext PasswordContext(Tenant tenant, SubjectKey key) =>
        new(tenant.DisplayName, Name, Username, OpenEmail(key), OpenPhone(key))
        {
            IsOnlyFactor = !SecondFactorRules.AllowsShortPassword(SecondFactors, tenant.Settings),
        };

    /// <summary>The address or number that waits for its proof; null for none, and for one whose time is over.</summary>
    /// <param name="kind"><see cref="Users.EmailKind"/> or <see cref="Users.PhoneKind"/>.</param>
    public PendingContact? OpenPending(SubjectKey key, string kind, DateTimeOffset now)
    {
        if (kind == Users.EmailKind)
            return NewEmail is not null && NewEmailUntil > now
                ? new PendingContact(NewEmailVerification!.Value, key.Open(NewEmail), NewEmailUntil.Value)
                : null;
        return NewPhone is not null && NewPhoneUntil > now
            ? new PendingContact(NewPhoneVerification!.Value, key.Open(NewPhone), NewPhoneUntil.Value)
            : null;
    }

    /// <param name="key">The user's key; null when it was destroyed, and with it everything that was sealed.</param>
    /// <param name="now">By which the age is told.</param>
    public UserView View(SubjectKey? key, DateTimeOffset now, PictureAddresses pictures)
    {
        var profile = OpenProfile(key);
        return new UserView
        {
            Id = Id,
            Name = Name.Value,
            GivenName = GivenName?.Value,
            FamilyName = FamilyName?.Value,
            Email = key is null ? null : OpenEmail(key)?.Delivery,
            EmailVerified = EmailVerifiedAt is not null,
            PhoneNumber = key is null ? null : OpenPhone(key)?.Delivery,
            PhoneNumberVerified = PhoneVerifiedAt is not null,
            Username = Username?.Typed,
            Picture = pictures.Of(this),
            HasPhoto = Photo is not null && pictures.AreKept,
            PendingEmail = key is null ? null : PendingView.Of(OpenPending(key, Users.EmailKind, now)),
            PendingPhoneNumber = key is null ? null : PendingView.Of(OpenPending(key, Users.PhoneKind, now)),
            HasPassword = PasswordHash is not null,
            Title = profile.Title,
            Website = profile.Website,
            Links = profile.Links,
            BirthDate = profile.BirthDate,
            Age = profile.BirthDate is { } born ? BirthDate.AgeOn(DateOnly.FromDateTime(now.UtcDateTime), born) : null,
            About = profile.About,
            Languages = profile.Languages,
            PreferredLanguage = Language,
            PublicFields = profile.PublicFields ?? CardFields.Default,
            CreatedAt = CreatedAt,
            TermsVersion = TermsVersion,
        };
    }
}
