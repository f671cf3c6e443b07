using System.Globalization;
using System.Net;
using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Http;
using Gatehouse.Runtime.Keys;
using Gatehouse.Runtime.Outcomes;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Makes guessing slow without letting anybody lock an owner out. Every try is counted before its password is looked at, by one statement that
/// refuses while a wait runs, so N parallel guesses count N; a good password takes its own count back. Two things count: the identifier, in the
/// lane of the device (all unknown devices share one), and the network. Identifiers without an account count just the same.
/// </summary>
internal sealed class Throttle(BlindIndex blindIndex, ThrottleOptions options, RateLimitOptions limits, IHostEnvironment environment)
{
    private static readonly TimeSpan NetworkForgets = TimeSpan.FromHours(1);

    /// <summary>Failures older than this are forgotten: what nobody tries any more need not be kept.</summary>
    public static readonly TimeSpan Forgets = TimeSpan.FromDays(30);

    private readonly bool countsNetworks = !environment.IsDevelopment() || limits.ApplyInDevelopment;

    /// <summary>Who is tried, from where.</summary>
    /// <param name="user">The account, or null when the identifier has none.</param>
    /// <param name="device">The device that the account knows, or null.</param>
    public Target Of(Caller caller, string identifierKind, string identifier, Guid? user, Guid? device)
    {
        var tenant = caller.Tenant.Id;
        var subject = blindIndex.Compute(tenant, "throttle|" + identifierKind, identifier);
        var account = user is { } id ? AccountOf(tenant, id) : subject;
        var network = device is null && countsNetworks ? blindIndex.Compute(tenant, "throttle|network", NetworkOf(caller.Client)) : null;
        return new Target(tenant, subject, account, device ?? Guid.Empty, network);
    }

    /// <summary>Counts a try.</summary>
    /// <returns>What it makes, or the refusal: the password must not be looked at then.</returns>
    public async Task<Outcome<Count>> TakeAsync(Tx tx, Target target)
    {
        if (target.Network is { } network && await CountAsync(tx, target, network, Guid.Empty, network, options.FreeFailuresPerNetwork, NetworkForgets) is null)
            return await WaitAsync(tx, target.TenantId, network, Guid.Empty);

        // A device that is known keeps its lane whatever others have done.
        var before = target.Lane == Guid.Empty ? await BeforeAsync(tx, target) : new Before();
        if (before.OfIdentifier < options.MostFailures
            && await CountAsync(tx, target, target.Subject, target.Lane, target.Account, options.FreeFailures, Forgets) is { } failures)
            return new Count(failures, before.OfAccount >= options.MostFailures);

        await GiveBackAsync(tx, target);
        return before.OfIdentifier < options.MostFailures ? await WaitAsync(tx, target.TenantId, target.Subject, target.Lane) : IdentityErrors.SignInClosed;
    }

    /// <summary>The password was right: the lane begins anew.</summary>
    public static async Task ClearAsync(Tx tx, Target target)
    {
        // The network's row first, as in a try: two sign-ins at once must not wait for each other.
        await GiveBackAsync(tx, target);
        await tx.ExecuteAsync(
            "delete from identity.sign_in_failures where tenant_id = @TenantId and subject = @Subject and lane = @Lane", new { target.TenantId, target.Subject, target.Lane });
    }

    /// <summary>The try was not judged after all (the machine was busy): it counts for nothing.</summary>
    public static async Task ForgetAsync(Tx tx, Target target)
    {
        await GiveBackAsync(tx, target);
        await tx.ExecuteAsync(
            """
            update identity.sign_in_failures set failures = greatest(failures - 1, 0), blocked_until = 'epoch'
             where tenant_id = @TenantId and subject = @Subject and lane = @Lane
            """,
            new { target.TenantId, target.Subject, target.Lane });
    }

    /// <summary>The person proved the account in another way (by mail): all its lanes begin anew.</summary>
    public Task ClearAccountAsync(Tx tx, Guid tenant, Guid user) => tx.ExecuteAsync(
        "delete from identity.sign_in_failures where tenant_id = @tenant and account = @account", new { tenant, account = AccountOf(tenant, user) });

    private static async Task GiveBackAsync(Tx tx, Target target)
    {
        if (target.Network is not { } network) return;
        await tx.ExecuteAsync(
            """
            update identity.sign_in_failures set failures = greatest(failures - 1, 0), blocked_until = 'epoch'
             where tenant_id = @TenantId and subject = @network and lane = @Lane
            """,
            new { target.TenantId, network, Lane = Guid.Empty });
    }

    private byte[] AccountOf(Guid tenant, Guid user) => blindIndex.Compute(tenant, "throttle|account", user.ToString("N", CultureInfo.InvariantCulture));

    /// <summary>What stands before this try: on the identifier from unknown devices, and on the account in all its lanes and identifiers.</summary>
    private static Task<Before> BeforeAsync(Tx tx, Target target) => tx.SingleAsync<Before>(
        """
        select coalesce(sum(failures) filter (where subject = @Subject and lane = @Lane), 0)::int as OfIdentifier, coalesce(sum(failures), 0)::int as OfAccount
          from identity.sign_in_failures
         where tenant_id = @TenantId and (account = @Account or (subject = @Subject and lane = @Lane))
        """,
        new { target.TenantId, target.Subject, target.Lane, target.Account });

    /// <returns>Failures in a row, this try included; null while a wait runs.</returns>
    private Task<int?> CountAsync(Tx tx, Target target, byte[] subject, Guid lane, byte[] account, int free, TimeSpan forgets) => tx.FirstOrDefaultAsync<int?>(
        """
        insert into identity.sign_in_failures as f (tenant_id, subject, lane, account, failures, blocked_until, failed_at)
        values (@TenantId, @subject, @lane, @account, 1, 'epoch', @now)
        on conflict (tenant_id, subject, lane) do update
           -- The identifier may have got an account since.
           set account = excluded.account,
               failures = case when f.failed_at < @now - @forgets then 1 else f.failures + 1 end,
               blocked_until = case when f.failed_at < @now - @forgets or f.failures + 1 < @free then 'epoch'
                                    else @now + make_interval(secs => least(@longest, power(2, least(f.failures + 1 - @free, 30)))) end,
               failed_at = @now
         where f.blocked_until <= @now
        returning f.failures
        """,
        new { target.TenantId, subject, lane, account, now = tx.Now, free, forgets, longest = (double)options.LongestWaitSeconds });

    /// <summary>How long the wait runs; nothing of it may be left when a try at the same moment has just been settled.</summary>
    private static async Task<Error> WaitAsync(Tx tx, Guid tenant, byte[] subject, Guid lane)
    {
        var until = await tx.FirstOrDefaultAsync<DateTimeOffset?>(
            "select blocked_until from identity.sign_in_failures where tenant_id = @tenant and subject = @subject and lane = @lane", new { tenant, subject, lane });
        return IdentityErrors.SignInThrottled.After(until > tx.Now.AddSeconds(1) ? until.Value - tx.Now : TimeSpan.FromSeconds(1));
    }

    /// <summary>The address of IPv4, the /64 of IPv6: what one subscriber commonly holds.</summary>
    private static string NetworkOf(string client) =>
        IPAddress.TryParse(client, out var address) ? RateLimitKey.Of(RateLimitPolicy.SignIn, address).ToString() : client;

    /// <param name="Account">Hash of the account, or of the identifier where there is none.</param>
    /// <param name="Lane">The known device; all zeros for the lane of all others.</param>
    /// <param name="Network">Null where networks are not counted.</param>
    internal sealed record Target(Guid TenantId, byte[] Subject, byte[] Account, Guid Lane, byte[]? Network);

    /// <param name="InARow">Failures in a row on this identifier and lane, this try included.</param>
    /// <param name="IsClosed">Whether no password opens the account from here any more. It is not said: the refusal of a wrong password is the answer, because only
    /// the account knows which identifiers belong together.</param>
    internal readonly record struct Count(int InARow, bool IsClosed);

    private sealed class Before
    {
        public int OfIdentifier { get; init; }

        public int OfAccount { get; init; }
    }
}
