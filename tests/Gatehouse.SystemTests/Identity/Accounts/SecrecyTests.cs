using System.Buffers.Text;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>Searches for canaries everywhere that is kept or sent to operators.</summary>
[Collection<MovedTime>]
public sealed class SecrecyTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Codes_links_passwords_and_addresses_are_nowhere_readable()
    {
        using var trace = new TraceOf();
        const string name = "Canary Vermilion";
        const string password = "a scarlet macaw whistles at dusk";
        const string email = "canary.vermilion@example.com";
        var secrets = new List<(string Text, byte[]? Bytes)> { (password, null), (email, null), ("canary.vermilion", null) };

        // Known and unknown, wrong and right, by code and by link, refused and failed.
        var first = await RegisterAsync(email);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        var letter = await app.Users.LetterAsync(email);
        Keep(letter);
        await PostAsync($"/v1/registrations/{first.RegistrationId}/verify", new { code = TestUsers.WrongCode(letter.Code) });
        await PostAsync($"/v1/registrations/{first.RegistrationId}/verify", new { code = letter.Code + "9" });
        await PostAsync("/v1/registrations/confirm", new { token = letter.LinkToken, password = password + "!" });
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await PostAsync($"/v1/registrations/{first.RegistrationId}/resend", body: null);
        var second = await app.Users.LetterAsync(email, 2);
        Keep(second);
        Assert.NotEmpty(await app.PlacesOfAsync("registration-code"));
        Assert.Contains("audit.records.reason", await app.PlacesOfAsync("identity.code-wrong"));
        await AssertNowhereAsync();

        Assert.Equal(
            HttpStatusCode.Created,
            (await PostAsync($"/v1/registrations/{first.RegistrationId}/verify", new { code = second.Code })).Status
        );
        await RegisterAsync(email);
        await app.Users.LetterAsync(email, 3);
        await RegisterAsync(email + "\r\nBcc: x@example.com");
        await app.Users.SendAsync(HttpMethod.Get, $"/register/confirm?token={second.LinkToken}", trace.Header);
        await app.QuietAsync();
        await AssertNowhereAsync();

        void Keep(Letter mail)
        {
            Assert.Matches("^[0-9]{6}$", mail.Code);
            secrets.Add((mail.Code, null));
            secrets.Add((mail.LinkToken, Base64Url.DecodeFromChars(mail.LinkToken)));
        }

        async Task AssertNowhereAsync()
        {
            foreach (var (text, bytes) in secrets)
                Assert.Empty(await app.PlacesOfAsync(text, bytes));

            var metrics = await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            // Which instruments it shows is another test's matter: applications of one process share them, and one that ends takes them
            // along.
            Assert.Contains("# HELP", metrics, StringComparison.Ordinal);
            Assert.Contains(app.Logs.Lines, line => line.Contains("Registration", StringComparison.Ordinal));
            Assert.Contains(trace.Texts(), text => text.Contains("identity.verifications", StringComparison.Ordinal));
            foreach (var (text, _) in secrets.Append((name, null)))
            {
                // Not inside a longer number: fractions of seconds hold any six digits.
                var pattern = new Regex($@"(?<!\d){Regex.Escape(text)}(?!\d)", RegexOptions.IgnoreCase);
                Assert.DoesNotContain(app.Logs.Lines, pattern.IsMatch);
                Assert.DoesNotContain(trace.Texts(), pattern.IsMatch);
                Assert.DoesNotMatch(pattern, metrics);
            }
        }

        Task<Answer> RegisterAsync(string address) =>
            PostAsync(
                "/v1/registrations",
                new
                {
                    email = address,
                    name,
                    password,
                }
            );

        Task<Answer> PostAsync(string path, object? body) => app.Users.PostAsync(path, body, trace.Header);
    }

    [Fact]
    public async Task What_the_search_looks_for_it_finds()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        await app.Users.LetterAsync(email);
        await app.ExecuteAsync("create table public.leak (kept bytea, said text)");
        await app.ExecuteAsync("insert into public.leak values (convert_to($1, 'UTF8'), $2)", $"<{email}>", $"to {email}");

        Assert.Equal(["public.leak.kept", "public.leak.said"], (await app.PlacesOfAsync(email)).Order(StringComparer.Ordinal));
        await app.ExecuteAsync("drop table public.leak");
    }
}
