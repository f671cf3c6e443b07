using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>What is no good request is refused with a documented 4xx that names every fault, and leaves no trace in the
/// databases.</summary>
[Collection<Undisturbed>]
public sealed class BadInputTests(RunningApp running)
{
    private const string Registrations = "/v1/registrations";
    private const string Good = "\"name\":\"Ada\",\"password\":\"a tall bridge over calm water\"";

    private readonly TestApp app = running.App;
    private string? pending;

    private string? reset;

    public static TheoryData<string, string> Faulty =>
        new()
        {
            { "{}", "email: request.required|name: request.required|password: request.required" },
            {
                """{"email":null,"name":null,"password":null}""",
                "email: request.required|name: request.required|password: request.required"
            },
            { """{"email":"","name":"  ","password":""}""", "email: request.required|name: request.required|password: request.required" },
            {
                """{"email":["a@example.com"],"name":{},"password":15,"username":true}""",
                "email: request.wrong-type|name: request.wrong-type|password: request.wrong-type|username: request.wrong-type"
            },
            {
                """{"email":"ada","name":"\u202eAda","password":"short","username":"a"}""",
                "email: identity.email-invalid|name: identity.name-invalid|password: identity.password-too-short"
                    + "|username: identity.username-invalid"
            },
            {
                """{"email":"a@example.com\u0000","name":"A\u0000da","password":"a tall bridge\u0000 over calm water"}""",
                "email: request.control-character|name: request.control-character|password: request.control-character"
            },
            {
                """{"email":"a\ud800@example.com","name":"Ada","password":"a tall bridge over calm water"}""",
                "email: request.invalid-text"
            },
            { """{"email":"a@example.com","email":"b@example.com",""" + Good + "}", "email: request.duplicate-member" },
            {
                """{"email":"a@example.com","admin":true,"$type":"x",""" + Good + "}",
                "$type: request.unknown-member|admin: request.unknown-member"
            },
            { """{"Email":"a@example.com",""" + Good + "}", "Email: request.unknown-member|email: request.required" },
            { """{"email":"a@example.com\r\nBcc: b@example.com",""" + Good + "}", "email: request.control-character" },
            {
                """{"email":"a@example.com\nBcc:b@example.com","name":"Ada\r\nSubject: x","password":"a tall bridge over calm water","""
                    + """ "username":"ada\r\n"}""",
                "email: request.control-character|name: request.control-character|username: request.control-character"
            },
            {
                """{"email":"a@example.com","name":"Ada\u2028x","password":"a tall bridge over calm water"}""",
                "name: request.control-character"
            },
            { $$"""{"email":"{{new string('a', 250)}}@example.com",{{Good}}}""", "email: request.too-long" },
            { $$"""{"email":"{{new string('a', 65)}}@example.com",{{Good}}}""", "email: identity.email-invalid" },
            {
                $$"""{"email":"a@example.com","name":"{{new string('x', 101)}}","password":"{{new string('p', 129)}}","""
                    + $$""" "username":"{{new string('u', 31)}}"}""",
                "name: request.too-long|password: identity.password-too-long|username: request.too-long"
            },
            { """{"email":"a@example.com","name":"Ada","password":"passwordpassword"}""", "password: identity.password-common" },
            {
                """{"email":"vermilion@example.com","name":"Ada","password":"the vermilion one is me"}""",
                "password: identity.password-contains-context"
            },
            { """{"email":"\"a b\"@example.com",""" + Good + "}", "email: identity.email-invalid" },
            { """{"email":"a@[127.0.0.1]",""" + Good + "}", "email: identity.email-invalid" },
            { """{"email":"a@localhost",""" + Good + "}", "email: identity.email-invalid" },
        };

    public static TheoryData<string> NoJson =>
        [
            "",
            " ",
            "null",
            "[]",
            "\"text\"",
            "12",
            "{",
            "{\"email\":}",
            "{'email':'a'}",
            "{\"email\":\"a\",}",
            "{}{}",
            "{} // x",
            "\uFEFF{}x",
            new string('[', 50_000),
            string.Concat(Enumerable.Repeat("{\"a\":", 5_000)),
        ];

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task Every_fault_is_named_at_once_and_nothing_is_stored(string body, string faults)
    {
        var before = await app.FootprintAsync();

        var answer = await app.Users.PostRawAsync(Registrations, body);

        AssertProblem(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(faults.Split('|'), answer.Errors.Order(StringComparer.Ordinal));
        Assert.All(
            answer.Body.GetProperty("errors").EnumerateArray(),
            e => Assert.NotEqual(e.GetProperty("code").GetString(), e.GetProperty("message").GetString())
        );
        Assert.Equal(before, await app.FootprintAsync());
    }

    [Theory]
    [MemberData(nameof(NoJson))]
    public async Task What_is_no_JSON_object_is_malformed(string body)
    {
        var paths = await BodyPathsAsync();
        var before = await app.FootprintAsync();

        foreach (var path in paths)
            AssertProblem(await app.Users.PostRawAsync(path, body), HttpStatusCode.BadRequest, "request.malformed-json");

        Assert.Equal(before, await app.FootprintAsync());
    }

    [Fact]
    public async Task Text_that_is_no_UTF8_is_malformed()
    {
        var broken = Encoding.UTF8.GetBytes("{\"email\":\"a@example.com\",\"name\":\"?\",\"password\":\"a tall bridge over calm water\"}");
        broken[Array.IndexOf(broken, (byte)'?')] = 0xC0;
        var before = await app.FootprintAsync();

        foreach (var body in new[] { broken, Encoding.Unicode.GetBytes("{}"), Encoding.UTF32.GetBytes("{}"), [0xFF, 0xFE, 0xFD] })
            AssertProblem(await app.Users.PostRawAsync(Registrations, body), HttpStatusCode.BadRequest, "request.malformed-json");

        Assert.Equal(before, await app.FootprintAsync());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData("")]
    [InlineData("json")]
    public async Task Another_content_type_is_refused(string type)
    {
        var paths = await BodyPathsAsync();
        var before = await app.FootprintAsync();

        foreach (var path in paths)
        {
            AssertProblem(
                await app.Users.PostRawAsync(path, Encoding.UTF8.GetBytes("{\"email\":\"a@example.com\"," + Good + "}"), type),
                HttpStatusCode.UnsupportedMediaType,
                "request.content-type"
            );
        }

        Assert.Equal(before, await app.FootprintAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_64_KB_is_refused_with_and_without_its_length(bool announced)
    {
        var paths = await BodyPathsAsync();
        var before = await app.FootprintAsync();

        foreach (var path in paths)
        {
            var body = "{\"email\":\"" + new string('a', 65 * 1024) + "\"}";
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            request.Headers.TransferEncodingChunked = !announced;
            AssertProblem(await app.Users.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "request.too-large");
        }

        Assert.Equal(before, await app.FootprintAsync());
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Registrations);
        request.Content = new ByteArrayContent([31, 139, 8, 0]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");

        AssertProblem(await app.Users.SendAsync(request), HttpStatusCode.UnsupportedMediaType, "request.content-type");
    }

    [Theory]
    [InlineData("token", "{}", "token: request.required")]
    [InlineData("token", """{"token":null}""", "token: request.required")]
    [InlineData(
        "token",
        """{"token":7,"password":[],"username":"__"}""",
        "password: request.wrong-type|token: request.wrong-type|username: identity.username-invalid"
    )]
    public async Task A_link_that_is_none_is_refused(string member, string body, string faults)
    {
        var answer = await app.Users.PostRawAsync("/v1/registrations/confirm", body);

        AssertProblem(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Contains(answer.Errors, f => f.StartsWith(member, StringComparison.Ordinal));
        Assert.Equal(faults.Split('|'), answer.Errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_thousand_unknown_members_do_not_make_a_thousand_messages()
    {
        var body = JsonSerializer.Serialize(Enumerable.Range(0, 1_000).ToDictionary(i => $"member{i}", i => i, StringComparer.Ordinal));

        var answer = await app.Users.PostRawAsync(Registrations, body);

        AssertProblem(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.InRange(answer.Errors.Count, 1, 60);
    }

    [Theory]
    [InlineData("/v1/registrations/%00/verify")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/registrations/../../etc/passwd")]
    [InlineData("/V1/registrations/confirm/more")]
    public async Task An_address_with_nothing_behind_it_is_a_problem_too(string path)
    {
        var answer = await app.Users.PostRawAsync(path, "{}");

        Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {answer.Status}");
        Assert.True(answer.Text.Length == 0 || answer.Code is "request.not-found" or "request.malformed", answer.Text);
    }

    private static void AssertProblem(Answer answer, HttpStatusCode status, string code)
    {
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal((int)status, answer.Body.GetProperty("status").GetInt32());
        Assert.Equal("urn:gatehouse:error:" + code, answer.Body.GetProperty("type").GetString());
        Assert.NotEqual(code, answer.Body.GetProperty("detail").GetString());
        Assert.Matches("^[0-9a-f]{32}$", answer.Body.GetProperty("traceId").GetString());
    }

    private async Task<IReadOnlyList<string>> BodyPathsAsync()
    {
        pending ??= $"/v1/registrations/{(await app.Users.RegisterAsync(TestUsers.NewEmail())).RegistrationId}/verify";
        reset ??= $"/v1/password-resets/{(await app.Users.AskResetAsync(TestUsers.NewEmail())).ResetId()}/complete";
        return
        [
            Registrations,
            pending,
            "/v1/registrations/confirm",
            "/v1/password-resets",
            reset,
            "/v1/sign-in-codes",
            "/v1/sign-in-codes/confirm",
        ];
    }
}
