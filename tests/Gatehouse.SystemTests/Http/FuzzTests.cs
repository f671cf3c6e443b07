using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web;

namespace Gatehouse.SystemTests.Http;

/// <summary>Thousands of generated requests to every operation: only what the OpenAPI document lists is answered, and rejections are
/// problems.</summary>
[Trait("Speed", "Slow")]
public sealed class FuzzTests(RunningApp running)
{
    private const int Bodies = 3_000;
    private const int AtOnce = 8;

    private static readonly string[] Members =
    [
        "email",
        "name",
        "password",
        "username",
        "code",
        "token",
        "Email",
        "",
        "$id",
        "__proto__",
        "a.b",
        "email ",
        "наме",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.Elements(
            "ada@example.com",
            "Ada",
            "123456",
            "a",
            "",
            " ",
            "\u0000",
            "\u202e",
            "\ufffe",
            "\ud800",
            "\udc00x",
            "%00",
            "' or 1=1 --",
            "${jndi:ldap://x}",
            "{{7*7}}",
            "../..",
            "\r\nX: y",
            "١٢٣٤٥٦",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "٪",
            "😀",
            "\uFFFF",
            "short one"
        ),
        Gen.Choose(0, 0xFFFF).ArrayOf().Resize(20).Select(units => string.Concat(units.Select(unit => (char)unit))),
        Gen.Choose(1, 5_000).Select(length => new string('x', length))
    );

    private static readonly Gen<string> Number = Gen.Elements(
        "0",
        "-0",
        "1e400",
        "-1e-400",
        "9223372036854775808",
        "123456",
        "0.1",
        "1E+2",
        new string('9', 400),
        "01",
        "+1",
        ".5",
        "NaN",
        "0x10"
    );

    private static readonly Gen<string> Leaf = Gen.OneOf(
        Text.Select(Quote),
        Number,
        Gen.Elements("null", "true", "false", "undefined", "\"\\ud800\"", "\"\\u0000\"", "\"\\x\"", "\"", "nul")
    );

    // A good password is rare, so that few bodies cost a hash.
    private static readonly Gen<string> Skeleton = Gen.Elements(
        """{"email":"fuzz@example.com","name":"Ada","password":"too short"}""",
        """{"email":"fuzz@example.com","name":"Ada","password":"a tall bridge over calm water","username":"_"}""",
        """{"code":"123456"}""",
        """{"code":"123456","username":"ada"}""",
        """{"token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""",
        """{"token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","password":"x","username":"ada"}""",
        "{}"
    );

    private static readonly Gen<byte[]> Body = Gen.Frequency(
        (4, Mutated()),
        (4, Json(4).Select(Bytes)),
        (3, Object(Leaf).Select(Bytes)),
        (1, Skeleton.Select(Bytes)),
        (1, Gen.Choose(0, 255).ArrayOf().Resize(200).Select(units => units.Select(unit => (byte)unit).ToArray())),
        (1, Gen.Choose(1, 3_000).Select(depth => Bytes(string.Concat(Enumerable.Repeat("{\"email\":", depth))))),
        (1, Gen.Choose(1, 3_000).Select(depth => Bytes($"{{\"name\":{new string('[', depth)}{new string(']', depth)}}}")))
    );

    private static readonly Gen<string> ContentType = Gen.Frequency(
        (12, Gen.Constant("application/json")),
        (
            1,
            Gen.Elements(
                "",
                "text/json",
                "application/json; charset=utf-7",
                "application/json;charset=\"UTF-8\"",
                "application/json;;",
                "*/*",
                "multipart/form-data; boundary=x"
            )
        )
    );

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("/v1/registrations")]
    [InlineData("/v1/registrations/confirm")]
    [InlineData("/v1/registrations/{id}/verify")]
    [InlineData("/v1/registrations/{id}/resend")]
    [InlineData("/v1/password-resets")]
    [InlineData("/v1/password-resets/{id}/complete")]
    [InlineData("/v1/password-resets/{id}/resend")]
    [InlineData("/v1/sign-in-codes")]
    [InlineData("/v1/sign-in-codes/confirm")]
    [InlineData("/v1/sign-in-codes/{id}/verify")]
    [InlineData("/v1/sign-in-codes/{id}/resend")]
    public async Task Any_body_gets_a_documented_answer(string template)
    {
        var pending =
            template.Contains("password-resets", StringComparison.Ordinal) ? (await app.Users.AskResetAsync(TestUsers.NewEmail())).ResetId()
            : template.Contains("sign-in-codes", StringComparison.Ordinal)
                ? (await app.Users.AskSignInCodeAsync(TestUsers.NewEmail())).SignInCodeId()
            : (await app.Users.RegisterAsync(TestUsers.NewEmail())).RegistrationId;
        var path = template.Replace("{id}", pending.ToString(), StringComparison.Ordinal);
        var allowed = await DocumentedAsync(template, "post");
        var requests = Gen.Zip(Body, ContentType).Sample(Bodies, 30);

        await AllAsync(
            requests,
            async request =>
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, path);
                message.Content = new ByteArrayContent(request.Item1);
                message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Item2);
                return (await app.Users.SendAsync(message), $"{request.Item2} {Convert.ToBase64String(request.Item1)}");
            },
            allowed
        );
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.Users.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task Any_username_gets_a_documented_answer()
    {
        var allowed = await DocumentedAsync("/v1/usernames/{name}", "get");
        var names = Text.Where(text => text.Length is > 0 and < 2_000 && !text.Contains('\0', StringComparison.Ordinal))
            .Select(Escape)
            .Sample(2_000, 30);

        await AllAsync(names, async name => (await app.Users.GetAsync("/v1/usernames/" + name), name), allowed);
    }

    [Fact]
    public async Task Any_address_gets_an_answer_that_is_no_failure()
    {
        var pieces = Gen.Elements(
            "v1",
            "registrations",
            "verify",
            "%2e%2e",
            "..",
            "%00",
            "%ff",
            "usernames",
            "a b",
            "?x=%zz",
            "#",
            "confirm",
            "register",
            "//",
            "docs",
            "openapi",
            "inbox",
            "health",
            "%F0%9F%98%80"
        );
        var paths = pieces
            .ListOf()
            .Resize(6)
            .Select(list => "/" + string.Join('/', list))
            .Where(path => !path.StartsWith("//", StringComparison.Ordinal))
            .Sample(2_000, 30);

        await AllAsync(
            paths,
            async path =>
            {
                var method = (path.Length % 4) switch
                {
                    0 => HttpMethod.Get,
                    1 => HttpMethod.Post,
                    2 => HttpMethod.Delete,
                    _ => new HttpMethod("BREW"),
                };
                return (await app.Users.SendAsync(method, path), $"{method} {path}");
            },
            allowed: null
        );
    }

    private async Task AllAsync<T>(IEnumerable<T> requests, Func<T, Task<(Answer, string)>> send, IReadOnlySet<int>? allowed)
    {
        var known = app.Services.GetRequiredService<MessageCatalog>().Codes("en").ToHashSet(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (request, _) =>
            {
                var (answer, what) = await send(request);
                using var response = answer.Response;
                var status = (int)answer.Status;
                Assert.True(allowed?.Contains(status) ?? status < 500, string.Create(CultureInfo.InvariantCulture, $"{status} for {what}"));
                // Kestrel refuses what is no HTTP at all by itself, without a body.
                if (status < 400 || (allowed is null && answer.Text.Length == 0))
                    return;
                Assert.True(
                    response.Content.Headers.ContentType?.MediaType == "application/problem+json",
                    $"no problem document for {what}"
                );
                Assert.True(answer.Code is not null && known.Contains(answer.Code), $"unknown code {answer.Code} for {what}");
            }
        );
    }

    private async Task<IReadOnlySet<int>> DocumentedAsync(string path, string method)
    {
        using var document = JsonDocument.Parse(await app.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        return document
            .RootElement.GetProperty("paths")
            .GetProperty(path)
            .GetProperty(method)
            .GetProperty("responses")
            .EnumerateObject()
            .Select(r => int.Parse(r.Name, CultureInfo.InvariantCulture))
            .ToHashSet();
    }

    private static Gen<string> Json(int depth) =>
        depth == 0
            ? Leaf
            : Gen.Frequency(
                (2, Leaf),
                (2, Object(Gen.Choose(0, depth - 1).SelectMany(Json))),
                (1, Gen.Choose(0, depth - 1).SelectMany(Json).ListOf().Resize(4).Select(items => $"[{string.Join(',', items)}]"))
            );

    private static Gen<string> Object(Gen<string> value) =>
        Gen.Zip(Gen.Elements(Members), value)
            .ListOf()
            .Resize(6)
            .Select(members => $"{{{string.Join(',', members.Select(m => $"{Quote(m.Item1)}:{m.Item2}"))}}}");

    // One byte changed, doubled or dropped.
    private static Gen<byte[]> Mutated() =>
        from skeleton in Skeleton
        from place in Gen.Choose(0, skeleton.Length - 1)
        from change in Gen.Choose(0, 2)
        from with in Gen.Choose(0, 255)
        let bytes = Bytes(skeleton)
        select change switch
        {
            0 => [.. bytes[..place], (byte)with, .. bytes[(place + 1)..]],
            1 => [.. bytes[..place], bytes[place], .. bytes[place..]],
            _ => (byte[])[.. bytes[..place], .. bytes[(place + 1)..]],
        };

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Escape(string text) =>
        string.Concat(Bytes(text).Select(b => string.Create(CultureInfo.InvariantCulture, $"%{b:X2}")));

    // Lone surrogates stay, escaped: valid JSON that is no text.
    private static string Quote(string text) => $"\"{string.Concat(text.Select(Escape))}\"";

    private static string Escape(char c) =>
        c is >= ' ' and < (char)0x7F and not ('"' or '\\') ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
}
