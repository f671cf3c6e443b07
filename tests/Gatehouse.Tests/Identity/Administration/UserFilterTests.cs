using Gatehouse.Core.Results;
using Gatehouse.Identity.Administration;

namespace Gatehouse.Tests.Identity.Administration;

public sealed class UserFilterTests
{
    [Theory]
    [InlineData("ada", "%ada%")]
    [InlineData("ad", "%\nad%")]
    [InlineData("a", "%\na%")]
    [InlineData("50%", @"%50\%%")]
    [InlineData("_", "%\n\\_%")]
    [InlineData(@"a\b", @"%a\\b%")]
    [InlineData("😀😀", "%\n😀😀%")]
    [InlineData("not an @ddress", "%not an @ddress%")]
    public void Text_is_literal_and_short_text_begins_something(string q, string pattern) => Assert.Equal(pattern, Parse(q).Pattern);

    [Fact]
    public void An_address_is_looked_up_and_not_searched()
    {
        var filter = Parse("Ada@Example.com");
        Assert.Equal((null, "ada@example.com"), (filter.Pattern, filter.Contact?.Canonical));
        var number = Parse("+44 7400 123456");
        Assert.Equal((null, "+447400123456"), (number.Pattern, number.Contact?.Canonical));
        Assert.Null(Parse("  ").Pattern);
    }

    [Theory]
    [InlineData("Ada", "A")]
    [InlineData("émile", "É")]
    [InlineData("e\u0301mile", "E\u0301")]
    [InlineData("अनन्या", "अ")]
    [InlineData("7 of 9", "7")]
    public void The_initial_is_the_first_letter_with_its_accents(string name, string initial) =>
        Assert.Equal(initial, ListUsersByInitial.Initial(name));

    private static UserFilter Parse(string q)
    {
        var errors = new ValidationErrors();
        var filter = UserFilter.Parse(q, role: null, organization: null, status: null, errors);
        Assert.False(errors.Any);
        return filter;
    }
}
