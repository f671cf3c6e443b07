using System.Text.RegularExpressions;
using Gatehouse.Core.Templates;
using Gatehouse.Identity;
using Gatehouse.Notifications;
using Gatehouse.Notifications.Templates;
using HandlebarsDotNet.Compiler;

namespace Gatehouse.Tests.Notifications;

public partial class TemplateTests
{
    private static readonly string[] Languages = ["en", "hi", "es"];
    private static readonly TemplateCatalog Catalog = new([
        new TemplateSource(typeof(IdentityModule).Assembly),
        new TemplateSource(typeof(NotificationsModule).Assembly),
    ]);

    public static TheoryData<string> Templates => [.. Catalog.Files.Keys.Select(f => f.Split('.')[0]).Where(t => t != "layout").Distinct()];

    // The letters of GSM 03.38 that the texts and names may use without leaving its seven bits; every other makes a segment of 70.
    private const string SevenBits = " @!\"#$%&'()*+,-./:;<=>?_¡¿£¥ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùü";

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_text_exists_in_every_language_with_the_same_placeholders(string template)
    {
        foreach (var form in new[] { "txt", "html" })
        {
            var english = Placeholders(Catalog.Files[$"{template}.en.mail.{form}"]);
            foreach (var language in Languages)
                Assert.Equal(english, Placeholders(Catalog.Files[$"{template}.{language}.mail.{form}"]));
        }

        var values = Placeholders(Catalog.Files[$"{template}.en.mail.txt"]).Except(["service"]);
        Assert.Equal(values, Placeholders(Catalog.Files[$"{template}.en.mail.html"]).Except(["service"]));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void No_text_of_a_module_leaves_a_value_unencoded(string template) =>
        Assert.All(
            Languages,
            language => Assert.DoesNotContain("{{{", Catalog.Files[$"{template}.{language}.mail.html"], StringComparison.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_text_renders_in_its_language_with_a_subject(string template)
    {
        var mails = Languages.Select(language => Catalog.Render(template, language, Values("7"), "Gatehouse")).ToList();

        Assert.All(mails, mail => Assert.NotEmpty(mail.Subject));
        Assert.Equal(3, mails.Select(m => m.Text).Distinct().Count());
        Assert.All(mails.Zip(Languages), m => Assert.Contains($"<html lang=\"{m.Second}\">", m.First.Html, StringComparison.Ordinal));
        Assert.All(mails, mail => Assert.DoesNotContain("{{", mail.Subject + mail.Text + mail.Html, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_text_for_a_phone_fits_one_message_and_holds_no_secret_link(string template)
    {
        foreach (var language in Languages)
        {
            var text = Catalog.RenderText(template, language, PhoneValues(), "Gatehouse");
            var isSevenBits = text.All(c => char.IsAsciiLetterOrDigit(c) || SevenBits.Contains(c, StringComparison.Ordinal));

            Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', text);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.True(isSevenBits || language == "hi", $"{language}: {text}");
            Assert.True(
                text.Length
                    <= (
                        isSevenBits ? 160
                        : text.Contains("https", StringComparison.Ordinal) ? 134
                        : 70
                    ),
                $"{text.Length}: {text}"
            );
        }
    }

    [Theory]
    [InlineData("registration-code")]
    [InlineData("user-creation-code")]
    [InlineData("password-reset")]
    [InlineData("sign-in-code")]
    [InlineData("contact-change-code")]
    [InlineData("second-factor-code")]
    public void A_text_with_a_code_begins_with_it_and_has_no_link(string template)
    {
        foreach (var language in Languages)
        {
            var text = Catalog.RenderText(template, language, PhoneValues(), "Gatehouse");

            Assert.StartsWith("12345678 ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Values_are_encoded_in_the_page_and_as_they_are_in_the_text()
    {
        var mail = Catalog.Render("registration-code", "en", Values("<img src=x onerror=alert(1)> & \"it's\""), "Ben & Ada <Ltd>");

        Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<Ltd>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;img", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"it", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<img src=x onerror=alert(1)> & \"it's\"", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Ben & Ada <Ltd>", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "1", "in 1 minute and", "in 1 hour:")]
    [InlineData("en", "7", "in 7 minutes and", "in 7 hours:")]
    [InlineData("es", "1", "en 1 minuto y", "en 1 hora:")]
    public void One_minute_is_said_as_one(string language, string count, params string[] parts)
    {
        var mail = Catalog.Render("registration-code", language, Values(count), "Gatehouse");
        Assert.All(parts, part => Assert.Contains(part, mail.Text, StringComparison.Ordinal));
        Assert.All(parts, part => Assert.Contains(part, mail.Html, StringComparison.Ordinal));
    }

    [Fact]
    public void A_placeholder_in_a_value_is_not_filled()
    {
        var mail = Catalog.Render(
            "password-reset",
            "en",
            new Dictionary<string, string>(Values("7"), StringComparer.Ordinal) { ["name"] = "{{code}}{{{link}}}" },
            "Gatehouse"
        );
        Assert.Contains("{{code}}{{{link}}}", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_without_a_value_is_an_error() =>
        Assert.Throws<HandlebarsUndefinedBindingException>(() =>
            Catalog.Render(
                "registration-code",
                "en",
                new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "Ada" },
                "Gatehouse"
            )
        );

    [Theory]
    [InlineData("\r\nBcc: eve@example.com")]
    [InlineData("\nBcc: eve@example.com")]
    [InlineData("\rBcc: eve@example.com")]
    [InlineData("\u2028Bcc: eve@example.com")]
    [InlineData("\u0085Bcc: eve@example.com")]
    [InlineData("\0Bcc: eve@example.com")]
    public void A_line_break_in_a_value_adds_no_header_and_no_line(string value)
    {
        var plain = Catalog.Render("registration-code", "en", Values("7"), "Gatehouse");
        var mail = Catalog.Render("registration-code", "en", Values(value), "Gate" + value);

        Assert.DoesNotContain(mail.Subject, c => char.IsControl(c) || c is '\u2028' or '\u2029');
        Assert.Equal(Lines(plain.Text), Lines(mail.Text));
    }

    [Fact]
    public void A_language_without_texts_falls_back_to_English_and_an_unknown_template_is_an_error()
    {
        Assert.Equal(
            Catalog.Render("registration-code", "en", Values("7"), "Gatehouse"),
            Catalog.Render("registration-code", "fr", Values("7"), "Gatehouse")
        );
        Assert.Throws<InvalidOperationException>(() => Catalog.Render("unknown", "en", Values("7"), "Gatehouse"));
    }

    private static Dictionary<string, string> Values(string value) =>
        Catalog
            .Files.Values.SelectMany(Placeholders)
            .Distinct()
            .Where(p => p is not ("service" or "language" or "subject" or "body"))
            .ToDictionary(p => p, _ => value, StringComparer.Ordinal);

    private static Dictionary<string, string> PhoneValues() =>
        new(Values("Ada"), StringComparer.Ordinal)
        {
            ["code"] = "12345678",
            ["minutes"] = "10",
            ["linkMinutes"] = "30",
            ["at"] = "2026-01-31 10:00 UTC",
            ["link"] = "https://accounts.example.com/reset?id=1&token=secret",
            ["again"] = "https://accounts.example.com/forgot",
            ["signIn"] = "https://accounts.example.com/sign-in",
            ["role"] = "editor",
        };

    private static int Lines(string text) => text.Split(['\r', '\n', '\u2028', '\u2029', '\u0085']).Length;

    private static List<string> Placeholders(string text) =>
        [.. Placeholder.Matches(text).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\{\{?\s*([\w.]+)\s*\}?\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder { get; }
}
