using Gatehouse.OpenId.Data;

namespace Gatehouse.Tests.OpenId;

public sealed class RedirectUriTests
{
    [Theory]
    [InlineData("https://shop.example.com/signed-in", true, true)]
    [InlineData("https://shop.example.com", true, true)]
    [InlineData("https://shop.example.com:8443/a?b=c", true, true)]
    [InlineData("http://127.0.0.1/callback", true, true)]
    [InlineData("http://[::1]:8085/callback", true, true)]
    [InlineData("http://localhost:8085/auth/callback", true, true)]
    [InlineData("com.example.app:/callback", false, true)]
    [InlineData("com.example.app://callback", false, true)]
    [InlineData("http://shop.example.com/signed-in", false, false)]
    [InlineData("http://127.0.0.1.evil.example.org/", false, false)]
    [InlineData("http://localhost.evil.example.org/", false, false)]
    [InlineData("http://127.0.0.1:0/callback", false, false)]
    [InlineData("http://127.0.0.1:70000/callback", false, false)]
    [InlineData("https://user@shop.example.com/", false, false)]
    [InlineData("https://user:secret@shop.example.com/", false, false)]
    [InlineData("https://shop.example.com/#there", false, false)]
    [InlineData("https://shop.example.com\\@evil.example.org/", false, false)]
    [InlineData("https://shop.example.com/\u00fc", false, false)]
    [InlineData("https://shop.example.com/a b", false, false)]
    [InlineData("HTTPS://shop.example.com/", false, false)]
    [InlineData("https:///signed-in", false, false)]
    [InlineData("javascript:alert(1)", false, false)]
    [InlineData("data:text/html,hello", false, false)]
    [InlineData("file:///etc/passwd", false, false)]
    [InlineData("myapp:/callback", false, false)]
    [InlineData("com.example.app:callback", false, false)]
    [InlineData("//shop.example.com/", false, false)]
    [InlineData("/signed-in", false, false)]
    [InlineData("", false, false)]
    public void Only_addresses_that_cannot_be_mistaken_are_registered(string address, bool confidential, bool @public)
    {
        Assert.Equal(
            (confidential, @public),
            (RedirectUri.IsAllowed(address, isPublic: false), RedirectUri.IsAllowed(address, isPublic: true))
        );
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb", true)]
    [InlineData("http://127.0.0.1:80/cb", "http://127.0.0.1/cb", true)]
    [InlineData("http://[::1]/cb", "http://[::1]:1/cb", true)]
    [InlineData("http://localhost:1/cb?x=1", "http://localhost:2/cb?x=1", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb/", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51234/cb?x=1", false)]
    [InlineData("http://127.0.0.1/cb", "http://localhost:51234/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51234@evil.example.org/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:+1/cb", false)]
    [InlineData("https://shop.example.com/cb", "https://shop.example.com:443/cb", false)]
    [InlineData("https://shop.example.com/cb", "https://shop.example.com/CB", false)]
    [InlineData("https://shop.example.com/cb", "https://shop.example.com/%63b", false)]
    public void A_port_of_the_users_own_device_alone_may_differ(string registered, string presented, bool matches)
    {
        Assert.Equal(matches, RedirectUri.Matches(registered, presented, isPublic: true));
        Assert.False(RedirectUri.Matches(registered, presented, isPublic: false));
        Assert.True(RedirectUri.Matches(registered, registered, isPublic: false));
    }
}
