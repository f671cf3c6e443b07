using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// Counts the wrong sign-in codes of a tenant, and says how long its codes must be for now (<see cref="CodeLengthRules"/>). Nobody is
/// locked out: whoever holds a code that has become too short gets a longer one, and links and known devices need none.
/// </summary>
internal sealed class CodeLength(
    Verifications verifications,
    SignInCodeVerification purpose,
    ServerKeys serverKeys,
    SignInCodeOptions options,
    SignInCodeMetrics metrics
)
{
    /// <summary>The digits that codes need now.</summary>
    public async Task<int> DigitsAsync(Transaction tx, Guid tenant) => Digits(await WrongAsync(tx, tenant));

    /// <summary>
    /// Whether a code may be tried that has so many digits. It depends on what was typed, on the tenant and on the device, so it is the
    /// same where nobody has the identifier; no attempt is used.
    /// </summary>
    public async Task<bool> IsEnoughAsync(Transaction tx, Guid signIn, OneTimeCode code, Actor actor) =>
        !code.IsShorterThan(await DigitsAsync(tx, actor.Tenant.Id)) || await IsKnownDeviceAsync(tx, signIn, actor);

    /// <summary>Counts a wrong code; who makes codes grow is recorded.</summary>
    public async Task CountAsync(Transaction tx, Actor actor)
    {
        var tenant = actor.Tenant.Id;
        await tx.ExecuteAsync(
            """
            insert into identity.sign_in_code_guesses as g (tenant_id, began_at, wrong) values (@tenant, @part, 1)
            on conflict (tenant_id, began_at) do update set wrong = g.wrong + 1
            """,
            new { tenant, part = CodeLengthRules.PartOf(tx.Now) }
        );
        // The row that was just written lets one wrong code pass after the other, so exactly one crosses the limit.
        var wrong = await WrongAsync(tx, tenant);
        if (Digits(wrong) is var digits && digits == Digits(wrong - 1))
            return;
        tx.Record(new AuditRecord(tenant, "sign-in.codes-lengthened").WithFact("digits", $"{digits}"));
        tx.AfterCommit(() => metrics.Lengthened(digits));
    }

    private int Digits(int wrong) => CodeLengthRules.Digits(wrong, options.CodeDigits, options.WrongCodesPerTenantAndHour);

    private static Task<int> WrongAsync(Transaction tx, Guid tenant) =>
        tx.SingleAsync<int>(
            "select coalesce(sum(wrong), 0)::int from identity.sign_in_code_guesses where tenant_id = @tenant and began_at > @since",
            new { tenant, since = tx.Now - CodeLengthRules.Window }
        );

    /// <summary>Whether the user of the sign-in has signed in from this device before.</summary>
    private async Task<bool> IsKnownDeviceAsync(Transaction tx, Guid signIn, Actor actor)
    {
        var tenant = actor.Tenant.Id;
        var user = (await verifications.FindAsync(tx, purpose, tenant, signIn, tx.Now))?.UserId ?? Guid.Empty;
        var passwordChangedAt = await tx.FirstOrDefaultAsync<DateTimeOffset?>(
            "select password_changed_at from identity.users where tenant_id = @tenant and id = @user",
            new { tenant, user }
        );
        return DeviceToken.Read(serverKeys.Get(ServerKeys.Devices), actor.DeviceToken, tenant, user, passwordChangedAt) is not null;
    }
}
