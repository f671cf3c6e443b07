using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.Values;
using Gatehouse.Tests.Docs;
using Gatehouse.Web;

namespace Gatehouse.Tests.Identity.Values;

public class PhoneNumberTests
{
    public static TheoryData<string, string, string> Cases =>
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "tests/Gatehouse.Tests/Identity/Values/phone-cases.csv"))
                .Skip(1)
                .Select(line => Cells(line))
                .Select(cells => (cells[1], cells[2], cells[3])),
        ];

    // Every row of the table holds.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_spelling_of_the_table_is_the_number_it_should_be_or_none(string typed, string region, string expected) =>
        Assert.Equal(expected == "REJECT" ? null : expected, PhoneNumber.TryParse(Regex.Unescape(typed), Region(region))?.Canonical);

    [Theory]
    [InlineData("+49 151 23456789", "+4915123456789")]
    [InlineData("(+44) 7400 123456", "+447400123456")]
    [InlineData("+33.6.12.34.50.00", "+33612345000")]
    [InlineData("TEL:+44-7400-123456", "+447400123456")]
    [InlineData("\u2068+44 7400 123456\u2069", "+447400123456")]
    [InlineData("+44\u00A07400\u2011123456", "+447400123456")]
    [InlineData("+\u096A\u096A \u096D\u096A\u0966\u0966\u0967\u0968\u0969\u096A\u096B\u096C", "+447400123456")]
    [InlineData("+44\u22127400\u2212123456", "+447400123456")]
    [InlineData("+49 151/23456789", "+4915123456789")]
    [InlineData("+290 51234", "+29051234")]
    public void Blanks_dashes_and_digits_of_every_script_are_read(string typed, string expected) =>
        Assert.Equal(expected, PhoneNumber.TryParse(typed, region: null)?.Canonical);

    [Theory]
    [InlineData("+43 664 123456.00")]
    [InlineData("+43 664 123456 E0")]
    [InlineData("+43 664 123456 / 2")]
    [InlineData("+43 664 123456 (2)")]
    [InlineData("+43 664 123456 None")]
    [InlineData("+43 664 123456 B\u00FCro")]
    [InlineData("+43 664 123456~1")]
    [InlineData("+43 664 123456,,1#")]
    [InlineData("+43 664 123456 ext 1")]
    [InlineData("+43 664 123456\u2460")]
    [InlineData("+43 664 123456\u00B2")]
    [InlineData("+43 664 123456 \u260E")]
    [InlineData("+43 664 1234/664 1235")]
    [InlineData("+49 15I 23456789")]
    [InlineData("447400123456@s.whatsapp.net")]
    [InlineData("https://wa.me/447400123456")]
    [InlineData("1-800-FLOWERS")]
    [InlineData("+")]
    [InlineData("tel:")]
    [InlineData("()")]
    [InlineData("+44 7400 123456\0")]
    [InlineData("+447700900123")]
    [InlineData("+15555550123")]
    [InlineData("+870773111632")]
    [InlineData("+882161234567")]
    [InlineData("+44 845 4647")]
    [InlineData("+44 20 7946 0958")]
    public void A_note_an_extension_or_what_takes_no_texts_is_not_a_phone_number(string typed) =>
        Assert.NotNull(Parse(typed, region: null).Code);

    [Theory]
    [InlineData("+54 9 11 2345 6789", "+54 11 2345 6789", "+5491123456789")]
    [InlineData("+972 56 912 3456", "+970 569 123 456", "+972569123456")]
    [InlineData("+220 301 2345", "+220 83 301 2345", "+2203012345")]
    [InlineData("+241 06 03 12 34", "+241 66 03 12 34", "+24166031234")]
    [InlineData("+377 44 123 456", "+383 44 123 456", "+38344123456")]
    [InlineData("+52 1 222 123 4567", "+52 222 123 4567", "+522221234567")]
    public void Two_spellings_of_a_line_are_one_number_and_messages_go_where_they_arrive(string typed, string other, string delivery)
    {
        var number = Parse(typed, region: null).Value;

        Assert.Equal(Parse(other, region: null).Value, number);
        Assert.Equal(delivery, number?.Delivery);
        var stored = PhoneNumber.FromStored(number!.ToStored());
        Assert.Equal((number.Delivery, number.Canonical), (stored.Delivery, stored.Canonical));
    }

    [Theory]
    [InlineData("07400 123456", null, PhoneNumber.WithoutCountry)]
    [InlineData("0044 7400 123456", null, PhoneNumber.WithoutCountry)]
    [InlineData("07400 123456", "XX", PhoneNumber.UnknownRegion)]
    [InlineData("07400 123456", "826", PhoneNumber.UnknownRegion)]
    [InlineData("62812345678", "ID", PhoneNumber.Ambiguous)]
    [InlineData("0044 7400 123456", "SG", PhoneNumber.Ambiguous)]
    [InlineData("+386 43 201 234", null, PhoneNumber.Ambiguous)]
    [InlineData("+225 07 12 34 56", null, PhoneNumber.Ambiguous)]
    [InlineData("+44 7400 123", null, PhoneNumber.Malformed)]
    [InlineData("   ", null, ValidationCodes.Required)]
    [InlineData(null, null, ValidationCodes.Required)]
    public void What_is_wrong_with_a_number_is_said(string? typed, string? region, string code) =>
        Assert.Equal(code, Parse(typed, region).Code);

    [Fact]
    public void A_masked_number_shows_the_country_code_and_two_digits()
    {
        var number = Parse("+44 7400 123456", region: null).Value!;

        Assert.Equal("+44***56", number.Masked);
        Assert.Equal("+44***56", number.ToString());
    }

    [Fact]
    public void Any_text_is_a_number_or_has_one_error() =>
        Prop.ForAll(Parsing.AnyText, text => Parse(text, "DE") is var (value, code) && value is null != code is null)
            .Check(Parsing.Quickly);

    private static (PhoneNumber? Value, string? Code) Parse(string? typed, string? region) =>
        Parsing.Of((field, errors) => PhoneNumber.Parse(typed, region, field, errors));

    private static string? Region(string text) => text.Length == 0 ? null : text;

    private static string[] Cells(string line) =>
        [
            .. Regex
                .Matches(line, "(?:\"([^\"]*)\"|([^,]*))(?:,|$)")
                .Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value),
        ];
}
