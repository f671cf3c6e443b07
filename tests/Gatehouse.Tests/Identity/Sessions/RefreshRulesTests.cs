using Gatehouse.Identity.Sessions;
using Gatehouse.Identity.Tokens;

namespace Gatehouse.Tests.Identity.Sessions;

public class RefreshRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(5, 0, "Rotate")]
    [InlineData(5, 3600, "Rotate")]
    [InlineData(4, 0, "Repeat")]
    [InlineData(4, 10, "Repeat")]
    [InlineData(4, 10.001, "Reused")]
    [InlineData(3, 0, "Reused")]
    [InlineData(1, 3600, "Reused")]
    [InlineData(0, 0, "Reused")]
    [InlineData(-1, 0, "Reused")]
    [InlineData(6, 0, "Over")]
    [InlineData(long.MaxValue, 0, "Over")]
    public void What_a_token_of_a_generation_is_worth(long generation, double seconds, string verdict) =>
        Assert.Equal(verdict, RefreshRules.Evaluate(Session(generation: 5, since: seconds), generation, Now, TimeSpan.Zero).ToString());

    [Fact]
    public void A_session_that_is_over_takes_no_token_for_a_theft()
    {
        foreach (var generation in new long[] { 1, 4, 5, 6 })
        {
            Assert.Equal(RefreshVerdict.Over, RefreshRules.Evaluate(Session(ended: Now.AddSeconds(-1)), generation, Now, TimeSpan.Zero));
            Assert.Equal(RefreshVerdict.Over, RefreshRules.Evaluate(Session(idleEnds: Now), generation, Now, TimeSpan.Zero));
            Assert.Equal(RefreshVerdict.Over, RefreshRules.Evaluate(Session(ends: Now), generation, Now, TimeSpan.Zero));
        }

        Assert.Equal(
            RefreshVerdict.Rotate,
            RefreshRules.Evaluate(Session(idleEnds: Now.AddTicks(1), ends: Now.AddTicks(1)), 5, Now, TimeSpan.Zero)
        );
    }

    [Theory]
    [InlineData(3600, 3590, "Repeat")]
    [InlineData(3600, 3589.9, "Reused")]
    public void The_leeway_of_the_predecessor_does_not_run_while_the_database_is_down(double seconds, double down, string verdict) =>
        Assert.Equal(verdict, RefreshRules.Evaluate(Session(since: seconds), generation: 4, Now, TimeSpan.FromSeconds(down)).ToString());

    [Fact]
    public void Use_prolongs_a_session_but_never_beyond_its_end()
    {
        var options = new TokenOptions();
        Assert.Equal(Now.AddDays(14), RefreshRules.IdleEnd(options, Now.AddDays(30), Now));
        Assert.Equal(Now.AddDays(3), RefreshRules.IdleEnd(options, Now.AddDays(3), Now));
    }

    private static UserSession Session(
        long generation = 5,
        double since = 0,
        DateTimeOffset? ended = null,
        DateTimeOffset? idleEnds = null,
        DateTimeOffset? ends = null
    ) =>
        new()
        {
            Generation = generation,
            SinceRotation = TimeSpan.FromSeconds(since),
            EndedAt = ended,
            IdleEndsAt = idleEnds ?? Now.AddDays(14),
            EndsAt = ends ?? Now.AddDays(30),
        };
}
