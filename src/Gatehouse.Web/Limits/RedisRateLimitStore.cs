using Gatehouse.Core.Hosting;
using Gatehouse.Core.Redis;
using StackExchange.Redis;

namespace Gatehouse.Web;

/// <summary>
/// Fixed windows that all nodes share. While Redis is away each node counts by itself (<paramref name="own"/>): a client is limited all the
/// same, at worst to the permits of one window per node and one more.
/// </summary>
internal sealed class RedisRateLimitStore(RedisConnection redis, IRateLimitStore own) : IRateLimitStore
{
    // The expiry is set where it is missing, not only with the first request: a window always ends.
    private const string Take = """
        local taken = redis.call('incr', KEYS[1])
        local left = redis.call('pttl', KEYS[1])
        if left < 0 then
            left = tonumber(ARGV[1])
            redis.call('pexpire', KEYS[1], left)
        end
        return { taken, left }
        """;

    public async ValueTask<RateLimitCount> TakeAsync(RateLimitKey key, RateLimitRule rule, CancellationToken cancellationToken)
    {
        try
        {
            var answer = (long[])
                (
                    await redis.EvaluateAsync(
                        "limit",
                        Take,
                        [redis.Name($"limit:{key}")],
                        [(RedisValue)(long)rule.Window.TotalMilliseconds]
                    )
                )!;
            var (taken, left) = (answer[0], TimeSpan.FromMilliseconds(answer[1]));
            return new RateLimitCount(taken <= rule.Permits, (int)Math.Max(0, rule.Permits - taken), left);
        }
        catch (DependencyAwayException)
        {
            return await own.TakeAsync(key, rule, cancellationToken);
        }
    }
}
