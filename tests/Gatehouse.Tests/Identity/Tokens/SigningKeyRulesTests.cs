using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Encryption;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Tests.Identity.Tokens;

public class SigningKeyRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Rotation = TimeSpan.FromDays(90);
    private static readonly SigningKeyRules Rules = new(SigningAlgorithm.Es256, Rotation);

    public enum Deed
    {
        Keep,
        BringForward,
        Replace,
    }

    [Fact]
    public void The_first_key_signs_at_once_and_the_next_is_published_with_it()
    {
        var keys = Rules.Keep([], Start);

        Assert.Equal([Start, Start + Rotation], keys.Select(k => k.ActivatesAt));
        Assert.Equal(keys, Rules.Keep(keys, Start));
    }

    [Fact]
    public void A_node_whose_clock_is_behind_that_of_who_replaced_the_keys_signs_with_the_new_one()
    {
        var keys = Rules.Replace(Start);

        Assert.Equal(keys[0], SigningKeyRules.Signing(keys, k => k.ActivatesAt, Start - TimeSpan.FromSeconds(20)));
        Assert.Null(SigningKeyRules.Signing<StoredSigningKey>([], k => k.ActivatesAt, Start));
    }

    [Fact]
    public void The_key_before_stays_for_a_day_and_the_one_after_is_there_when_the_next_signs()
    {
        var first = Rules.Keep([], Start);
        var changed = Start + Rotation;

        var after = Rules.Keep(first, changed);
        Assert.Equal([first[0].Id, first[1].Id], after.Take(2).Select(k => k.Id));
        Assert.Equal(changed + Rotation, after[2].ActivatesAt);
        Assert.Equal(3, Rules.Keep(after, changed + SigningKeyRules.Overlap - TimeSpan.FromTicks(1)).Count);
        Assert.Equal(after.Skip(1), Rules.Keep(after, changed + SigningKeyRules.Overlap));
    }

    [Fact]
    public void Who_slept_past_a_rotation_announces_the_next_key_a_day_ahead()
    {
        var late = Start + (3 * Rotation);
        var keys = Rules.Keep(Rules.Keep([], Start), late);
        Assert.Equal([Start + Rotation, late + SigningKeyRules.Overlap], keys.Select(k => k.ActivatesAt));
    }

    [Fact]
    public void A_key_brought_forward_signs_when_every_copy_of_the_keys_can_hold_it()
    {
        var fresh = Rules.Keep([], Start);
        Assert.Equal(Start + SigningKeyRules.CacheLife, Rules.BringForward(fresh, Start)[1].ActivatesAt);

        var old = Start.AddDays(1);
        var keys = Rules.BringForward(fresh, old);
        Assert.InRange(keys[1].ActivatesAt, old.AddSeconds(1), old.AddMinutes(1));
        Assert.Equal(fresh.Select(k => k.Id), keys.Take(2).Select(k => k.Id));
        Assert.Equal(old, keys[2].CreatedAt);
    }

    [Fact]
    public void Brought_forward_twice_in_a_row_each_key_has_its_turn()
    {
        var once = Rules.BringForward(Rules.Keep([], Start), Start);
        var twice = Rules.BringForward(once, Start.AddSeconds(6));
        Assert.True(twice[1].ActivatesAt < twice[2].ActivatesAt, "one after the other");
        Assert.Equal(once.Select(k => k.Id), twice.Take(3).Select(k => k.Id));
    }

    [Fact]
    public void After_a_replacement_no_key_that_was_there_is_good()
    {
        var before = Rules.Keep([], Start);
        var after = Rules.Replace(Start.AddDays(1));
        Assert.Empty(after.Select(k => k.Id).Intersect(before.Select(k => k.Id), StringComparer.Ordinal));
        Assert.Equal(Start.AddDays(1), after[0].ActivatesAt);
    }

    [Fact]
    public void Whatever_is_done_and_whenever_one_key_signs_and_services_know_it_in_time() =>
        Prop.ForAll(Histories, history => Assert.Null(FirstError(history))).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    // Minutes, hours and months, with what happens after each.
    private static Arbitrary<(Deed Deed, TimeSpan Wait)[]> Histories { get; } =
        Gen.Zip(
                Gen.Frequency((6, Gen.Constant(Deed.Keep)), (3, Gen.Constant(Deed.BringForward)), (1, Gen.Constant(Deed.Replace))),
                Gen.OneOf(
                    Gen.Choose(0, 30).Select(seconds => TimeSpan.FromSeconds(seconds)),
                    Gen.Choose(1, 40).Select(minutes => TimeSpan.FromMinutes(minutes)),
                    Gen.Choose(1, 60).Select(hours => TimeSpan.FromHours(hours)),
                    Gen.Choose(1, 200).Select(days => TimeSpan.FromDays(days))
                )
            )
            .ArrayOf()
            .ToArbitrary();

    private static string? FirstError((Deed Deed, TimeSpan Wait)[] history)
    {
        var now = Start;
        var keys = Rules.Keep([], now);
        // When each key was first seen by whoever reads them, and whether a replacement excuses it from being announced.
        var published = keys.ToDictionary(k => k.Id, _ => now, StringComparer.Ordinal);
        var excused = new HashSet<string>([keys[0].Id], StringComparer.Ordinal);
        var signedLast = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

        foreach (var (deed, wait) in history)
        {
            // Every key that comes to sign while nothing is done must have been published long enough.
            var until = now + wait;
            foreach (var key in keys.Where(k => k.ActivatesAt > now && k.ActivatesAt <= until))
            {
                if (!excused.Contains(key.Id) && key.ActivatesAt < published[key.Id] + SigningKeyRules.CacheLife)
                    return $"{key.Id} signs before services know it";
            }

            for (var i = 0; i < keys.Count; i++)
            {
                // Until when the key signed, in the time that passed.
                var ends = i + 1 < keys.Count && keys[i + 1].ActivatesAt < until ? keys[i + 1].ActivatesAt : until;
                if (keys[i].ActivatesAt <= until)
                    signedLast[keys[i].Id] = ends;
            }

            now = until;
            var before = keys;
            keys = deed switch
            {
                Deed.Keep => Rules.Keep(keys, now),
                Deed.BringForward => Rules.BringForward(keys, now),
                _ => Rules.Replace(now),
            };
            foreach (var key in keys)
                published.TryAdd(key.Id, now);
            if (deed == Deed.Replace)
                excused.Add(keys[0].Id);

            if (Fault(keys, now) is { } fault)
                return fault;
            if (deed == Deed.Replace)
                continue;
            // The signer stays the signer, and who signed within the last day is still published.
            if (SigningKeyRules.Signing(before, k => k.ActivatesAt, now)?.Id != SigningKeyRules.Signing(keys, k => k.ActivatesAt, now)?.Id)
                return "the signer changed at once";
            if (before.Any(k => signedLast.TryGetValue(k.Id, out var last) && last + SigningKeyRules.Overlap > now && !keys.Contains(k)))
                return "a key went too early";
        }

        return null;
    }

    private static string? Fault(IReadOnlyList<StoredSigningKey> keys, DateTimeOffset now)
    {
        if (!keys.SequenceEqual(keys.OrderBy(k => k.ActivatesAt)))
            return "out of order";
        if (keys.Select(k => k.ActivatesAt).Distinct().Count() != keys.Count)
            return "two begin at once";
        if (keys.Select(k => k.Id).Distinct(StringComparer.Ordinal).Count() != keys.Count)
            return "twice the same";
        if (SigningKeyRules.Signing(keys, k => k.ActivatesAt, now) is null)
            return "none signs";
        return keys[^1].ActivatesAt > now ? null : "no next one is published";
    }
}
