using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Values;

public class AboutTextTests
{
    [Theory]
    [InlineData("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour")]
    [InlineData("  \n a  b \n\n", "a  b")]
    [InlineData("e\u0301", "é")]
    [InlineData("<b>& markup", "<b>& markup")]
    [InlineData("", null)]
    [InlineData(" \r\n ", null)]
    public void Lines_are_kept_however_they_were_typed(string typed, string? expected)
    {
        var errors = new ValidationErrors();

        Assert.Equal(expected, AboutText.Parse(typed, "about", errors)!.Value);
        Assert.False(errors.Any);
    }

    [Theory]
    [InlineData("a\tb", "request.control-character")]
    [InlineData("a\vb", "request.control-character")]
    [InlineData("a\u0085b", "request.control-character")]
    [InlineData("a\u2029b", "request.control-character")]
    [InlineData("a\0b", "request.invalid-text")]
    public void Other_control_characters_are_refused(string typed, string fault)
    {
        var errors = new ValidationErrors();

        Assert.Null(AboutText.Parse(typed, "about", errors));
        Assert.Equal(fault, Assert.Single(errors.ToList()).Code);
    }

    [Fact]
    public void Five_hundred_code_points_fit()
    {
        var errors = new ValidationErrors();

        Assert.NotNull(AboutText.Parse(string.Concat(Enumerable.Repeat("😀", 500)), "about", errors));
        Assert.Null(AboutText.Parse(new string('a', 501), "about", errors));
        Assert.Equal("request.too-long", Assert.Single(errors.ToList()).Code);
    }
}
