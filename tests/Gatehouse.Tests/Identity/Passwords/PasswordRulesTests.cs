using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Values;
using Gatehouse.Tests.Identity.Values;

namespace Gatehouse.Tests.Identity.Passwords;

public class PasswordRulesTests
{
    private static readonly PasswordContext Context = new(
        "Gatehouse",
        Parsing.Of((field, errors) => PersonName.Parse("Ada Lovelace Bo-Li", field, errors)).Value,
        Parsing.Of((field, errors) => Username.Parse("Enchantress", field, errors)).Value,
        Parsing.Of((field, errors) => EmailAddress.Parse("Countess.A@example.com", field, errors)).Value
    );

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("zwölf Boxkämpfer jagen")]
    [InlineData("七転び八起き、急がば回れ。石の上にも")]
    [InlineData("hG7$kq9!xV2#mZ4")]
    [InlineData("sunshine horses")]
    [InlineData("password 4817 2290 6131")]
    [InlineData("adabo is too short a word")]
    [InlineData("               x y z")]
    public void A_good_password_is_accepted_whatever_it_is_made_of(string typed) => Assert.Null(Rejection(typed));

    [Theory]
    [InlineData("fourteen chars", "identity.password-too-short")]
    [InlineData("😀😀😀😀😀😀😀😀", "identity.password-too-short")]
    [InlineData("polniypizdec0211", "identity.password-common")]
    [InlineData("PasswordPassword", "identity.password-common")]
    [InlineData("iloveyou12345678", "identity.password-common")]
    [InlineData("Password2024!!!", "identity.password-common")]
    [InlineData("123basketball!1", "identity.password-common")]
    [InlineData("my Lovelace rhymes", "identity.password-contains-context")]
    [InlineData("enchantress of numbers", "identity.password-contains-context")]
    [InlineData("countess.a of somewhere", "identity.password-contains-context")]
    [InlineData("open the GATEhouse now", "identity.password-contains-context")]
    [InlineData("we are adalovelaceboli", "identity.password-contains-context")]
    [InlineData("1trustno1-2024!", "identity.password-common")]
    [InlineData("zzzzzzzzzzzzzzzz", "identity.password-predictable")]
    [InlineData("xk3xk3xk3xk3xk3x", "identity.password-predictable")]
    [InlineData("Blue horse!Blue horse!", "identity.password-predictable")]
    [InlineData("abcdefghijklmnop", "identity.password-predictable")]
    [InlineData("98765432109876543", "identity.password-predictable")]
    [InlineData("lkjhgfdsapoiuytre", "identity.password-predictable")]
    [InlineData("poiuytrewqlkjhgf", "identity.password-predictable")]
    [InlineData("5tgb6yhn3edc7ujm", "identity.password-predictable")]
    [InlineData("aaaabbbbccccddddeeee", "identity.password-predictable")]
    public void A_bad_password_is_refused_with_the_reason(string typed, string code) => Assert.Equal(code, Rejection(typed));

    [Theory]
    [InlineData("Football", "identity.password-common")]
    [InlineData("trustno1!", "identity.password-common")]
    [InlineData("seven77", "identity.password-too-short")]
    [InlineData("mpq7 wzk", null)]
    public void A_lower_minimum_keeps_the_other_rules(string typed, string? code) => Assert.Equal(code, Rejection(typed, minimum: 8));

    [Fact]
    public void Capitals_and_composition_do_not_get_a_password_past_the_rules()
    {
        var context = new PasswordContext("Gatehouse", Parsing.Of((field, errors) => PersonName.Parse("Zoë Müller", field, errors)).Value);
        Assert.Equal("identity.password-contains-context", Rejection("frau MU\u0308LLER lacht laut", context: context));
    }

    [Theory]
    [InlineData(null, "request.required")]
    [InlineData("", "request.required")]
    [InlineData("correct horse\0battery", "request.invalid-text")]
    public void A_password_that_cannot_be_typed_is_refused(string? typed, string code) => Assert.Equal(code, Typed(typed).Code);

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Equal("request.invalid-text", Typed("correct horse " + (char)0xD800).Code);

    [Fact]
    public void A_password_ends_at_128_code_points_and_is_never_cut()
    {
        Assert.Equal(256, Typed(string.Concat(Enumerable.Repeat("😀", 128))).Value?.Reveal().Length);
        Assert.Equal("identity.password-too-long", Typed(new string('a', 129)).Code);
        Assert.Equal("identity.password-too-long", Typed(new string('a', 60_000)).Code);
    }

    [Fact]
    public void A_fault_names_the_limit()
    {
        var fault = new PasswordRules(new PasswordOptions { MinimumLength = 15 }).Validate(Typed("short").Value!, Context, "password");
        Assert.Equal(("password", (object?)15), (fault?.Field, fault?.Values?["min"]));
        var errors = new ValidationErrors();
        PasswordInput.Parse(new string('a', 129), "password", errors);
        Assert.Equal(128, errors.ToList()[0].Values?["max"]);
    }

    [Fact]
    public void Before_the_account_is_known_only_what_is_too_short_for_anybody_is_rejected_and_the_usual_length_is_named()
    {
        var (rules, unknown) = (new PasswordRules(new PasswordOptions()), new PasswordContext("Gatehouse") { IsOnlyFactor = null });
        Assert.Equal((object?)15, rules.Validate(Typed("seven77").Value!, unknown, "password")?.Values?["min"]);
        Assert.Null(rules.Validate(Typed("mpq7 wzk").Value!, unknown, "password"));
    }

    [Fact]
    public void Spaces_at_the_ends_belong_to_the_password_and_two_spellings_are_one()
    {
        Assert.Equal(" pass ", Typed(" pass ").Value?.Reveal());
        Assert.Equal("\u00E9", Typed("e\u0301").Value?.Reveal());
    }

    [Fact]
    public void The_list_finds_each_of_its_entries_and_no_part_of_them()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("Passwords/common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        var entries = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(entries.Length > 10_000);
        Assert.Equal(entries.Order(StringComparer.Ordinal), entries);
        Assert.All(entries, entry => Assert.True(entry.Length >= 8 && CommonPasswords.Contains(entry)));
        Assert.False(CommonPasswords.Contains(""));
        Assert.False(CommonPasswords.Contains("\n"));
        Assert.False(CommonPasswords.Contains(entries[0] + "\n" + entries[1]));
        Assert.False(CommonPasswords.Contains("~~~~~~~~~"));
        Assert.False(CommonPasswords.Contains("       "));
    }

    private static string? Rejection(string typed, int minimum = 15, PasswordContext? context = null) =>
        new PasswordRules(new PasswordOptions { MinimumLength = minimum })
            .Validate(Typed(typed).Value!, context ?? Context, "password")
            ?.Code;

    private static (PasswordInput? Value, string? Code) Typed(string? typed) =>
        Parsing.Of((field, errors) => PasswordInput.Parse(typed, field, errors));
}
