using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Values;

public class NameTests
{
    [Theory]
    [InlineData("Ada_Lovelace", "ada_lovelace")]
    [InlineData(" a1b ", "a1b")]
    [InlineData("a.b-c_d", "a.b-c_d")]
    [InlineData("abcdefghijklmnopqrstuvwxyz1234", "abcdefghijklmnopqrstuvwxyz1234")]
    public void A_username_is_compared_without_case(string typed, string key) => Assert.Equal(key, User(typed).Value?.Key);

    [Theory]
    [InlineData(null, "request.required")]
    [InlineData("   ", "request.required")]
    [InlineData("ad", "identity.username-invalid")]
    [InlineData("abcdefghijklmnopqrstuvwxyz12345", "request.too-long")]
    [InlineData(".ada", "identity.username-invalid")]
    [InlineData("ada-", "identity.username-invalid")]
    [InlineData("a._b", "identity.username-invalid")]
    [InlineData("a--b", "identity.username-invalid")]
    [InlineData("ada lovelace", "identity.username-invalid")]
    [InlineData("ada@home", "identity.username-invalid")]
    [InlineData("аda", "identity.username-invalid")]
    [InlineData("ａｄａ", "identity.username-invalid")]
    [InlineData("adé", "identity.username-invalid")]
    [InlineData("ada٣", "identity.username-invalid")]
    [InlineData("ad\u0130", "identity.username-invalid")]
    [InlineData("ad\u017F", "identity.username-invalid")]
    [InlineData("ad\u200Ba", "identity.username-invalid")]
    [InlineData("ada\0", "request.invalid-text")]
    [InlineData("ada\n", "request.control-character")]
    public void A_username_outside_its_alphabet_is_refused(string? typed, string code) => Assert.Equal(code, User(typed).Code);

    [Fact]
    public void The_key_of_a_username_is_its_own_key() =>
        Prop.ForAll(
                Gen.Elements("abZ9._-é".ToCharArray()).ArrayOf().ToArbitrary(),
                chars => User(new string(chars)).Value is not { } name || User(name.Key).Value?.Key == name.Key
            )
            .Check(Parsing.Quickly);

    [Theory]
    [InlineData("Ada Lovelace", "  Ada \u00A0  Lovelace ")]
    [InlineData("José", "Jose\u0301")]
    [InlineData("李伟", "李伟")]
    [InlineData("क्\u200Dष", "क्\u200Dष")]
    [InlineData("Seán O’Brien-Smith, Jr.", "Seán O’Brien-Smith, Jr.")]
    [InlineData("𝒜", "𝒜")]
    public void A_name_may_be_in_any_script(string expected, string typed) => Assert.Equal(expected, SignedInUser(typed).Value?.Value);

    [Theory]
    [InlineData(null, "request.required")]
    [InlineData("\u3000 ", "request.required")]
    [InlineData("Ada\0", "request.invalid-text")]
    [InlineData("Ada\r\nSubject: x", "request.control-character")]
    [InlineData("Ada\u0085", "request.control-character")]
    [InlineData("Ada\u2028", "request.control-character")]
    [InlineData("Ada\u2029Eve", "request.control-character")]
    [InlineData("Ada\u202Eevol", "identity.name-invalid")]
    [InlineData("Ada\u2066Eve", "identity.name-invalid")]
    [InlineData("Ada\u200B", "identity.name-invalid")]
    [InlineData("\u200D\u200C", "identity.name-invalid")]
    [InlineData("...", "identity.name-invalid")]
    [InlineData("\u115F", "identity.name-invalid")]
    [InlineData("\u1160", "identity.name-invalid")]
    [InlineData("\u3164\u3164", "identity.name-invalid")]
    [InlineData("\uFFA0", "identity.name-invalid")]
    [InlineData("\u2800", "identity.name-invalid")]
    [InlineData("\u17B4\u17B5", "identity.name-invalid")]
    [InlineData("\u034F\uFE0F\u180B", "identity.name-invalid")]
    [InlineData("\U00013441", "identity.name-invalid")]
    [InlineData("\U00013442 \U00013441", "identity.name-invalid")]
    [InlineData("\U0001D159", "identity.name-invalid")]
    [InlineData("\U00016FE4", "identity.name-invalid")]
    public void A_name_that_would_disturb_the_text_around_it_is_refused(string? typed, string code) =>
        Assert.Equal(code, SignedInUser(typed).Code);

    [Theory]
    [InlineData("Site engineer", "Site engineer", null)]
    [InlineData(" \u3000", null, null)]
    [InlineData("\U00013441", null, "identity.name-invalid")]
    [InlineData("\u3164\u2800", null, "identity.name-invalid")]
    [InlineData("\u200Bengineer", null, "identity.name-invalid")]
    [InlineData("\U00013000\U00013441", "\U00013000\U00013441", null)]
    public void A_title_that_is_not_empty_shows_something(string typed, string? value, string? code)
    {
        var (title, error) = Parsing.Of((field, errors) => UserTitle.Parse(typed, field, errors));
        Assert.Equal((value, code), (title?.Value, error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u00A0 ")]
    public void An_optional_username_of_spaces_is_none(string? typed)
    {
        var errors = new ValidationErrors();
        Assert.Null(Username.ParseOptional(typed, "username", errors));
        Assert.False(errors.Any);
    }

    [Fact]
    public void A_name_ends_at_100_code_points()
    {
        Assert.NotNull(SignedInUser(string.Concat(Enumerable.Repeat("𝒜", 100))).Value);
        Assert.Equal("request.too-long", SignedInUser(string.Concat(Enumerable.Repeat("𝒜", 101))).Code);
        Assert.NotNull(SignedInUser(string.Concat(Enumerable.Repeat("e\u0301", 100))).Value);
        Assert.Equal("request.too-long", SignedInUser(new string('a', 100_000)).Code);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_name_is_refused()
    {
        // U+FFFE is no character; normalizing throws on it.
        Assert.Equal("request.invalid-text", SignedInUser("Ada" + (char)0xFFFE).Code);
        Assert.Equal("request.invalid-text", SignedInUser("Ada" + (char)0xD835).Code);
        Assert.Equal("request.invalid-text", SignedInUser((char)0xDC9C + "Ada").Code);
    }

    [Fact]
    public void Names_never_throw_whatever_the_text() =>
        Prop.ForAll(
                Parsing.AnyText,
                text => User(text) is (null, not null) or (not null, null) && SignedInUser(text) is (null, not null) or (not null, null)
            )
            .Check(Parsing.Quickly);

    [Fact]
    public void Text_and_JSON_of_names_hide_them()
    {
        Assert.Equal("[username] [name]", $"{User("ada.l").Value} {SignedInUser("Ada").Value}");
        Assert.Equal("{}{}", JsonSerializer.Serialize(User("ada.l").Value) + JsonSerializer.Serialize(SignedInUser("Ada").Value));
    }

    private static (Username? Value, string? Code) User(string? typed) =>
        Parsing.Of((field, faults) => Username.Parse(typed, field, faults));

    private static (PersonName? Value, string? Code) SignedInUser(string? typed) =>
        Parsing.Of((field, faults) => PersonName.Parse(typed, field, faults));
}
