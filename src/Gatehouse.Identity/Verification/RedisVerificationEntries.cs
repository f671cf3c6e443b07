using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Redis;
using Gatehouse.Encryption;
using StackExchange.Redis;

namespace Gatehouse.Identity.Verification;

/// <summary>Verifications as they lie in Redis: read and written by one script each, held by one transaction at a time.</summary>
internal sealed class RedisVerificationEntries(RedisConnection redis)
{
    // Longer than a transaction takes; what a node held that died is free again after it.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>Of a hash as it is stored: <c>v1</c> is the verification as JSON.</summary>
    private const string Read = """
        local key = ARGV[2] == 'link' and redis.call('get', KEYS[1]) or KEYS[1]
        local stored = redis.call('hmget', key, 'version', 'v1', 'holder', 'heldUntil')
        local time = redis.call('time')
        local held = stored[3] and stored[3] ~= ARGV[1] and tonumber(stored[4]) > time[1] * 1000 + math.floor(time[2] / 1000)
        return { stored[1], stored[2], held and 1 or 0 }
        """;

    // Writes if the version is still the one that was read and nobody else holds it. A lifetime that is over removes it.
    private const string Write = """
        local stored = redis.call('hmget', KEYS[1], 'version', 'holder', 'heldUntil')
        local time = redis.call('time')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        if (stored[1] or '') ~= ARGV[1] or (stored[2] and stored[2] ~= ARGV[4] and tonumber(stored[3]) > now) then
            return 0
        end
        if KEYS[2] ~= KEYS[3] then
            redis.call('del', KEYS[3])
        end
        if tonumber(ARGV[6]) <= 0 then
            redis.call('del', KEYS[1], KEYS[2])
            return 1
        end
        redis.call('hset', KEYS[1], 'version', ARGV[2], 'v1', ARGV[3])
        if tonumber(ARGV[5]) > 0 then
            redis.call('hset', KEYS[1], 'holder', ARGV[4], 'heldUntil', now + ARGV[5])
        end
        redis.call('pexpire', KEYS[1], ARGV[6])
        redis.call('set', KEYS[2], KEYS[1], 'px', ARGV[6])
        return 1
        """;

    // The day is that of the program's clock; the key ends by that of Redis.
    private const string Take = """
        local stored = redis.call('hmget', KEYS[1], 'sends', 'endsAt')
        if not stored[1] or tonumber(stored[2]) <= tonumber(ARGV[1]) then
            redis.call('hset', KEYS[1], 'sends', 1, 'endsAt', ARGV[2])
            redis.call('pexpire', KEYS[1], ARGV[2] - ARGV[1])
            return 1
        end
        if tonumber(stored[1]) >= tonumber(ARGV[3]) then
            return 0
        end
        redis.call('hincrby', KEYS[1], 'sends', 1)
        return 1
        """;

    private const string GiveBack = """
        if tonumber(redis.call('hget', KEYS[1], 'sends') or 0) > 0 then
            redis.call('hincrby', KEYS[1], 'sends', -1)
        end
        """;

    private const string Release = """
        if redis.call('hget', KEYS[1], 'holder') == ARGV[1] then
            redis.call('hdel', KEYS[1], 'holder', 'heldUntil')
        end
        """;

    // The newest stand first; an id whose verification is gone finds nothing.
    private const string NoteTarget = """
        redis.call('lpush', KEYS[1], ARGV[1])
        redis.call('ltrim', KEYS[1], 0, ARGV[3] - 1)
        if redis.call('pttl', KEYS[1]) < tonumber(ARGV[2]) then
            redis.call('pexpire', KEYS[1], ARGV[2])
        end
        """;

    // Each with the time at which it ends; those that ended are dropped.
    private const string NoteUser = """
        redis.call('zremrangebyscore', KEYS[1], '-inf', ARGV[3])
        redis.call('zadd', KEYS[1], ARGV[2], ARGV[1])
        if redis.call('pttl', KEYS[1]) < ARGV[2] - ARGV[3] then
            redis.call('pexpire', KEYS[1], ARGV[2] - ARGV[3])
        end
        """;

    private const string ReadUser = "return redis.call('zrange', KEYS[1], 0, -1)";

    private const string Forget = "redis.call('del', unpack(KEYS))";

    private const string ReadTarget = "return redis.call('lrange', KEYS[1], 0, -1)";

    /// <summary>Verifications that are found by one address: more than are begun for it while they last.</summary>
    private const int MaxOfTarget = 20;

    public string Key(Guid tenantId, Guid id) => redis.Name($"verification:{tenantId:N}:{id:N}");

    public string Key(Guid tenantId, Hash<LinkToken> link) => redis.Name($"link:{tenantId:N}:{Convert.ToHexStringLower(link.ToStored())}");

    public async Task<ReadEntry> ReadAsync(string key, string holder, bool isLink = false)
    {
        var answer = (RedisResult[])(await redis.EvaluateAsync("verification.read", Read, [key], [holder, isLink ? "link" : "id"]))!;
        var stored = answer[1].IsNull
            ? null
            : new StoredEntry(
                (string)answer[0]!,
                JsonSerializer.Deserialize((byte[])answer[1]!, PendingVerificationJson.Default.PendingVerification)!
            );
        return new ReadEntry(stored, IsHeld: (int)answer[2] == 1);
    }

    /// <returns>False when it is not as it was <paramref name="before"/>, or another transaction holds it.</returns>
    public async Task<bool> WriteAsync(Transaction tx, StoredEntry? before, PendingVerification next, bool holds)
    {
        // Before it is written: one that is noted and does not exist does no harm.
        if (
            next.UserId is { } user
            && next.ExpiresAt > tx.Now
            && (before?.Pending.UserId != user || before.Pending.ExpiresAt != next.ExpiresAt)
        )
            await NoteUserAsync(user, next, tx.Now);
        var held = tx.Collect<HeldEntries>();
        var after = next == before?.Pending ? before : new StoredEntry(RandomNumberGenerator.GetHexString(16), next);
        // Not known to have happened, it is taken back all the same.
        tx.OnRollback(() => TakeBackAsync(before, after, held.Holder, tx.Now));
        if (!await WriteAsync(before, after, held.Holder, holds ? Lease : TimeSpan.Zero, tx.Now))
            return false;
        held.Stored[next.Id] = after;
        if (holds && held.Keys.Add(Key(next.TenantId, next.Id)))
            tx.AfterCommit(() => ReleaseAsync(Key(next.TenantId, next.Id), held.Holder));
        return true;
    }

    /// <summary>Notes the verification under its address, where it has one.</summary>
    public async Task NoteTargetAsync(PendingVerification pending, DateTimeOffset now)
    {
        if (pending is not { TargetIndex: { } target, IndexVersion: { } version })
            return;
        var left = (long)Math.Ceiling((pending.ExpiresAt - now).TotalMilliseconds);
        await redis.EvaluateAsync(
            "verification.note-target",
            NoteTarget,
            [TargetKey(pending.TenantId, version, target)],
            [pending.Id.ToString("N"), left, MaxOfTarget]
        );
    }

    /// <summary>The verifications that were noted for the address, the newest first.</summary>
    public async Task<IReadOnlyList<Guid>> OfTargetAsync(Guid tenantId, short version, BlindIndexEntry target)
    {
        var ids = (string[])
            (await redis.EvaluateAsync("verification.read-target", ReadTarget, [TargetKey(tenantId, version, target)], []))!;
        return [.. ids.Select(id => Guid.ParseExact(id, "N"))];
    }

    /// <summary>Removes all that were noted for the user, whoever holds them.</summary>
    public async Task ForgetUserAsync(Guid tenantId, Guid user)
    {
        var noted = UserKey(tenantId, user);
        var keys = new List<string> { noted };
        foreach (var id in (string[])(await redis.EvaluateAsync("verification.read-user", ReadUser, [noted], []))!)
        {
            var key = Key(tenantId, Guid.ParseExact(id, "N"));
            if ((await ReadAsync(key, holder: "")).Stored is { Pending: var pending } && pending.UserId == user)
                keys.AddRange([key, Key(tenantId, pending.LinkHash)]);
        }

        await redis.EvaluateAsync("verification.forget", Forget, [.. keys], []);
    }

    private async Task NoteUserAsync(Guid user, PendingVerification pending, DateTimeOffset now) =>
        await redis.EvaluateAsync(
            "verification.note-user",
            NoteUser,
            [UserKey(pending.TenantId, user)],
            [pending.Id.ToString("N"), pending.ExpiresAt.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()]
        );

    private string UserKey(Guid tenantId, Guid user) => redis.Name($"user:{tenantId:N}:{user:N}");

    private string TargetKey(Guid tenantId, short version, BlindIndexEntry target) =>
        redis.Name($"target:{tenantId:N}:{version}:{Convert.ToHexStringLower(target.ToStored())}");

    /// <summary>Counts a message, if the limit of the day is not reached.</summary>
    public async Task<bool> TakeMessageAsync(Transaction tx, string address, int limit)
    {
        var key = redis.Name("messages:" + address);
        var taken = await redis.EvaluateAsync(
            "verification.message",
            Take,
            [key],
            [tx.Now.ToUnixTimeMilliseconds(), tx.Now.AddHours(24).ToUnixTimeMilliseconds(), limit]
        );
        if ((int)taken == 0)
            return false;
        tx.OnRollback(() => TryAsync("verification.give-back", GiveBack, key, ""));
        return true;
    }

    private async Task<bool> WriteAsync(StoredEntry? before, StoredEntry after, string holder, TimeSpan lease, DateTimeOffset now)
    {
        var (tenant, id) = (after.Pending.TenantId, after.Pending.Id);
        var left = (long)Math.Ceiling((after.Pending.ExpiresAt - now).TotalMilliseconds);
        var written = await redis.EvaluateAsync(
            "verification.write",
            Write,
            [Key(tenant, id), Key(tenant, after.Pending.LinkHash), Key(tenant, (before ?? after).Pending.LinkHash)],
            [
                before?.Version ?? "",
                after.Version,
                JsonSerializer.SerializeToUtf8Bytes(after.Pending, PendingVerificationJson.Default.PendingVerification),
                holder,
                (long)lease.TotalMilliseconds,
                left,
            ]
        );
        return (int)written == 1;
    }

    private async Task TakeBackAsync(StoredEntry? before, StoredEntry after, string holder, DateTimeOffset now)
    {
        try
        {
            var former = before ?? after with { Pending = after.Pending with { ExpiresAt = now } };
            await WriteAsync(after, former, holder, TimeSpan.Zero, now);
            await ReleaseAsync(Key(after.Pending.TenantId, after.Pending.Id), holder);
        }
        catch (DependencyAwayException)
        {
            // A wrong guess stays counted, and a code that was used up for nothing is lost.
        }
    }

    private Task ReleaseAsync(string key, string holder) => TryAsync("verification.release", Release, key, holder);

    /// <summary>What makes good by itself, later, if Redis is away now.</summary>
    private async Task TryAsync(string name, string script, string key, string value)
    {
        try
        {
            await redis.EvaluateAsync(name, script, [key], [value]);
        }
        catch (DependencyAwayException)
        {
            // Leases and counts end.
        }
    }
}

/// <param name="Version">Another one with each change.</param>
internal sealed record StoredEntry(string Version, PendingVerification Pending);

internal sealed record ReadEntry(StoredEntry? Stored, bool IsHeld)
{
    public StoredEntry? Open(VerificationPurpose purpose, DateTimeOffset now) =>
        Stored?.Pending.IsOpen(purpose, now) == true ? Stored : null;
}

/// <summary>What a transaction holds.</summary>
internal sealed class HeldEntries
{
    public string Holder { get; } = RandomNumberGenerator.GetHexString(16);

    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public Dictionary<Guid, StoredEntry> Stored { get; } = [];
}
