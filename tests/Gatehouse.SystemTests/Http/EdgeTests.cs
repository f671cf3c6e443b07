using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>What is no request at all is refused at the edge: with 400 or 413, never as a failure, and never repeated in the
/// answer.</summary>
public sealed class EdgeTests(RunningApp running)
{
    private const string Urlencoded = "application/x-www-form-urlencoded";

    private static readonly string[] FormPaths =
    [
        "/sign-in",
        "/sign-up",
        "/sign-out",
        "/forgot",
        "/reset",
        "/account",
        "/register/confirm",
        "/language",
    ];

    private readonly TestApp app = running.App;

    public static TheoryData<string, string, string, int> BrokenForms =>
        new()
        {
            { "a NUL in a value", Urlencoded, "identifier=a%00b", 400 },
            { "a NUL as it is", Urlencoded, "identifier=a\0b", 400 },
            { "a NUL in a key", Urlencoded, "a%00=b", 400 },
            { "another control character", Urlencoded, "identifier=a%1Bb", 400 },
            { "a control character of two bytes", Urlencoded, "identifier=a%C2%80b", 400 },
            { "1,100 fields", Urlencoded, string.Join('&', Enumerable.Range(0, 1_100).Select(i => $"f{i}=x")), 400 },
            { "70 KB", Urlencoded, "identifier=" + new string('a', 70_000), 413 },
            { "a key of 3,000 characters", Urlencoded, new string('k', 3_000) + "=x", 400 },
            { "half an escape", Urlencoded, "identifier=a%4", 400 },
            { "no escape", Urlencoded, "identifier=a%zzb", 400 },
            { "ill-formed UTF-8", Urlencoded, "identifier=%C0%80", 400 },
            { "half a surrogate pair", Urlencoded, "identifier=%ED%A0%80", 400 },
            { "another character set", Urlencoded + "; charset=utf-16", "identifier=a", 415 },
            { "a cut multipart", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", 400 },
            { "a multipart without its boundary", "multipart/form-data", "--x\r\n\r\n--x--", 400 },
            { "a boundary that is too long", "multipart/form-data; boundary=" + new string('x', 500), "--x", 400 },
            {
                "a NUL in a part",
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\0\r\n--x--\r\n",
                400
            },
            {
                "a NUL in the name of a part",
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"a\0\"\r\n\r\nb\r\n--x--\r\n",
                400
            },
        };

    public static TheoryData<string> OddHosts =>
        [
            "",
            " ",
            "a b",
            "a@b",
            "a/b",
            "a?b",
            "a#b",
            "a\\b",
            "a%00",
            "%00",
            "[::1",
            "::1]",
            "[]",
            "xn--99999999999",
            "[::g]",
            "[1.2.3.4]",
            "[fe80::1%25eth0]",
            "[::1]x",
            "a:",
            "a:b",
            "a:-1",
            "a:65536",
            "a:1:2",
            "a,b",
            "a..b",
            ".a",
            "-",
            "<script>",
            "a\"b",
            "a;b",
            new string('a', 64),
            string.Join('.', Enumerable.Repeat(new string('a', 60), 5)),
            "\u00e9.example",
            "a\u0001b",
        ];

    [Theory]
    [MemberData(nameof(BrokenForms))]
    public async Task A_broken_form_is_refused_before_its_token_is_looked_at(string what, string type, string body, int status)
    {
        foreach (var path in FormPaths)
        {
            var answer = await SendAsync(path, type, Encoding.Latin1.GetBytes(body));
            Assert.True(status == (int)answer.Status, $"{what} at {path}: {answer.Status} {answer.Text}");
            if (status == 400)
                Assert.True(answer.Code == "request.malformed", $"{what} at {path}: {answer.Code}");
        }

        AssertNothingFailed();
    }

    [Fact]
    public async Task A_part_without_a_name_counts_as_nothing()
    {
        var answer = await SendAsync(
            "/sign-in",
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: nonsense\r\n\r\nb\r\n--x--\r\n"u8.ToArray()
        );

        Assert.Equal((HttpStatusCode.BadRequest, "request.cookies-needed"), (answer.Status, answer.Code));
        AssertNothingFailed();
    }

    [Fact]
    public async Task Line_breaks_and_tabs_are_not_broken()
    {
        // The client follows the way back.
        var answer = await SendAsync("/language", Urlencoded, "language=es&returnUrl=/&more=a%0D%0Ab%09c"u8.ToArray());

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [MemberData(nameof(OddHosts))]
    public async Task An_odd_host_is_refused_and_not_repeated(string host)
    {
        foreach (var path in new[] { "/", "/sign-in", "/v1/usernames/ada", "/health/live", "/nowhere" })
        {
            var answer = await RawAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
            if (host.Length > 4)
                Assert.DoesNotContain(host, answer, StringComparison.Ordinal);
        }

        AssertNothingFailed();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("accounts.example.com.")]
    [InlineData("accounts.example.com:8443")]
    [InlineData("my_host")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("192.0.2.1")]
    [InlineData("[2001:db8::1]:8080")]
    public async Task A_good_host_is_served(string host) =>
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await RawAsync($"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "80000000\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "-1\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "z\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked", "1\r\nxyz\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity", "1\r\nx\r\n0\r\n\r\n")]
    [InlineData("Content-Length: -1", "x")]
    [InlineData("Content-Length: 99999999999999999999", "x")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2", "xy")]
    [InlineData("Content-Length: 1, 2", "xy")]
    public async Task Bad_framing_is_refused(string headers, string body)
    {
        foreach (
            var (path, type) in new[] { ("/v1/registrations", "application/json"), ("/sign-in", Urlencoded), ("/language", Urlencoded) }
        )
        {
            var answer = await RawAsync(
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
                    + $"Content-Type: {type}\r\n{headers}\r\n\r\n{body}"
            );
            Assert.Matches("^HTTP/1.1 4(00|11|13) ", answer);
            Assert.Single(answer.Split("HTTP/1.1 "), part => part.Length > 0);
        }

        AssertNothingFailed();
    }

    [Theory]
    [InlineData("/inbox?to=a%00b")]
    [InlineData("/inbox?to%00=a")]
    [InlineData("/inbox/messages?to=%00")]
    [InlineData("/v1/usernames/ada?x=%1b")]
    [InlineData("/v1/usernames/a%01b")]
    [InlineData("/v1/usernames/a%7Fb")]
    [InlineData("/v1/usernames/a%C2%85b")]
    [InlineData("/sign-in?returnUrl=%00")]
    [InlineData("/register/confirm?token=%00")]
    [InlineData("/nowhere%01")]
    public async Task Control_characters_in_an_address_are_refused(string path)
    {
        var answer = await app.Users.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        AssertNothingFailed();
    }

    [Theory]
    [InlineData("gatehouse-language=es; gatehouse-language=hi", "en")]
    [InlineData("gatehouse-language=es; gatehouse-language=es", "en")]
    [InlineData("Gatehouse-Language=es", "en")]
    [InlineData("gatehouse-language=es; GATEHOUSE-LANGUAGE=hi", "es")]
    [InlineData("GATEHOUSE-LANGUAGE=hi; gatehouse-language=es", "es")]
    [InlineData("x;gatehouse-language=es;;=;y=", "es")]
    [InlineData("x=gatehouse-language=es", "en")]
    public async Task A_cookie_is_known_by_its_exact_name_and_one_that_comes_twice_is_none(string cookies, string language)
    {
        var answer = await app.Users.SendAsync(HttpMethod.Get, "/v1/nothing", ("Cookie", cookies), ("Accept-Language", "en"));

        Assert.Equal(language, answer.Header("Content-Language"));
    }

    [Fact]
    public async Task The_cookie_of_forms_and_of_sessions_counts_once_and_by_its_exact_name_too()
    {
        var email = (await app.Users.SomebodyAsync()).Email;
        using var browser = new Browser(app);
        await browser.SignInAsync(email);
        var page = await browser.GetAsync("/sign-up");
        var (form, access) = (browser.Cookies["__Host-gatehouse-form"], browser.Cookies["__Host-gatehouse-access"]);

        // A name in other letters changes nothing, wherever it stands; the same name twice is none.
        Assert.Equal(HttpStatusCode.OK, (await MeAsync($"__Host-gatehouse-access={access}; __HOST-gatehouse-access=x")).Status);
        Assert.Equal(HttpStatusCode.OK, (await MeAsync($"__host-gatehouse-access=x; __Host-gatehouse-access={access}")).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await MeAsync($"__Host-gatehouse-access={access}; __Host-gatehouse-access={access}")).Status
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await MeAsync($"__HOST-gatehouse-access={access}")).Status);
        var token = System.Text.RegularExpressions.Regex.Match(page.Text, "name=\"form-token\" value=\"([^\"]+)\"").Groups[1].Value;
        Assert.Equal("request.cookies-needed", (await ConfirmAsync($"__Host-gatehouse-form={form}; __Host-gatehouse-form={form}")).Code);
        Assert.Equal("request.cookies-needed", (await ConfirmAsync($"__host-gatehouse-form={form}")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await ConfirmAsync($"__Host-gatehouse-form={form}; __host-gatehouse-form=x")).Status);

        Task<Answer> MeAsync(string cookies) => app.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Cookie", cookies));

        Task<Answer> ConfirmAsync(string cookies) =>
            SendAsync(
                "/register/confirm",
                Urlencoded,
                Encoding.ASCII.GetBytes($"token={new string('A', 43)}&form-token={Uri.EscapeDataString(token)}"),
                ("Cookie", cookies)
            );
    }

    private async Task<Answer> SendAsync(string path, string type, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Users.SendAsync(request);
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, app.Http.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(TestApp.Patience);
    }

    // Work of other tests of this application in the background may fail.
    private void AssertNothingFailed() =>
        Assert.DoesNotContain(
            app.Logs.Lines,
            line =>
                line.StartsWith("Error Gatehouse.Web", StringComparison.Ordinal)
                || line.StartsWith("Error Microsoft.", StringComparison.Ordinal)
                || line.StartsWith("Critical ", StringComparison.Ordinal)
        );
}
