using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Tests.Identity.Values;

public class SecretTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void New_codes_have_the_asked_length_and_keep_leading_zeros()
    {
        var codes = Enumerable.Range(0, 5_000).Select(_ => OneTimeCode.New(6).Reveal()).ToList();
        Assert.All(codes, code => Assert.Matches("^[0-9]{6}$", code));
        // 500 expected for each first digit, standard deviation 21: seven of them.
        Assert.All(codes.GroupBy(code => code[0]), group => Assert.InRange(group.Count(), 350, 650));
        Assert.Equal(10, codes.Select(code => code[0]).Distinct().Count());
        Assert.True(codes.Distinct().Count() > 4_900);
        Assert.Equal(8, OneTimeCode.New(8).Reveal().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => OneTimeCode.New(5));
    }

    [Theory]
    [InlineData(null, "request.required")]
    [InlineData("", "request.required")]
    [InlineData("12345", "identity.code-malformed")]
    [InlineData("1234567", "identity.code-malformed")]
    [InlineData("12345a", "identity.code-malformed")]
    [InlineData("١٢٣٤٥٦", "identity.code-malformed")]
    [InlineData("１２３４５６", "identity.code-malformed")]
    [InlineData("12345\0", "identity.code-malformed")]
    [InlineData(" 12345", "identity.code-malformed")]
    [InlineData("-12345", "identity.code-malformed")]
    public void A_code_is_exactly_its_ASCII_digits(string? typed, string code) =>
        Assert.Equal(code, Parsing.Of((field, faults) => OneTimeCode.Parse(typed, 6, field, faults)).Code);

    [Fact]
    public void The_stored_code_is_that_of_its_own_flow_purpose_and_key_only() =>
        Prop.ForAll<Guid, Guid, string>(
                (flow, otherFlow, text) =>
                {
                    var code = OneTimeCode.New(6);
                    var purpose = text ?? string.Empty;
                    var stored = CodeHash.Compute(Key, purpose, flow, code);
                    return stored.SequenceEqual(CodeHash.Compute(Key, purpose, flow, code))
                        && stored.SequenceEqual(CodeHash.Compute(Key, purpose, otherFlow, code)) == (flow == otherFlow)
                        && !stored.SequenceEqual(CodeHash.Compute(Key, purpose + "\0", flow, code))
                        && !stored.SequenceEqual(CodeHash.Compute(Key, "password-reset", flow, code))
                        && !stored.SequenceEqual(CodeHash.Compute(RandomNumberGenerator.GetBytes(32), purpose, flow, code));
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void The_stored_code_stays_the_same_from_release_to_release() =>
        // printf '\x00\x00\x00\x0cregistration' + 16 bytes of the id + '012345', HMAC-SHA-256 under 32 bytes 0x0b, computed elsewhere
        Assert.Equal(
            "70f183bb361d2e04f662cf9d9710e9c2cba148b0784c0161647800327b660aa8",
            Convert.ToHexStringLower(
                CodeHash.Compute(
                    Enumerable.Repeat((byte)0x0b, 32).ToArray(),
                    "registration",
                    Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
                    Code("012345")
                )
            )
        );

    [Fact]
    public void A_short_server_key_is_refused() =>
        Assert.Throws<ArgumentException>(() => CodeHash.Compute(new byte[31], "registration", Guid.Empty, Code("012345")));

    [Fact]
    public void A_link_returns_from_its_text_with_the_same_hash()
    {
        var link = LinkToken.New();
        Assert.Equal(43, link.Reveal().Length);
        var parsed = Link(link.Reveal()).Value!;
        Assert.True(link.Hash().Matches(parsed.Hash()));
        Assert.False(link.Hash().Matches(LinkToken.New().Hash()));
        Assert.Equal(SHA256.HashData(new byte[32]), Link(new string('A', 43)).Value?.Hash().ToStored());
    }

    [Theory]
    [InlineData(null, "request.required")]
    [InlineData("", "request.required")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "identity.link-malformed")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "identity.link-malformed")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "identity.link-malformed")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+", "identity.link-malformed")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA", "identity.link-malformed")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé", "identity.link-malformed")]
    public void A_link_of_another_shape_is_refused(string? typed, string code) => Assert.Equal(code, Link(typed).Code);

    [Fact]
    public void Codes_and_links_never_throw_whatever_the_text() =>
        Prop.ForAll(
                Parsing.AnyText,
                text => Link(text).Value is null && Parsing.Of((field, faults) => OneTimeCode.Parse(text, 6, field, faults)).Value is null
            )
            .Check(Parsing.Quickly);

    [Fact]
    public void Text_and_JSON_of_secrets_are_empty_of_them()
    {
        object[] secrets =
        [
            Code("012345"),
            LinkToken.New(),
            new PasswordHash("$argon2id$x"),
            Parsing.Of((field, faults) => PasswordInput.Parse("correct horse battery", field, faults)).Value!,
        ];
        Assert.Equal(["[code]", "[link]", "[password hash]", "[password]"], secrets.Select(secret => secret.ToString()));
        Assert.All(secrets, secret => Assert.Equal("{}", JsonSerializer.Serialize(secret)));
    }

    private static OneTimeCode Code(string digits) =>
        Parsing.Of((field, faults) => OneTimeCode.Parse(digits, digits.Length, field, faults)).Value!;

    private static (LinkToken? Value, string? Code) Link(string? typed) =>
        Parsing.Of((field, faults) => LinkToken.Parse(typed, field, faults));
}
