using System.Security.Claims;
using Gatehouse.Client;
using Google.Protobuf.WellKnownTypes;

namespace Gatehouse.Tests.Client;

/// <summary>What a relying service knows of revocations.</summary>
public sealed class RevocationsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SteppedClock clock = new(Now);
    private readonly Gatehouse.Client.Revocations revocations;

    public RevocationsTests() => revocations = new(clock);

    [Fact]
    public void A_session_ends_for_all_its_tokens_and_no_other()
    {
        revocations.Add(new V1.Revocation { Session = "s1" });
        Assert.True(revocations.Contains(Token(session: "s1")));
        Assert.False(revocations.Contains(Token(session: "s2")));
    }

    [Fact]
    public void A_token_of_a_service_account_ends_alone()
    {
        revocations.Add(new V1.Revocation { Token = "t1" });
        Assert.True(revocations.Contains(Token(id: "t1")));
        Assert.False(revocations.Contains(Token(id: "t2")));
    }

    [Fact]
    public void Tokens_of_a_service_account_end_that_were_issued_until_then()
    {
        revocations.Add(new V1.Revocation { Client = "c", At = Now.ToTimestamp() });
        // An earlier one that comes again takes nothing back.
        revocations.Add(new V1.Revocation { Client = "c", At = Now.AddMinutes(-5).ToTimestamp() });
        Assert.True(revocations.Contains(Token(issuedAt: Now)));
        Assert.False(revocations.Contains(Token(issuedAt: Now.AddMilliseconds(1))));
        Assert.False(revocations.Contains(Token(issuedAt: Now, subject: "other")));
    }

    [Fact]
    public void What_it_does_not_understand_it_does_not_pass_over() =>
        Assert.Throws<NotSupportedException>(() => revocations.Add(new V1.Revocation()));

    [Fact]
    public void They_are_known_for_five_seconds_after_a_sign_of_life()
    {
        Assert.False(revocations.AreKnown);
        revocations.Heard();
        Assert.True(revocations.AreKnown);
        clock.Step(TimeSpan.FromSeconds(5));
        Assert.True(revocations.AreKnown);
        clock.Step(TimeSpan.FromMilliseconds(1));
        Assert.False(revocations.AreKnown);
    }

    [Fact]
    public void They_are_forgotten_when_no_token_of_them_can_be_good()
    {
        revocations.Add(new V1.Revocation { Session = "s" });
        clock.Step(TimeSpan.FromMinutes(12));
        revocations.Heard();
        Assert.True(revocations.Contains(Token(session: "s")));
        clock.Step(TimeSpan.FromMinutes(4));
        revocations.Heard();
        Assert.False(revocations.Contains(Token(session: "s")));
    }

    [Fact]
    public async Task An_answer_is_asked_for_once_by_all_and_again_when_it_is_old_or_failed()
    {
        var answers = new RecentAnswers<int, int>(clock, TimeSpan.FromSeconds(1));
        var asked = 0;
        var open = new TaskCompletionSource<int>();
        var all = Enumerable.Range(0, 10).Select(_ => answers.GetAsync(1, Ask, CancellationToken.None)).ToList();
        open.SetResult(7);
        Assert.All(await Task.WhenAll(all), answer => Assert.Equal(7, answer));
        Assert.Equal(1, asked);
        clock.Step(TimeSpan.FromSeconds(1));
        await answers.GetAsync(1, Ask, CancellationToken.None);
        Assert.Equal(2, asked);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            answers.GetAsync(2, () => Task.FromException<int>(new InvalidOperationException()), CancellationToken.None)
        );
        Assert.Equal(7, await answers.GetAsync(2, Ask, CancellationToken.None));

        Task<int> Ask()
        {
            asked++;
            return open.Task;
        }
    }

    private static CheckedToken Token(string? session = null, string id = "t", string subject = "c", DateTimeOffset? issuedAt = null) =>
        new()
        {
            Hash = TokenHash.Of("x"),
            Identity = new ClaimsIdentity(),
            KeyId = "k",
            Subject = subject,
            Session = session,
            TokenId = id,
            IssuedAt = issuedAt ?? Now,
            Expires = Now.AddMinutes(10),
        };

    private sealed class SteppedClock(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset now = start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan by) => now += by;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => now.Ticks;
    }
}
