using Gatehouse.Client;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Client;

/// <summary>How long the library keeps what it was told.</summary>
public sealed class RecentAnswersTests
{
    private int asked;

    [Fact]
    public async Task What_ran_out_is_dropped_although_nobody_asks_any_more()
    {
        var answers = new RecentAnswers<string, int>(TimeProvider.System, TimeSpan.FromMilliseconds(50));
        // Twice: it begins again after it had nothing to do.
        for (var time = 1; time <= 2; time++)
        {
            Assert.Equal(time, await AskAsync(answers));
            await TestApp.EventuallyAsync(() => Task.FromResult(answers.IsEmpty), "nothing is kept");
        }
    }

    [Fact]
    public async Task Without_a_time_nothing_is_kept()
    {
        var answers = new RecentAnswers<string, int>(TimeProvider.System, TimeSpan.Zero);
        Assert.Equal((1, 2), (await AskAsync(answers), await AskAsync(answers)));
        Assert.True(answers.IsEmpty);
    }

    private Task<int> AskAsync(RecentAnswers<string, int> answers) =>
        answers.GetAsync("who", () => Task.FromResult(++asked), CancellationToken.None);
}
