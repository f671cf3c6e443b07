using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Gatehouse.Core.Configuration;
using Gatehouse.Encryption;

namespace Gatehouse.Tests.Encryption;

public class MasterKeysTests
{
    private static readonly string Good = "main:" + NewKey();

    [Fact]
    public void A_wrapped_key_opens_for_its_purpose_only()
    {
        var keys = Keys(Good);
        var key = RandomNumberGenerator.GetBytes(32);
        var wrapped = keys.Wrap("subject|1", key);

        Assert.Equal(key, keys.Unwrap("main", "subject|1", wrapped));
        Assert.Throws<MasterKeyException>(() => keys.Unwrap("main", "subject|2", wrapped));
    }

    [Fact]
    public void The_first_key_wraps_and_every_configured_one_opens()
    {
        var old = Keys(Good);
        var wrapped = old.Wrap("codes", [1, 2, 3]);
        var both = Keys("next:" + NewKey(), Good);

        Assert.Equal("next", both.CurrentId);
        Assert.Equal([1, 2, 3], both.Unwrap("main", "codes", wrapped));
        Assert.Throws<MasterKeyException>(() => both.Unwrap("next", "codes", wrapped));
    }

    [Fact]
    public void A_missing_and_a_wrong_key_are_told_apart_and_no_key_is_shown()
    {
        var wrapped = Keys(Good).Wrap("codes", [1]);
        var wrongKey = NewKey();
        var missing = Assert.Throws<MasterKeyException>(() => Keys("other:" + wrongKey).Unwrap("main", "codes", wrapped));
        var wrong = Assert.Throws<MasterKeyException>(() => Keys("main:" + wrongKey).Unwrap("main", "codes", wrapped));

        Assert.Contains("'main', which is not configured", missing.Message, StringComparison.Ordinal);
        Assert.Contains("'main' is not the one that encrypted", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(wrongKey, missing.Message + wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("main")]
    [InlineData("main:")]
    [InlineData("main:AAAA")]
    [InlineData(":{key}")]
    [InlineData("Main:{key}")]
    [InlineData("ma in:{key}")]
    [InlineData("main:{key}:more")]
    [InlineData("main:{key}AAAA")]
    [InlineData("main:not base 64 at all, though of the length it has to be")]
    [InlineData("a-name-of-more-than-thirty-two-characters:{key}")]
    public void A_key_in_another_form_is_an_error(string text) =>
        Assert.Contains("must be id:key pairs", Fault(text.Replace("{key}", NewKey(), StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void No_key_and_one_id_twice_are_errors()
    {
        Assert.Contains("is required", Fault(), StringComparison.Ordinal);
        Assert.Contains("must name each id once", Fault(Good, "main:" + NewKey()), StringComparison.Ordinal);
    }

    [Fact]
    public void Well_formed_keys_are_none() =>
        Assert.Empty(new KeyOptions { Master = [Good, "next-2026:" + NewKey()] }.Check(SettingsMode.Production));

    private static string Fault(params string[] master) =>
        Assert
            .Single(
                new KeyOptions { Master = master }
                    .Check(SettingsMode.Production)
                    .OfType<ValidationResult>()
            )
            .ErrorMessage!;

    private static MasterKeys Keys(params string[] master) => new(new KeyOptions { Master = master });

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
