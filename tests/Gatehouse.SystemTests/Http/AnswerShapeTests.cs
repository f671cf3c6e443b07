using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Tokens;

namespace Gatehouse.SystemTests.Http;

/// <summary>A validator of another make finds every answer as the OpenAPI document describes it.</summary>
[Collection<MovedTime>]
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
        await CheckRegistrationAsync();
        await CheckResetAsync();
        await CheckSignInCodeAsync();
        await CheckMeAsync();
        await CheckSessionsAsync();
        foreach (var path in new[] { "/.well-known/jwks.json", "/.well-known/openid-configuration" })
        {
            var document = await app.Users.GetAsync(path);
            await CheckAsync("GET", path, document);
            var tag = ("If-None-Match", document.Header("ETag"));
            await CheckAsync("GET", path, await app.Users.SendAsync(HttpMethod.Get, path, tag), expected: 304);
        }

        File.Delete(file);

        async Task CheckRegistrationAsync()
        {
            var to = TestUsers.NewEmail();
            var id = (await app.Users.RegisterAsync(to)).RegistrationId;
            var (verify, resend) = ($"/v1/registrations/{id}/verify", $"/v1/registrations/{id}/resend");
            var letter = await app.Users.LetterAsync(to);
            await CheckAsync("POST", resend, await app.Users.ResendAsync(id), expected: 429);
            await CheckAsync("POST", verify, await app.Users.VerifyAsync(id, TestUsers.WrongCode(letter.Code)), expected: 422);
            await CheckAsync(
                "POST",
                verify,
                await app.Users.PostAsync(verify, new { code = letter.Code, transport = "cookie" }),
                expected: 403
            );
            await CheckAsync("POST", verify, await app.Users.VerifyAsync(id, letter.Code), expected: 201);
            await CheckAsync("POST", verify, await app.Users.VerifyAsync(id, letter.Code), expected: 409);
            await CheckAsync("POST", verify, await app.Users.PostAsync(verify, new { }), expected: 400);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await CheckAsync("POST", resend, await app.Users.ResendAsync(id), expected: 202);
            await CheckAsync("POST", resend, await app.Users.ResendAsync(Guid.CreateVersion7(app.Clock.GetUtcNow())), expected: 404);

            const string Confirm = "/v1/registrations/confirm";
            to = TestUsers.NewEmail();
            id = (await app.Users.RegisterAsync(to)).RegistrationId;
            letter = await app.Users.LetterAsync(to);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await CheckAsync("POST", $"/v1/registrations/{id}/resend", await app.Users.ResendAsync(id), expected: 202);
            var newer = await app.Users.LetterAsync(to, 2);
            await CheckAsync("POST", Confirm, await app.Users.ConfirmAsync(letter.LinkToken), expected: 404);
            await CheckAsync("POST", Confirm, await app.Users.ConfirmAsync(newer.LinkToken, "not that one at all"), expected: 422);
            await CheckAsync("POST", Confirm, await app.Users.ConfirmAsync(newer.LinkToken, TestUsers.Password), expected: 201);
            await CheckAsync("POST", Confirm, await app.Users.ConfirmAsync(newer.LinkToken), expected: 409);
            await CheckAsync("POST", Confirm, await app.Users.ConfirmAsync("rubbish"), expected: 400);
        }

        async Task CheckResetAsync()
        {
            var somebody = await app.Users.SomebodyAsync();
            var (id, letter) = await app.ResetMailAsync(somebody.Email, somebody.Email);
            var (complete, resend) = ($"/v1/password-resets/{id}/complete", $"/v1/password-resets/{id}/resend");
            await CheckAsync("POST", resend, await app.Users.ResendResetAsync(id), expected: 429);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await CheckAsync("POST", resend, await app.Users.ResendResetAsync(id), expected: 202);
            letter = await app.Users.LetterAsync(somebody.Email, 3);
            await CheckAsync("POST", complete, await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(letter.ResetCode)), expected: 422);
            await CheckAsync("POST", complete, await app.Users.ResetByCodeAsync(id, letter.ResetCode, "short"), expected: 400);
            await CheckAsync("POST", complete, await app.Users.ResetByCodeAsync(id, letter.ResetCode), expected: 204);
            await CheckAsync("POST", complete, await app.Users.ResetByCodeAsync(id, letter.ResetCode), expected: 409);
        }

        async Task CheckSignInCodeAsync()
        {
            var somebody = await app.Users.SomebodyAsync();
            const string Start = "/v1/sign-in-codes";
            await CheckAsync("POST", Start, await app.Users.AskSignInCodeAsync(""), expected: 400);
            var asked = await app.Users.AskSignInCodeAsync(somebody.Email);
            await CheckAsync("POST", Start, asked, expected: 202);
            var (verify, resend) = ($"{Start}/{asked.SignInCodeId()}/verify", $"{Start}/{asked.SignInCodeId()}/resend");
            await CheckAsync("POST", resend, await app.Users.PostAsync(resend, body: null), expected: 429);
            var letter = await app.Users.LetterAsync(somebody.Email, 2);
            await CheckAsync(
                "POST",
                verify,
                await app.Users.PostAsync(verify, new { code = TestUsers.WrongCode(letter.Code) }),
                expected: 422
            );
            await CheckAsync("POST", verify, await app.Users.PostAsync(verify, new { code = letter.Code }), expected: 201);
            await CheckAsync("POST", Start + "/confirm", await app.Users.SignInByLinkAsync(letter.LinkToken), expected: 409);
            await CheckAsync("POST", Start + "/confirm", await app.Users.SignInByLinkAsync("rubbish"), expected: 400);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await CheckAsync("POST", resend, await app.Users.PostAsync(resend, body: null), expected: 202);
        }

        async Task CheckMeAsync()
        {
            var me = await app.Users.SendAsync(HttpMethod.Get, "/v1/me", bearer);
            foreach (
                var (tag, body, status) in new[]
                {
                    (me.Header("ETag"), """{"title":"Countess","birthDate":"1990-12-10","links":["https://example.com/"]}""", 200),
                    (me.Header("ETag"), """{"title":"Enchantress"}""", 412),
                    ("", """{"title":3,"birthDate":"soon","nothing":1}""", 400),
                }
            )
            {
                using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/me")
                {
                    Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
                };
                request.Headers.Add(bearer.Name, bearer.Value);
                if (tag.Length > 0)
                    request.Headers.TryAddWithoutValidation("If-Match", tag);
                await CheckAsync("PATCH", "/v1/me", await app.Users.SendAsync(request), expected: status);
            }

            await CheckAsync("PATCH", "/v1/me", await app.Users.SendAsync(HttpMethod.Patch, "/v1/me"), expected: 401);
        }

        async Task CheckSessionsAsync()
        {
            var other = (await app.Users.SignInAsync(email)).Tokens();
            var path = $"/v1/sessions/{other.SessionId}";
            await CheckAsync("DELETE", path, await app.Users.SendAsync(HttpMethod.Delete, path, bearer), expected: 204);
            await CheckAsync("DELETE", path, await app.Users.SendAsync(HttpMethod.Delete, path, bearer), expected: 404);
            await CheckAsync("DELETE", "/v1/sessions", await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions"), expected: 401);
            browser.Set("Sec-Fetch-Site", "cross-site");
            browser.Set("Gatehouse-Request", null);
            await CheckAsync("DELETE", "/v1/sessions", await browser.SendAsync(HttpMethod.Delete, "/v1/sessions"), expected: 403);
            await CheckAsync("POST", "/v1/sessions", await browser.SignInAsync(email), expected: 403);
            await CheckAsync(
                "DELETE",
                "/v1/sessions",
                await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions?keep=current", bearer),
                expected: 204
            );
            await CheckAsync(
                "DELETE",
                "/v1/sessions/current",
                await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", bearer),
                expected: 204
            );
        }

        async Task CheckAsync(string method, string path, Answer answer, int? expected = null)
        {
            Assert.True(expected is null || expected == (int)answer.Status, $"{method} {path} {answer.Status}: {answer.Text}");
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

    [Theory]
    [InlineData("/v1/me", "GET, HEAD, OPTIONS, PATCH", "application/json")]
    [InlineData("/v1/sessions", "DELETE, GET, HEAD, OPTIONS, POST", "")]
    [InlineData("/v1/registrations", "OPTIONS, POST", "")]
    [InlineData("/v1/usernames/ada", "GET, HEAD, OPTIONS", "")]
    [InlineData("/.well-known/jwks.json", "GET, HEAD, OPTIONS", "")]
    [InlineData("/sign-in", "GET, HEAD, OPTIONS, POST", "")]
    public async Task OPTIONS_says_what_a_path_takes(string path, string allowed, string patch)
    {
        var answer = await app.Users.SendAsync(HttpMethod.Options, path);

        Assert.Equal((System.Net.HttpStatusCode.NoContent, ""), (answer.Status, answer.Text));
        var methods = answer.Header("Allow").Split(", ").Order(StringComparer.Ordinal);
        Assert.Equal((allowed, patch), (string.Join(", ", methods), answer.Header("Accept-Patch")));
    }

    [Fact]
    public async Task OPTIONS_of_nothing_is_not_found_and_another_wrong_method_stays_one()
    {
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await app.Users.SendAsync(HttpMethod.Options, "/v1/nothing-here")).Status);
        var wrong = await app.Users.SendAsync(HttpMethod.Put, "/v1/me");
        Assert.Equal((System.Net.HttpStatusCode.MethodNotAllowed, "request.method-not-allowed"), (wrong.Status, wrong.Code));
    }
}
