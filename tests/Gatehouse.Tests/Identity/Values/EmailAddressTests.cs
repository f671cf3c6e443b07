using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Values;

public class EmailAddressTests
{
    [Theory]
    [InlineData("Ada.Lovelace+News@Example.COM", "ada.lovelace+news@example.com")]
    [InlineData("  ada@example.com  ", "ada@example.com")]
    [InlineData("ada@BÜCHER.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@ｅｘａｍｐｌｅ。com", "ada@example.com")]
    [InlineData("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example")]
    [InlineData("o'neil!#$%&*/=?^_`{|}~-@a-b.example.co", "o'neil!#$%&*/=?^_`{|}~-@a-b.example.co")]
    public void An_address_has_one_canonical_form(string typed, string canonical) => Assert.Equal(canonical, Parse(typed).Value?.Canonical);

    [Fact]
    public void The_typed_form_keeps_capitals_and_script() =>
        Assert.Equal("Ada@BÜCHER.example", Parse(" Ada@BU\u0308CHER.example").Value?.Typed);

    [Fact]
    public void Mail_goes_to_the_typed_local_part_at_the_ASCII_domain() =>
        Assert.Equal("Ada@xn--bcher-kva.example", Parse("Ada@BÜCHER.example").Value?.Delivery);

    [Fact]
    public void Two_spellings_of_one_address_are_equal() => Assert.Equal(Parse("Ada@Example.com").Value, Parse("ada@example.COM").Value);

    [Fact]
    public void Dots_and_tags_of_the_local_part_count() => Assert.NotEqual(Parse("a.da@example.com").Value, Parse("ada@example.com").Value);

    [Theory]
    [InlineData(null, "request.required")]
    [InlineData("", "request.required")]
    [InlineData(" \u00A0 ", "request.required")]
    [InlineData("ada@example.com\r\nBcc: eve@example.org", "request.control-character")]
    [InlineData("ada@example.com\n", "request.control-character")]
    [InlineData("a\0da@example.com", "request.invalid-text")]
    [InlineData("a\tda@example.com", "request.control-character")]
    [InlineData("ada\u2028@example.com", "request.control-character")]
    [InlineData("ada", "identity.email-invalid")]
    [InlineData("@example.com", "identity.email-invalid")]
    [InlineData("ada@", "identity.email-invalid")]
    [InlineData("ada@@example.com", "identity.email-invalid")]
    [InlineData("ada@eve@example.com", "identity.email-invalid")]
    [InlineData("a da@example.com", "identity.email-invalid")]
    [InlineData("ada@exam ple.com", "identity.email-invalid")]
    [InlineData(".ada@example.com", "identity.email-invalid")]
    [InlineData("ada.@example.com", "identity.email-invalid")]
    [InlineData("a..da@example.com", "identity.email-invalid")]
    [InlineData("\"ada\"@example.com", "identity.email-invalid")]
    [InlineData("Ada <ada@example.com>", "identity.email-invalid")]
    [InlineData("<ada@example.com>", "identity.email-invalid")]
    [InlineData("ada@example.com,eve@example.org", "identity.email-invalid")]
    [InlineData("ada(x)@example.com", "identity.email-invalid")]
    [InlineData("ada@example.com(x)", "identity.email-invalid")]
    [InlineData("ada@[192.0.2.1]", "identity.email-invalid")]
    [InlineData("ada@192.0.2.1", "identity.email-invalid")]
    [InlineData("ada@localhost", "identity.email-invalid")]
    [InlineData("ada@example.com.", "identity.email-invalid")]
    [InlineData("ada@.example.com", "identity.email-invalid")]
    [InlineData("ada@example..com", "identity.email-invalid")]
    [InlineData("ada@-example.com", "identity.email-invalid")]
    [InlineData("ada@example-.com", "identity.email-invalid")]
    [InlineData("ada@exam_ple.com", "identity.email-invalid")]
    [InlineData("аda@example.com", "identity.email-invalid")]
    [InlineData("ada@exam\u00ADple.com", "identity.email-invalid")]
    [InlineData("ada@exam\u200Bple.com", "identity.email-invalid")]
    [InlineData("ada@\u202Emoc.elpmaxe", "identity.email-invalid")]
    [InlineData("ada@xn--999999999.com", "identity.email-invalid")]
    [InlineData("ada@xn--.com", "identity.email-invalid")]
    [InlineData("ada@\u0378\u0379.com", "identity.email-invalid")]
    public void An_address_that_mail_would_not_reach_is_refused(string? typed, string code) => Assert.Equal(code, Parse(typed).Code);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() =>
        Assert.Equal("request.invalid-text", Parse("ada@" + (char)0xD800 + "example.com").Code);

    [Fact]
    public void The_local_part_ends_at_64_octets_and_the_address_at_254()
    {
        Assert.NotNull(Parse(new string('a', 64) + "@example.com").Value);
        Assert.Equal("identity.email-invalid", Parse(new string('a', 65) + "@example.com").Code);

        var domain = string.Join('.', Enumerable.Repeat(new string('d', 46), 4)) + ".com";
        Assert.NotNull(Parse(new string('a', 253 - domain.Length) + "@" + domain).Value);
        Assert.Equal("request.too-long", Parse(new string('a', 254 - domain.Length) + "@" + domain).Code);
        Assert.Equal("identity.email-invalid", Parse("ada@" + new string('d', 64) + ".com").Code);
    }

    [Fact]
    public void The_length_counts_after_the_domain_became_ASCII()
    {
        var typed =
            new string('a', 60) + "@" + string.Join('.', Enumerable.Repeat(new string('\u4E00', 24) + "\u4E8C\u4E09", 6)) + ".example";
        Assert.True(typed.Length < 254);
        Assert.Equal("identity.email-invalid", Parse(typed).Code);
    }

    [Fact]
    public void Text_and_JSON_of_an_address_show_only_its_mask()
    {
        var address = Parse("Ada.Lovelace@example.com").Value!;
        Assert.Equal("a***@example.com", address.Masked);
        Assert.Equal(address.Masked, $"{address}");
        Assert.Equal("""{"Masked":"a***@example.com"}""", JsonSerializer.Serialize(address));
    }

    [Theory]
    [InlineData("a@example.com", "***@example.com")]
    [InlineData("***@example.com", "*...@example.com")]
    [InlineData("a***@example.com", "a...@example.com")]
    public void A_mask_never_repeats_an_odd_local_part(string typed, string masked) => Assert.Equal(masked, Parse(typed).Value?.Masked);

    [Fact]
    public void Parsing_never_throws_whatever_the_text() => Prop.ForAll(Parsing.AnyText, text => HasOneResult(text)).Check(Parsing.Quickly);

    [Fact]
    public void No_hostile_domain_throws() =>
        Prop.ForAll(Parsing.AnyText, text => HasOneResult($"ada@xn--{text}.com") && HasOneResult($"ada@{text}.com")).Check(Parsing.Quickly);

    [Fact]
    public void The_canonical_form_is_its_own_canonical_form() =>
        Prop.ForAll(
                Addresses,
                typed => Parse(typed).Value is not { } address || Parse(address.Canonical).Value?.Canonical == address.Canonical
            )
            .Check(Parsing.Quickly);

    [Fact]
    public void A_mask_never_shows_the_local_part() =>
        Prop.ForAll(
                Addresses,
                typed =>
                    Parse(typed).Value is not { } address
                    || (
                        address.Masked != address.Typed && !address.Masked.Split('@')[0].Contains(address.Guessed, StringComparison.Ordinal)
                    )
            )
            .Check(Parsing.Quickly);

    private static Arbitrary<string> Addresses =>
        (
            from local in Gen.Elements("aB0.*+-_'{".ToCharArray()).ArrayOf()
            from domain in Gen.Elements("aZ9.-üßΣ一ａ。\u0130\u200D".ToCharArray()).NonEmptyListOf()
            select new string(local) + "@" + string.Concat(domain) + ".com"
        ).ToArbitrary();

    private static bool HasOneResult(string? typed) => Parse(typed) is (null, not null) or (not null, null);

    private static (EmailAddress? Value, string? Code) Parse(string? typed) =>
        Parsing.Of((field, faults) => EmailAddress.Parse(typed, field, faults));
}
