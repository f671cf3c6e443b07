using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>No browser is sent to an address that no client has registered, whichever way is tried.</summary>
public sealed class OpenRedirectTests(RunningApp running)
{
    private const string Evil = "evil.example.org";
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Nobody_is_sent_to_an_address_that_is_not_registered()
    {
        var administrator = await app.TenantAdministratorAsync();
        var shop = await app.ApplicationAsync(administrator);
        var native = await app.ApplicationAsync(
            administrator,
            new
            {
                @public = true,
                redirectUris = Applications.List("http://127.0.0.1/callback", "com.example.app:/callback"),
                postLogoutRedirectUris = Applications.List("http://127.0.0.1/bye"),
            }
        );
        using var browser = await app.BrowserAsync(await app.Users.SomebodyAsync());
        using var stranger = new Browser(app);
        var hint = (await app.TokensAsync(browser, shop)).IdToken;

        foreach (var application in new[] { shop, native })
        {
            foreach (
                var address in Variants(application.RedirectUri)
                    .Concat(Variants("http://127.0.0.1/callback"))
                    .Distinct(StringComparer.Ordinal)
            )
            {
                foreach (
                    var more in new (string, string?)[][]
                    {
                        [],
                        [("prompt", "none")],
                        [("response_type", null)],
                        [("response_mode", "form_post")],
                        [("request", "e30.e30.")],
                        [("scope", "\"")],
                    }
                )
                {
                    var path = application.Request([("redirect_uri", address), .. more]);
                    foreach (var one in new[] { browser, stranger })
                        AssertNowhere(await one.GetAsync(path), path);
                }
            }
        }

        foreach (var address in Variants(TestApplication.PostLogout).Concat(Variants("http://127.0.0.1/bye")))
        {
            foreach (
                var who in new (string, string)[][]
                {
                    [("id_token_hint", hint)],
                    [("client_id", shop.ClientId)],
                    [("client_id", native.ClientId)],
                    [("client_id", "nobody")],
                    [],
                }
            )
            {
                var path =
                    Applications.LogoutPath + "?" + Applications.Encode([("post_logout_redirect_uri", address), ("state", "s"), .. who]);
                foreach (var one in new[] { browser, stranger })
                    AssertNowhere(await one.GetAsync(path), path);
            }
        }

        // And nobody was signed out by it.
        Assert.Contains("code", (await browser.GetAsync(shop.Request(("prompt", "none")))).Sent().Keys);
        foreach (
            var path in new[] { "/sign-in", "/sign-out", "/signed-out", "/oauth2/continue", "/oauth2/cancel", "/oauth2/logout/confirm" }
        )
        {
            foreach (var back in new[] { "//" + Evil, "https://" + Evil, "/\\" + Evil, "/oauth2/authorize@" + Evil, "\t//" + Evil })
            foreach (var name in new[] { "returnUrl", "request_uri", "post_logout_redirect_uri", "redirect_uri" })
                AssertNowhere(await browser.GetAsync($"{path}?{name}={Uri.EscapeDataString(back)}"), path + " " + back);
        }
    }

    private static void AssertNowhere(Answer answer, string path)
    {
        var location = answer.Location();
        var isOurs = location.Length == 0 || (location[0] == '/' && !location.StartsWith("//", StringComparison.Ordinal));
        Assert.True(isOurs && !location.StartsWith("/\\", StringComparison.Ordinal), $"{path}: {location}");
        Assert.True(answer.Status is not HttpStatusCode.InternalServerError, $"{path}: {answer.Text}");
        Assert.DoesNotContain("href=\"https://" + Evil, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"https://", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Evil, answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("", answer.Header("Refresh"));
    }

    private static IEnumerable<string> Variants(string good)
    {
        var rest = good[(good.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var (host, path) = (rest.Split('/')[0], rest[rest.IndexOf('/', StringComparison.Ordinal)..]);
        return
        [
            "https://" + Evil,
            "//" + Evil,
            "/\\" + Evil,
            "\\\\" + Evil,
            $"https://{Evil}/?{good}",
            $"https://{Evil}#{good}",
            $"https://{Evil}@{host}{path}",
            $"https://{host}@{Evil}{path}",
            $"https://{host}:80@{Evil}{path}",
            $"https://{host}.{Evil}{path}",
            $"https://{Evil}\\@{host}{path}",
            $"https://{host}%2F@{Evil}{path}",
            $"https://{host}%00.{Evil}{path}",
            $"https:{Evil}",
            $"https:///{Evil}{path}",
            $"HTTPS://{host.ToUpperInvariant()}{path}x",
            good + "/../evil",
            good + "/%2e%2e/evil",
            good + "%0d%0aLocation:%20https://" + Evil,
            good + "\r\nLocation: https://" + Evil,
            good + "&next=https://" + Evil,
            good + ";",
            good + " ",
            " " + good,
            "\t" + good,
            good + "#",
            good + "\0",
            "javascript:alert(1)",
            "JavaScript://" + host + "/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "view-source:" + good,
            $"http://127.0.0.1.{Evil}/callback",
            $"http://127.0.0.1:80@{Evil}/callback",
            "http://127.1/callback",
            "http://2130706433/callback",
            "http://0x7f.1/callback",
            "http://[::ffff:127.0.0.1]/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:80:80/callback",
            "com.example.app://" + Evil + "/callback",
            "com.example.app:/callback/../x",
            "",
            new string('a', 5000),
        ];
    }
}
