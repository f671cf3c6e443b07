using System.Text;
using Gatehouse.Identity.Factors;

namespace Gatehouse.Tests.Identity.Factors;

public sealed class TotpSecretTests
{
    // RFC 6238, appendix B, the last six of its eight digits.
    private static readonly TotpSecret Secret = TotpSecret.FromStored(
        Convert.ToBase64String(Encoding.ASCII.GetBytes("12345678901234567890"))
    );

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard_whatever_the_time_zone(long seconds, string code)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(seconds / 30, Secret.StepOf(code, at));
        Assert.Equal(seconds / 30, Secret.StepOf(code, at.ToOffset(TimeSpan.FromHours(5.5))));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_counts_one_step_either_way(int steps, bool counts)
    {
        const long Step = 1111111109 / 30;
        var now = DateTimeOffset.FromUnixTimeSeconds(((Step + steps) * 30) + 15);

        Assert.Equal(counts ? Step : (long?)null, Secret.StepOf("081804", now));
    }
}
