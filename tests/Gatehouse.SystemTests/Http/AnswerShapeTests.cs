using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Tokens;

namespace Gatehouse.SystemTests.Http;

/// <summary>A validator of another make finds every answer as the OpenAPI document describes it.</summary>
public sealed class AnswerShapeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Answers_are_what_the_document_says()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await app.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        using var validator = await Foreign.RunAsync("openapi.mjs", file);
        var email = TestUsers.NewEmail();
        var person = await app.Users.SomebodyAsync(username: "answers", email: email);
        using var browser = new Browser(app);
        var bearer = person.Tokens.Header;

        await CheckAsync("POST", "/v1/registrations", await app.Users.RegisterAsync(TestUsers.NewEmail()));
        await CheckAsync("POST", "/v1/registrations", await app.Users.PostAsync("/v1/registrations", new { }));
        await CheckAsync(
            "POST",
            "/v1/registrations",
            await app.Users.PostAsync(
                "/v1/registrations",
                new
                {
                    email = TestUsers.NewEmail(),
                    name = "Ada",
                    password = TestUsers.Password,
                    username = "answers",
                }
            )
        );
        await CheckAsync("GET", "/v1/usernames/somebody", await app.Users.GetAsync("/v1/usernames/somebody"));
        await CheckAsync("GET", "/v1/usernames/a", await app.Users.GetAsync("/v1/usernames/a"));
        await CheckAsync("POST", "/v1/sessions", await app.Users.SignInAsync(email));
        await CheckAsync("POST", "/v1/sessions", await app.Users.SignInAsync(email, "not the password"));
        await CheckAsync("POST", "/v1/sessions", await browser.SignInAsync(email));
        await CheckAsync("POST", "/v1/tokens/refresh", await browser.PostAsync("/v1/tokens/refresh", new { transport = "cookie" }));
        await CheckAsync("POST", "/v1/tokens/refresh", await app.Users.RefreshAsync("rubbish"));
        await CheckAsync("GET", "/v1/me", await app.Users.SendAsync(HttpMethod.Get, "/v1/me", bearer));
        await CheckAsync("GET", "/v1/me", await app.Users.GetAsync("/v1/me"));
        await CheckAsync("GET", "/v1/me/activity", await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", bearer));
        await CheckAsync("GET", "/v1/sessions", await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions", bearer));
        await CheckAsync("POST", "/v1/password-resets", await app.Users.PostAsync("/v1/password-resets", new { identifier = email }));
        await CheckAsync("GET", "/.well-known/jwks.json", await app.Users.GetAsync("/.well-known/jwks.json"));
        await CheckAsync("GET", "/.well-known/openid-configuration", await app.Users.GetAsync("/.well-known/openid-configuration"));
        await CheckAsync("DELETE", "/v1/sessions/current", await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", bearer));
        File.Delete(file);

        async Task CheckAsync(string method, string path, Answer answer)
        {
            var type = answer.Response.Content.Headers.ContentType?.MediaType;
            var body = answer.Body.ValueKind == JsonValueKind.Undefined ? "null" : answer.Body.GetRawText();
            var line = $$"""{"method":"{{method}}","path":"{{path}}","status":{{(int)answer.Status}},"type":"{{type}}","body":{{body}}}""";
            var found = await validator.AskAsync(line.ReplaceLineEndings(""));
            Assert.True(found.GetProperty("errors").GetArrayLength() == 0, $"{method} {path} {answer.Status}: {found} {answer.Text}");
        }
    }

    [Fact]
    public async Task The_discovery_document_has_no_empty_lists()
    {
        var document = (await app.Users.GetAsync("/.well-known/openid-configuration")).Body;

        Assert.All(
            document.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Array),
            m => Assert.NotEqual(0, m.Value.GetArrayLength())
        );
        Assert.Contains("client_id", document.GetProperty("claims_supported").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task Time_stamps_have_six_fractional_digits()
    {
        var person = await app.Users.SomebodyAsync();
        var texts = new[]
        {
            (await app.Users.RegisterAsync(TestUsers.NewEmail())).Text,
            (await app.Users.SendAsync(HttpMethod.Get, "/v1/me", person.Tokens.Header)).Text,
            (await app.Users.SendAsync(HttpMethod.Get, "/v1/sessions", person.Tokens.Header)).Text,
            (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/activity", person.Tokens.Header)).Text,
        };

        Assert.All(
            texts,
            text =>
            {
                var stamps = System
                    .Text.RegularExpressions.Regex.Matches(text, "\"\\d{4}-\\d\\d-\\d\\dT[^\"]*\"")
                    .Select(m => m.Value)
                    .ToList();
                Assert.NotEmpty(stamps);
                Assert.All(
                    stamps,
                    stamp =>
                        Assert.Matches(
                            "^\"[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}\\\\u002B00:00\"$|^\"[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}[+]00:00\"$",
                            stamp
                        )
                );
            }
        );
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=\"UTF8\"")]
    [InlineData("application/json;charset=utf-8")]
    public async Task Utf8_is_known_by_both_its_names(string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sessions") { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        Assert.Equal("request.invalid", (await app.Users.SendAsync(request)).Code);
    }

    [Fact]
    public async Task What_can_be_changed_says_in_which_form()
    {
        var person = await app.Users.SomebodyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/me")
        {
            Content = new StringContent("name=Ada", System.Text.Encoding.UTF8, "text/plain"),
        };
        request.Headers.Add(person.Tokens.Header.Name, person.Tokens.Header.Value);

        Assert.Equal(
            "application/json",
            (await app.Users.SendAsync(HttpMethod.Get, "/v1/me", person.Tokens.Header)).Header("Accept-Patch")
        );
        var rejected = await app.Users.SendAsync(request);
        Assert.Equal(
            (System.Net.HttpStatusCode.UnsupportedMediaType, "application/json"),
            (rejected.Status, rejected.Header("Accept-Patch"))
        );
    }
}
