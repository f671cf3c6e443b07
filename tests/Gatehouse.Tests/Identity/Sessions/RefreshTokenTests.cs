using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.Sessions;
using Gatehouse.Tests.Identity.Values;

namespace Gatehouse.Tests.Identity.Sessions;

public class RefreshTokenTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Seed = RandomNumberGenerator.GetBytes(RefreshToken.SeedSize);
    private static readonly Guid Tenant = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly Guid Session = Guid.Parse("0197a0b2-0000-7000-8000-000000000002");

    [Fact]
    public void A_token_returns_from_its_text_and_is_the_same_each_time_it_is_derived() =>
        Prop.ForAll<Guid, Guid, long>(
                (tenant, session, generation) =>
                {
                    var text = RefreshToken.Derive(Key, Seed, tenant, session, generation).Reveal();
                    var token = RefreshToken.Parse(text)!;
                    return (token.TenantId, token.SessionId, token.Generation) == (tenant, session, generation)
                        && token.IsGenuine(Key, Seed)
                        && text == RefreshToken.Derive(Key, Seed, tenant, session, generation).Reveal()
                        && text.Length == 98;
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void It_is_genuine_under_its_own_key_and_seed_only()
    {
        var token = RefreshToken.Parse(RefreshToken.Derive(Key, Seed, Tenant, Session, 7).Reveal())!;
        Assert.True(token.IsGenuine(Key, Seed));
        Assert.False(token.IsGenuine(RandomNumberGenerator.GetBytes(32), Seed));
        Assert.False(token.IsGenuine(Key, RandomNumberGenerator.GetBytes(32)));
        Assert.False(token.IsGenuine(Seed, Key));
    }

    [Fact]
    public void No_bit_of_it_can_be_changed()
    {
        var bytes = Base64Url.DecodeFromChars(RefreshToken.Derive(Key, Seed, Tenant, Session, 7).Reveal());
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RefreshToken.Parse(Base64Url.EncodeToString(changed))?.IsGenuine(Key, Seed) ?? false, $"bit {bit}");
        }
    }

    [Fact]
    public void It_has_one_spelling()
    {
        var text = RefreshToken.Derive(Key, Seed, Tenant, Session, 7).Reveal();
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n";
        foreach (var last in alphabet)
            Assert.Equal(last == text[^1], RefreshToken.Parse(text[..^1] + last) is { } token && token.IsGenuine(Key, Seed));
        Assert.Null(RefreshToken.Parse(text + "="));
        Assert.Null(RefreshToken.Parse(text[..^1]));
        Assert.Null(RefreshToken.Parse(" " + text[1..]));
        Assert.Null(RefreshToken.Parse(text.Insert(5, " ")));
        Assert.Null(RefreshToken.Parse(""));
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll(Parsing.AnyText, text => RefreshToken.Parse(text ?? "") is null).Check(Parsing.Quickly);

    [Fact]
    public void It_stays_the_same_from_release_to_release() =>
        // 01 + tenant + session + generation 7, then HMAC-SHA-256 under 32 bytes 0x0b of these and 32 bytes 0x0c, computed elsewhere.
        Assert.Equal(
            "AQARIjNEVWZ3iJmqu8zd7v8Bl6CyAABwAIAAAAAAAAACAAAAAAAAAAco6DmCkarJtnxnIZqIUIeVAoJKsJ-40fFH_zrmnELfrg",
            RefreshToken
                .Derive(Enumerable.Repeat((byte)0x0b, 32).ToArray(), Enumerable.Repeat((byte)0x0c, 32).ToArray(), Tenant, Session, 7)
                .Reveal()
        );

    [Fact]
    public void Text_and_JSON_of_it_are_empty_of_it()
    {
        var token = RefreshToken.Derive(Key, Seed, Tenant, Session, 7);
        Assert.Equal("[refresh token]", token.ToString());
        Assert.DoesNotContain(token.Reveal(), JsonSerializer.Serialize(token), StringComparison.Ordinal);
    }
}
