using Gatehouse.Server.Commands;
using Gatehouse.Tests.Web;

namespace Gatehouse.Tests.Server;

/// <summary>What <c>gatehouse keys rewrap</c> tells while it runs.</summary>
public sealed class RewrapProgressTests
{
    [Fact]
    public void A_line_is_written_every_two_seconds_and_at_the_end()
    {
        var clock = new StillClock();
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new KeysCommand.Progress(total: 4_500, clock, output);

        progress.Report(1_000);
        Assert.Equal("", output.ToString());
        clock.Advance(TimeSpan.FromSeconds(2));
        progress.Report(1_000);
        clock.Advance(TimeSpan.FromSeconds(1));
        progress.Report(1_000);
        progress.Report(1_500);
        progress.End();

        Assert.Equal("2,000 keys re-encrypted, 2,500 left, 1,000/s\n4,500 keys re-encrypted, 0 left, 1,500/s\n", output.ToString());
    }
}
