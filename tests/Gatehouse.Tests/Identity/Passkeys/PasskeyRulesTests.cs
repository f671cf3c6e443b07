using Gatehouse.Core.Results;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Passkeys;

namespace Gatehouse.Tests.Identity.Passkeys;

public sealed class PasskeyRulesTests
{
    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(7, 8, false)]
    [InlineData(7, 7, true)]
    [InlineData(7, 6, true)]
    [InlineData(7, 0, true)]
    public void A_counter_goes_back_unless_it_rises_or_never_counts(long before, long now, bool wentBack) =>
        Assert.Equal(wentBack, SignCount.WentBack(before, now));

    [Theory]
    [InlineData("https://accounts.example.com", "https://accounts.example.com", false, true)]
    [InlineData("https://accounts.example.com", "https://accounts.example.com:8443", false, false)]
    [InlineData("https://accounts.example.com", "https://accounts.example.com:8443", true, true)]
    [InlineData("https://accounts.example.com", "http://accounts.example.com", true, false)]
    [InlineData("https://accounts.example.com", "https://example.com", true, false)]
    [InlineData("https://accounts.example.com", "https://evil.accounts.example.com", true, false)]
    [InlineData("https://accounts.example.com", "https://accounts.example.com.evil.example", true, false)]
    [InlineData("https://accounts.example.com", "https://accounts.example.com/", true, false)]
    [InlineData("https://accounts.example.com", "https://x@accounts.example.com", true, false)]
    [InlineData("https://accounts.example.com:8443", "https://accounts.example.com:8443", false, true)]
    [InlineData("https://accounts.example.com", "android:apk-key-hash:abc", true, false)]
    [InlineData("https://accounts.example.com", "null", true, false)]
    [InlineData("https://accounts.example.com", null, true, false)]
    public void One_origin_may_ask(string own, string? origin, bool anyPort, bool matches) =>
        Assert.Equal(matches, new RelyingParty(new Uri(own)).Matches(origin, anyPort));

    [Fact]
    public void Transports_that_are_none_are_left_out()
    {
        Assert.Equal(["hybrid", "internal"], Transports.Known(["internal", "telepathy", "hybrid", "internal"]));
        Assert.Empty(Transports.Known(null));
    }

    [Theory]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    public void An_id_has_1023_bytes_at_most(int bytes, bool fits)
    {
        var errors = new ValidationErrors();
        var id = System.Buffers.Text.Base64Url.EncodeToString(new byte[bytes]);
        var json = PasskeyCredential.Read($$"""{"id":"{{id}}"}""");

        Assert.Equal(fits, PasskeyCredential.Parse(json, "credential", errors)?.Id.Length == bytes);
        Assert.Equal(!fits, errors.Any);
    }

    [Theory]
    [InlineData("01a1f96e-3a6f-740d-963f-8de6feb3ecb8", true)]
    [InlineData("01a1f96e3a6f740d963f8de6feb3ecb8", false)]
    [InlineData("{01a1f96e-3a6f-740d-963f-8de6feb3ecb8}", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_ceremony_is_named_in_one_form(string? id, bool isOne) =>
        Assert.Equal(isOne, CeremonyId.Parse(id, "ceremonyId", new ValidationErrors()) is not null);
}
