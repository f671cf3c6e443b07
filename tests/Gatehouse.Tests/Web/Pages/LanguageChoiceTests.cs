using System.Net;
using Gatehouse.Web.Pages;

namespace Gatehouse.Tests.Web.Pages;

/// <summary>The language a person chooses at the foot of a page.</summary>
public class LanguageChoiceTests
{
    [Fact]
    public async Task It_is_kept_for_a_year_and_leads_back()
    {
        await using var host = await HttpHost.StartAsync(app => app.MapLanguageChoice());
        using var answer = await ChooseAsync(host, "hi", "/reset?id=1&token=a%20b");

        Assert.Equal((HttpStatusCode.SeeOther, "/reset?id=1&token=a%20b"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Equal(
            "gatehouse-language=hi; max-age=31536000; path=/; samesite=lax; httponly",
            Assert.Single(answer.Headers.GetValues("Set-Cookie"))
        );
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/a\r\nX: y")]
    [InlineData(null)]
    public async Task It_never_leads_away(string? returnUrl)
    {
        await using var host = await HttpHost.StartAsync(app => app.MapLanguageChoice());
        using var answer = await ChooseAsync(host, "es", returnUrl);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("")]
    [InlineData("HI")]
    [InlineData("en; path=/elsewhere")]
    public async Task A_language_not_spoken_is_refused(string language)
    {
        await using var host = await HttpHost.StartAsync(app => app.MapLanguageChoice());
        using var answer = await ChooseAsync(host, language, "/");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 303)]
    [InlineData("Sec-Fetch-Site", "same-origin", 303)]
    [InlineData("Sec-Fetch-Site", "none", 303)]
    public async Task Another_site_cannot_choose(string header, string value, int status)
    {
        await using var host = await HttpHost.StartAsync(app => app.MapLanguageChoice());
        using var answer = await ChooseAsync(host, "hi", "/", (header, value));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 303, answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_form_too_large_or_of_too_many_fields_is_refused()
    {
        await using var host = await HttpHost.StartAsync(app => app.MapLanguageChoice());
        using var large = await PostAsync(host, new string('a', 70_000));
        using var many = await PostAsync(host, string.Join('&', Enumerable.Repeat("a=", 5000)));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest), (large.StatusCode, many.StatusCode));
    }

    private static async Task<HttpResponseMessage> ChooseAsync(
        HttpHost host,
        string language,
        string? returnUrl,
        (string Name, string Value)? header = null
    )
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["language"] = language };
        if (returnUrl is not null)
            form["returnUrl"] = returnUrl;
        using var content = new FormUrlEncodedContent(form);
        return await SendAsync(host, content, header);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpHost host, string form)
    {
        using var content = new StringContent(form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        return await SendAsync(host, content, header: null);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpHost host, HttpContent content, (string Name, string Value)? header)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/language") { Content = content };
        if (header is var (name, value))
            request.Headers.Add(name, value);
        return await client.SendAsync(request);
    }
}
