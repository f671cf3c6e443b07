using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>A form is believed only when one of our own pages sent it, whichever node wrote the page.</summary>
[Collection<AccountsOnTwoNodes>]
public sealed class FormTests(TwoNodes running)
{
    private static readonly KeyValuePair<string, string>[] Fields = [KeyValuePair.Create("token", new string('A', 43))];

    [Fact]
    public async Task A_form_of_our_own_is_evaluated_by_what_it_holds()
    {
        using var browser = new Browser(running.App);

        var answer = await browser.SubmitAsync("/register/confirm", Fields);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("This link has expired", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "https://evil.example")]
    public async Task A_form_that_another_site_sends_is_rejected(string header, string value)
    {
        using var browser = new Browser(running.App);
        browser.Set(header, value);

        var answer = await browser.SubmitAsync("/register/confirm", Fields);

        Assert.Equal((HttpStatusCode.Forbidden, "request.cross-site"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_form_without_its_token_is_rejected()
    {
        using var browser = new Browser(running.App);
        await browser.GetAsync("/sign-up");
        var noToken = await browser.SendAsync(HttpMethod.Post, "/register/confirm", new FormUrlEncodedContent(Fields));
        var forged = await browser.SendAsync(
            HttpMethod.Post,
            "/register/confirm",
            new FormUrlEncodedContent([.. Fields, KeyValuePair.Create("form-token", "CfDJ8rubbish")])
        );

        Assert.Equal("request.cross-site", noToken.Code);
        Assert.Equal("request.cross-site", forged.Code);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-up")]
    [InlineData("/register/confirm")]
    [InlineData("/forgot")]
    [InlineData("/account")]
    public async Task A_form_of_a_browser_that_keeps_no_cookies_is_told_that_they_are_needed(string path)
    {
        using var browser = new Browser(running.App);
        browser.Set("Accept", "text/html");
        browser.Set("Accept-Language", "es");

        var answer = await browser.SendAsync(
            HttpMethod.Post,
            path,
            new FormUrlEncodedContent([.. Fields, KeyValuePair.Create("form-token", "CfDJ8rubbish")])
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("<h1>Se necesitan cookies</h1>", answer.Text, StringComparison.Ordinal);
        browser.Set("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(Fields))).Status);
    }

    [Fact]
    public async Task The_page_of_one_node_may_be_sent_to_another()
    {
        using var browser = new Browser(running.App);
        using var other = new Browser(running.Other);
        var page = await browser.GetAsync("/sign-up");
        var token = System.Text.RegularExpressions.Regex.Match(page.Text, "name=\"form-token\" value=\"([^\"]+)\"").Groups[1].Value;
        foreach (var (name, value) in browser.Cookies)
            other.SetCookie(name, value);

        var answer = await other.SendAsync(
            HttpMethod.Post,
            "/register/confirm",
            new FormUrlEncodedContent([.. Fields, KeyValuePair.Create("form-token", token)])
        );

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Fact]
    public async Task The_key_behind_the_tokens_lies_sealed_in_the_key_store()
    {
        using var browser = new Browser(running.App);
        await browser.GetAsync("/sign-up");

        Assert.Equal(
            1L,
            await running.App.KeyScalarAsync<long>("select count(*) from keys.data_protection_keys where master_key = 'test'")
        );
        Assert.Equal(
            0L,
            await running.App.KeyScalarAsync<long>(
                "select count(*) from keys.data_protection_keys where position(convert_to('masterKey', 'UTF8') in wrapped) > 0"
            )
        );
    }
}
