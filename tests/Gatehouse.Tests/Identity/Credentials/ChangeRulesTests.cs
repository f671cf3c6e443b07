using Gatehouse.Contracts.Tenants;
using Gatehouse.Encryption;
using Gatehouse.Identity.Credentials;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Credentials;

/// <summary>When a password, address or number may be changed.</summary>
public sealed class ChangeRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, 1, 24, null)]
    [InlineData(true, null, 24, null)]
    [InlineData(true, 0, 24, 24)]
    [InlineData(true, 23, 24, 1)]
    [InlineData(true, 24, 24, null)]
    [InlineData(true, 24, 48, 24)]
    public void A_password_waits_for_its_hours_unless_there_is_none(bool has, int? hoursAgo, int between, int? waits)
    {
        var user = new StoredUser
        {
            PasswordHash = has ? new PasswordHash("x") : null,
            PasswordChangedAt = hoursAgo is { } hours ? Now.AddHours(-hours) : null,
        };
        var error = ChangeRules.EvaluatePassword(user, new CredentialOptions { HoursBetweenPasswordChanges = between }, Now);

        Assert.Equal(waits is { } wait ? TimeSpan.FromHours(wait) : null, error?.RetryAfter);
        Assert.Equal(waits is null ? null : "identity.password-changed-recently", error?.Code);
    }

    [Theory]
    [InlineData(null, 30, null)]
    [InlineData(null, null, null)]
    [InlineData(0, 0, null)]
    [InlineData(29, 30, "identity.email-changed-recently")]
    [InlineData(30, 30, null)]
    [InlineData(3000, null, "identity.email-change-used-up")]
    public void An_address_waits_for_the_days_of_the_tenant_or_for_ever(int? daysAgo, int? between, string? code)
    {
        var user = new StoredUser { EmailChangedAt = daysAgo is { } days ? Now.AddDays(-days) : null };

        var error = ChangeRules.EvaluateEmail(user, new TenantSettings { DaysBetweenEmailChanges = between }, Now);

        Assert.Equal(code, error?.Code);
    }

    [Theory]
    [InlineData(false, false, false, true, "identity.last-identifier")]
    [InlineData(true, false, false, true, null)]
    [InlineData(false, true, false, true, "identity.last-identifier")]
    [InlineData(false, true, true, true, null)]
    [InlineData(false, true, true, false, "identity.last-identifier")]
    public void A_number_goes_while_something_else_signs_in(bool email, bool username, bool password, bool byPassword, string? code)
    {
        var user = new StoredUser
        {
            Phone = new EncryptedValue<PhoneNumber>([]),
            EmailVerifiedAt = email ? Now : null,
            Username = username ? Username.FromStored("ada") : null,
            PasswordHash = password ? new PasswordHash("x") : null,
        };

        var error = ChangeRules.EvaluatePhoneRemoval(user, new TenantSettings { SignsInByPassword = byPassword });

        Assert.Equal(code, error?.Code);
    }

    [Fact]
    public void Without_a_number_there_is_nothing_to_remove() =>
        Assert.Equal("identity.no-phone-number", ChangeRules.EvaluatePhoneRemoval(new StoredUser(), new TenantSettings())?.Code);
}
