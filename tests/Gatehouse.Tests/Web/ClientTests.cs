using System.Net;
using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

/// <summary>What is kept of a client's device and place names neither.</summary>
public class ClientTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
        "Chrome on Windows"
    )]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
        "Edge on Windows"
    )]
    [InlineData(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "Safari on macOS"
    )]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
            + "like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Safari on iPhone"
    )]
    [InlineData(
        "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile/15E148 Safari/604.1",
        "Chrome on iPad"
    )]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
        "Chrome on Android"
    )]
    [InlineData(
        "Mozilla/5.0 (X11; CrOS x86_64 16181.61.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
        "Chrome on ChromeOS"
    )]
    [InlineData("curl/8.14.1", "curl")]
    [InlineData("okhttp/5.0.0", "Android app")]
    [InlineData("Something on Linux", "Linux")]
    [InlineData("", "")]
    [InlineData("x", "")]
    [InlineData("ada@example.com", "")]
    public void A_device_is_a_few_words_of_a_list(string userAgent, string words) => Assert.Equal(words, ClientDevice.Describe(userAgent));

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48")]
    [InlineData("::1", "::/48")]
    [InlineData("127.0.0.1", "127.0.0.0/24")]
    public void A_place_is_a_network(string address, string network) =>
        Assert.Equal(network, ClientNetwork.Describe(IPAddress.Parse(address)));

    [Fact]
    public void A_connection_without_address_has_no_place() => Assert.Equal("", ClientNetwork.Describe(null));
}
