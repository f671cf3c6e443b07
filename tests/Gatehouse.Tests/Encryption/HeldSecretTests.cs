using System.Security.Cryptography;
using Gatehouse.Encryption;

namespace Gatehouse.Tests.Encryption;

public sealed class HeldSecretTests
{
    [Fact]
    public void Whoever_holds_the_secret_opens_what_it_sealed_for_that_purpose_and_nobody_else_does()
    {
        var box = HeldSecret.Seal("secret", "a table", "?login_hint=ada@example.com");

        Assert.Equal("?login_hint=ada@example.com", HeldSecret.Open("secret", "a table", box));
        Assert.ThrowsAny<CryptographicException>(() => HeldSecret.Open("another secret", "a table", box));
        Assert.ThrowsAny<CryptographicException>(() => HeldSecret.Open("secret", "another table", box));
        box[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => HeldSecret.Open("secret", "a table", box));
    }
}
