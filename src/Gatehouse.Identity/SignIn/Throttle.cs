using System.Globalization;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Identity.SignIn;

/// <summary>
/// Makes guessing slow without letting anybody lock an owner out. Every try is counted before its password is looked at, by one statement
/// that rejects while a wait runs, so N parallel guesses count N; a good password takes back what its own device or network added. Two
/// things count: the identifier, in the bucket of the device (all unknown devices share one), and the network. Identifiers without an
/// account count just the same.
/// </summary>
internal sealed partial class Throttle(
    BlindIndex blindIndex,
    ThrottleOptions options,
    RateLimitOptions limits,
    IHostEnvironment environment
)
{
    public static readonly TimeSpan NetworkForgets = TimeSpan.FromHours(1);

    /// <summary>Failures older than this are forgotten: old attempts need not be kept.</summary>
    public static readonly TimeSpan Forgets = TimeSpan.FromDays(30);

    /// <summary>The kind under which answers to challenges are counted, by the user's id.</summary>
    public const string Challenge = "challenge";

    private readonly bool countsNetworks = !environment.IsDevelopment() || limits.ApplyInDevelopment;

    /// <summary>Who is tried, from where.</summary>
    /// <param name="user">The account, or null when the identifier has none.</param>
    /// <param name="device">The device that the account knows, or null.</param>
    public Target Of(Actor actor, string identifierKind, string identifier, Guid? user, Guid? device)
    {
        var tenant = actor.Tenant.Id;
        var subject = SubjectOf(tenant, identifierKind, identifier);
        var account = user is { } id ? AccountOf(tenant, id) : subject;
        var network = device is null ? blindIndex.OfNetwork(actor) : null;
        var challenges = user is { } owner ? ChallengesOf(tenant, owner) : null;
        return new Target(tenant, subject, account, challenges, device ?? Guid.Empty, countsNetworks ? network : null, network?.ToString());
    }

    /// <summary>Counts a try.</summary>
    /// <returns>What it makes, or the rejection: the password must not be looked at then.</returns>
    public async Task<Outcome<Count>> TakeAsync(Transaction tx, Target target)
    {
        if (
            target.Network is { } network
            && await CountAsync(tx, target, network, Guid.Empty, network, from: null, options.FailuresBeforeDelayPerNetwork, NetworkForgets)
                is null
        )
            return await WaitAsync(tx, target.TenantId, network, Guid.Empty);

        // A device that is known keeps its bucket whatever others have done.
        var before = target.Bucket == Guid.Empty ? await BeforeAsync(tx, target) : new Before();
        if (
            before.OfIdentifier < options.MaxFailures
            && await CountAsync(
                tx,
                target,
                target.Subject,
                target.Bucket,
                target.Account,
                target.From,
                options.FailuresBeforeDelay,
                Forgets
            )
                is { } failures
        )
            return new Count(failures, before.OfAccount >= options.MaxFailures);

        await GiveBackAsync(tx, target);
        return before.OfIdentifier < options.MaxFailures
            ? await WaitAsync(tx, target.TenantId, target.Subject, target.Bucket)
            : SignInErrors.SignInLocked;
    }

    /// <summary>
    /// The password was right: the bucket of a known device is reset, and that of all others stands as if nobody had tried from this
    /// network. A guesser elsewhere waits as before, and does not learn of the sign-in.
    /// </summary>
    public async Task ClearAsync(Transaction tx, Target target)
    {
        // The network's row first, as in a try: two sign-ins at once must not wait for each other.
        await GiveBackAsync(tx, target);
        var parameters = new
        {
            target.TenantId,
            target.Subject,
            target.Bucket,
            target.From,
            free = options.FailuresBeforeDelay,
            longest = (double)options.MaxDelaySeconds,
        };
        var isGone =
            await tx.ExecuteAsync(
                """
                delete from identity.sign_in_failures
                 where tenant_id = @TenantId and subject = @Subject and lane = @Bucket
                   and (@From::text is null or failures <= coalesce((networks -> @From::text ->> 0)::int, 0))
                """,
                parameters
            ) == 1;
        if (isGone || target.From is null)
            return;

        await tx.ExecuteAsync(
            """
            update identity.sign_in_failures f
               set failures = rest.failures, networks = f.networks - @From::text, failed_at = coalesce(rest.failed_at, f.failed_at),
                   blocked_until = case when rest.failed_at is null or rest.failures < @free then 'epoch'
                                        else rest.failed_at
                                             + make_interval(secs => least(@longest, power(2, least(rest.failures - @free, 30)))) end
              from (select tenant_id, subject, lane, failures - coalesce((networks -> @From::text ->> 0)::int, 0) as failures,
                           (select to_timestamp(max((entry.value ->> 1)::float8))
                            from jsonb_each(networks - @From::text) entry) as failed_at
                      from identity.sign_in_failures
                     where tenant_id = @TenantId and subject = @Subject and lane = @Bucket for update) rest
             where f.tenant_id = rest.tenant_id and f.subject = rest.subject and f.lane = rest.lane
            """,
            parameters
        );
    }

    /// <summary>The try was not evaluated after all (the machine was busy): it counts for nothing.</summary>
    public static async Task ForgetAsync(Transaction tx, Target target)
    {
        await GiveBackAsync(tx, target);
        await tx.ExecuteAsync(
            """
            update identity.sign_in_failures
               set failures = greatest(failures - 1, 0), blocked_until = 'epoch',
                   networks = case when jsonb_exists(networks, @From::text)
                                   then jsonb_set(networks, array[@From::text, '0'],
                                                  to_jsonb((networks -> @From::text ->> 0)::int - 1))
                                   else networks end
             where tenant_id = @TenantId and subject = @Subject and lane = @Bucket
            """,
            new
            {
                target.TenantId,
                target.Subject,
                target.Bucket,
                target.From,
            }
        );
    }

    /// <summary>The user proved the account by mail or text message: all its buckets are reset, but what was guessed at second factors
    /// counts on. Otherwise whoever reads the mailbox could guess for ever.</summary>
    public Task ClearPasswordsAsync(Transaction tx, Guid tenant, Guid user) =>
        tx.ExecuteAsync(
            "delete from identity.sign_in_failures where tenant_id = @tenant and account = @account and subject <> @challenges",
            new
            {
                tenant,
                account = AccountOf(tenant, user),
                challenges = ChallengesOf(tenant, user),
            }
        );

    /// <summary>Nothing counts any more: somebody else answers for the user, or there is none.</summary>
    public Task ClearAccountAsync(Transaction tx, Guid tenant, Guid user) =>
        tx.ExecuteAsync(
            "delete from identity.sign_in_failures where tenant_id = @tenant and account = @account",
            new { tenant, account = AccountOf(tenant, user) }
        );

    private static async Task GiveBackAsync(Transaction tx, Target target)
    {
        if (target.Network is not { } network)
            return;
        await tx.ExecuteAsync(
            """
            update identity.sign_in_failures set failures = greatest(failures - 1, 0), blocked_until = 'epoch'
             where tenant_id = @TenantId and subject = @network and lane = @Bucket
            """,
            new
            {
                target.TenantId,
                network,
                Bucket = Guid.Empty,
            }
        );
    }

    internal BlindIndexEntry SubjectOf(Guid tenant, string identifierKind, string identifier) =>
        blindIndex.Compute(tenant, "throttle|" + identifierKind, identifier);

    internal BlindIndexEntry AccountOf(Guid tenant, Guid user) =>
        blindIndex.Compute(tenant, "throttle|account", user.ToString("N", CultureInfo.InvariantCulture));

    private BlindIndexEntry ChallengesOf(Guid tenant, Guid user) => SubjectOf(tenant, Challenge, user.ToString());

    /// <summary>What stands before this try: on the identifier from unknown devices, and on the account in all its buckets, but that
    /// answers to challenges close no password.</summary>
    private static Task<Before> BeforeAsync(Transaction tx, Target target) =>
        tx.SingleAsync<Before>(
            """
            select coalesce(sum(failures) filter (where subject = @Subject and lane = @Bucket), 0)::int as OfIdentifier,
                   coalesce(sum(failures) filter (where subject = @Subject or @Challenges::bytea is distinct from subject), 0)::int
                       as OfAccount
              from identity.sign_in_failures
             where tenant_id = @TenantId and (account = @Account or (subject = @Subject and lane = @Bucket))
            """,
            new
            {
                target.TenantId,
                target.Subject,
                target.Bucket,
                target.Account,
                target.Challenges,
            }
        );

    /// <returns>Failures in a row, this try included; null while a wait runs.</returns>
    private Task<int?> CountAsync(
        Transaction tx,
        Target target,
        BlindIndexEntry subject,
        Guid bucket,
        BlindIndexEntry account,
        string? from,
        int free,
        TimeSpan forgets
    ) =>
        tx.FirstOrDefaultAsync<int?>(
            """
            insert into identity.sign_in_failures as f (tenant_id, subject, lane, account, failures, blocked_until, failed_at, networks)
            values (@TenantId, @subject, @bucket, @account, 1, 'epoch', @now,
                    case when @from::text is null then '{}' 
                         else jsonb_build_object(@from::text, jsonb_build_array(1, extract(epoch from @now))) end)
            on conflict (tenant_id, subject, lane) do update
               -- The identifier may have got an account since.
               set account = excluded.account,
                   failures = case when f.failed_at < @now - @forgets then 1 else f.failures + 1 end,
                   blocked_until = case when f.failed_at < @now - @forgets or f.failures + 1 < @free then 'epoch'
                                        else @now + make_interval(secs => least(@longest, power(2, least(f.failures + 1 - @free, 30)))) end,
                   networks = case when @from::text is null then f.networks
                                   when f.failed_at < @now - @forgets then excluded.networks
                                   else f.networks || jsonb_build_object(
                                       @from::text, jsonb_build_array(coalesce((f.networks -> @from::text ->> 0)::int, 0) + 1,
                                                                      extract(epoch from @now))) end,
                   failed_at = @now
             where f.blocked_until <= @now
            returning f.failures
            """,
            new
            {
                target.TenantId,
                subject,
                bucket,
                account,
                from,
                now = tx.Now,
                free,
                forgets,
                longest = (double)options.MaxDelaySeconds,
            }
        );

    /// <summary>How long the wait runs; nothing of it may be left when an attempt at the same moment has just been evaluated.</summary>
    private static async Task<Error> WaitAsync(Transaction tx, Guid tenant, BlindIndexEntry subject, Guid bucket)
    {
        var until = await tx.FirstOrDefaultAsync<DateTimeOffset?>(
            "select blocked_until from identity.sign_in_failures where tenant_id = @tenant and subject = @subject and lane = @bucket",
            new
            {
                tenant,
                subject,
                bucket,
            }
        );
        return SignInErrors.SignInThrottled.After(until > tx.Now.AddSeconds(1) ? until.Value - tx.Now : TimeSpan.FromSeconds(1));
    }

    private sealed class Before
    {
        public int OfIdentifier { get; init; }

        public int OfAccount { get; init; }
    }
}
