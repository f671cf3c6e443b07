using Gatehouse.Web.Pages;

namespace Gatehouse.Tests.Web.Pages;

public class LocalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/account")]
    [InlineData("/account?tab=sessions&after=x#top")]
    [InlineData("/reset?token=a%2Fb&next=https://example.com")]
    [InlineData("/%2F%2Fevil.example")]
    [InlineData("/%5Cevil.example")]
    [InlineData("/@evil.example")]
    public void A_path_of_this_server_is_kept(string path) => Assert.Equal(path, LocalPath.OrHome(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("account")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("/a\\b")]
    [InlineData("https://evil.example")]
    [InlineData("https:/evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData(" /account")]
    [InlineData("/\t/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/account\r\nSet-Cookie: a=b")]
    [InlineData("/\u0000/evil.example")]
    [InlineData("/\u007F")]
    [InlineData("/\u2028/evil.example")]
    [InlineData("/\uFF0Fevil.example")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("%2Faccount")]
    [InlineData("?returnUrl=x")]
    [InlineData("@evil.example")]
    public void Anything_else_leads_to_the_start_page(string? path) => Assert.Equal("/", LocalPath.OrHome(path));

    [Fact]
    public void A_path_too_long_for_a_header_leads_to_the_start_page()
    {
        Assert.Equal("/", LocalPath.OrHome("/" + new string('a', 2048)));
        Assert.NotEqual("/", LocalPath.OrHome("/" + new string('a', 2047)));
    }

    [Theory]
    [InlineData("/%2F%2Fevil.example")]
    [InlineData("/@evil.example")]
    [InlineData("/.//evil.example")]
    [InlineData("/%09/evil.example")]
    public void What_is_kept_stays_on_this_host(string path) =>
        Assert.Equal("here.example", new Uri(new Uri("https://here.example/a/b"), LocalPath.OrHome(path)).Host);
}
