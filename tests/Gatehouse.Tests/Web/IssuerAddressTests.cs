using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

/// <summary>Addresses of tenants' domains, which are issuers.</summary>
public sealed class IssuerAddressTests
{
    private static readonly HttpOptions Plain = new() { PublicUrl = new Uri("https://id.example.com/") };
    private static readonly HttpOptions WithPort = new() { PublicUrl = new Uri("http://localhost:8080") };

    [Theory]
    [InlineData("login.school.example")]
    [InlineData("xn--schler-5ya.example")]
    public void A_domain_has_scheme_and_port_of_the_public_address(string domain)
    {
        Assert.Equal("https://" + domain, Plain.BaseOf(domain));
        Assert.Equal($"http://{domain}:8080", WithPort.BaseOf(domain));
        Assert.Equal(domain, Plain.DomainOf(Plain.BaseOf(domain)));
        Assert.Equal(domain, WithPort.DomainOf(WithPort.BaseOf(domain)));
    }

    [Theory]
    [InlineData("https://id.example.com")]
    [InlineData("https://ID.example.com")]
    [InlineData("https://login.school.example/")]
    [InlineData("https://login.school.example:443")]
    [InlineData("https://login.school.example:8443")]
    [InlineData("https://LOGIN.school.example")]
    [InlineData("https://login.school.example.")]
    [InlineData("https://login.school.example/x")]
    [InlineData("https://login.school.example?x")]
    [InlineData("https://a@login.school.example")]
    [InlineData("http://login.school.example")]
    [InlineData("https://192.0.2.7")]
    [InlineData("https://[2001:db8::1]")]
    [InlineData("file:///x")]
    [InlineData("urn:x")]
    [InlineData("login.school.example")]
    [InlineData("")]
    public void Any_other_spelling_is_of_none(string address) => Assert.Null(Plain.DomainOf(address));

    [Theory]
    [InlineData("Login.School.Example", "login.school.example")]
    [InlineData("login.school.example.", "login.school.example")]
    [InlineData("schüler.example", "xn--schler-5ya.example")]
    [InlineData("XN--SCHLER-5YA.example.", "xn--schler-5ya.example")]
    public void A_host_has_one_spelling(string host, string canonical) => Assert.Equal(canonical, DomainName.OfHost(host));
}
