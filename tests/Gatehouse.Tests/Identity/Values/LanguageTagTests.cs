using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Values;

public class LanguageTagTests
{
    [Theory]
    [InlineData("EN", "en")]
    [InlineData("pt-br", "pt-BR")]
    [InlineData("ZH-hANT-tw", "zh-Hant-TW")]
    [InlineData("es-419", "es-419")]
    [InlineData("zh-yue-hk", "zh-yue-HK")]
    [InlineData("sl-ROZAJ-biske-1994", "sl-rozaj-biske-1994")]
    [InlineData("de-CH-1901", "de-CH-1901")]
    [InlineData("EN-a-BBB-ca-X-Ca-Latn", "en-a-bbb-ca-x-ca-latn")]
    [InlineData("de-x-PRIV8", "de-x-priv8")]
    public void Tags_are_kept_in_canonical_case(string typed, string expected)
    {
        var errors = new ValidationErrors();

        Assert.Equal([expected], LanguageTag.ParseAll([typed], "languages", errors)!);
        Assert.False(errors.Any);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("e")]
    [InlineData("en ")]
    [InlineData("en\n")]
    [InlineData("en_US")]
    [InlineData("en-")]
    [InlineData("-en")]
    [InlineData("en--US")]
    [InlineData("123")]
    [InlineData("en-US-US")]
    [InlineData("en-a")]
    [InlineData("x-private")]
    [InlineData("i-klingon")]
    [InlineData("englishes")]
    [InlineData("हि")]
    [InlineData("еn")]
    [InlineData("\u212Aa")]
    [InlineData("en-x-abcdefgh-abcdefgh-abcdefgh-abcd")]
    public void What_is_no_tag_is_refused_at_its_place(string typed)
    {
        var errors = new ValidationErrors();

        Assert.Null(LanguageTag.ParseAll(["hi", typed], "languages", errors));
        Assert.Equal(("languages[1]", LanguageTag.Malformed), (Assert.Single(errors.ToList()).Field, errors.ToList()[0].Code));
    }

    [Fact]
    public void Each_is_kept_once_in_the_persons_order() =>
        Assert.Equal(["ta", "hi", "en"], LanguageTag.ParseAll(["ta", "hi", "TA", "en", "HI"], "languages", new ValidationErrors())!);

    [Fact]
    public void Blank_ones_are_left_out_and_the_others_keep_their_places()
    {
        var errors = new ValidationErrors();
        Assert.Empty(LanguageTag.ParseAll(["", " "], "languages", errors)!);
        Assert.Equal(["hi"], LanguageTag.ParseAll(["", "hi", null!], "languages", errors)!);
        Assert.False(errors.Any);

        LanguageTag.ParseAll([" ", "x"], "languages", errors);
        Assert.Equal("languages[1]", Assert.Single(errors.ToList()).Field);
    }

    [Fact]
    public void Ten_fit_and_eleven_do_not()
    {
        var ten = Enumerable.Range(0, 10).Select(i => $"a{(char)('a' + i)}").ToList();
        var errors = new ValidationErrors();

        Assert.Equal(10, LanguageTag.ParseAll(ten, "languages", errors)!.Count);
        Assert.Null(LanguageTag.ParseAll([.. ten, "hi"], "languages", errors));
        Assert.Equal(LanguageTag.TooMany, Assert.Single(errors.ToList()).Code);
    }
}
