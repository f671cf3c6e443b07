using System.Security.Cryptography;
using System.Text;
using Gatehouse.Encryption;

namespace Gatehouse.Tests.Encryption;

public class AesGcmBoxTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Context = Encoding.UTF8.GetBytes("users.email");
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("ada@example.com");

    [Fact]
    public void What_was_sealed_opens_again() => Assert.Equal(Plain, AesGcmBox.Open(Key, Context, AesGcmBox.Seal(Key, Context, Plain)));

    [Fact]
    public void Nothing_opens_too() => Assert.Empty(AesGcmBox.Open(Key, Context, AesGcmBox.Seal(Key, Context, [])));

    [Fact]
    public void The_same_value_never_gives_the_same_box_twice() =>
        Assert.Equal(
            100,
            Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(AesGcmBox.Seal(Key, Context, Plain))).Distinct().Count()
        );

    [Fact]
    public void A_change_of_any_bit_is_noticed()
    {
        var box = AesGcmBox.Seal(Key, Context, Plain);
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            var altered = (byte[])box.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsAny<CryptographicException>(() => AesGcmBox.Open(Key, Context, altered));
        }
    }

    [Fact]
    public void A_box_cut_anywhere_or_lengthened_is_noticed()
    {
        var box = AesGcmBox.Seal(Key, Context, Plain);
        for (var length = 0; length < box.Length; length++)
            Assert.ThrowsAny<CryptographicException>(() => AesGcmBox.Open(Key, Context, box.AsSpan(0, length)));
        Assert.ThrowsAny<CryptographicException>(() => AesGcmBox.Open(Key, Context, [.. box, 0]));
    }

    [Fact]
    public void Another_key_or_another_context_opens_nothing()
    {
        var box = AesGcmBox.Seal(Key, Context, Plain);
        Assert.ThrowsAny<CryptographicException>(() => AesGcmBox.Open(RandomNumberGenerator.GetBytes(32), Context, box));
        Assert.ThrowsAny<CryptographicException>(() => AesGcmBox.Open(Key, Encoding.UTF8.GetBytes("users.name"), box));
    }
}
