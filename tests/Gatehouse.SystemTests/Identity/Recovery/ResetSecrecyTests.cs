using System.Buffers.Text;
using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Recovery;

/// <summary>Searches for what a reset holds everywhere that is kept or sent to operators.</summary>
[Collection<MovedTime>]
public sealed class ResetSecrecyTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Codes_links_identifiers_and_new_passwords_are_nowhere_readable()
    {
        using var trace = new TraceOf();
        const string email = "canary.cerulean@example.com";
        const string nobody = "canary cerulean of nowhere";
        const string password = "a cobalt heron wades at noon";
        var secrets = new List<(string Text, byte[]? Bytes)> { (email, null), ("canary.cerulean", null), (nobody, null), (password, null) };
        var person = await app.Users.SomebodyAsync(email: email);

        await app.Users.AskResetAsync(nobody, trace.Header);
        var id = (await app.Users.AskResetAsync(email, trace.Header)).ResetId();
        Keep(await app.Users.LetterAsync(email, 2));
        Assert.NotEmpty(await app.PlacesOfAsync("password-reset"));
        await AssertNowhereAsync();

        await app.Users.ResetByCodeAsync(id, TestUsers.WrongCode(secrets[^2].Text), password, trace.Header);
        await app.Users.PostAsync($"/v1/password-resets/{id}/complete", new { code = secrets[^2].Text + "1", password }, trace.Header);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        await app.Users.ResendResetAsync(id, trace.Header);
        Keep(await app.Users.LetterAsync(email, 3));
        await app.Users.SendAsync(HttpMethod.Get, $"/reset?id={id}&token={secrets[^1].Text}", trace.Header);
        await app.Users.PostAsync(
            $"/v1/password-resets/{id}/complete",
            new { token = secrets[^1].Text, password = person.UserId + password + new string('x', 128) },
            trace.Header
        );
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(id, secrets[^2].Text, password, trace.Header)).Status);
        await app.Users.ResetByCodeAsync(id, secrets[^2].Text, password, trace.Header);
        await app.QuietAsync();
        await AssertNowhereAsync();

        void Keep(Letter mail)
        {
            Assert.Matches("^[0-9]{8}$", mail.ResetCode);
            secrets.Add((mail.ResetCode, null));
            secrets.Add((mail.LinkToken, Base64Url.DecodeFromChars(mail.LinkToken)));
        }

        async Task AssertNowhereAsync()
        {
            foreach (var (text, bytes) in secrets)
                Assert.Empty(await app.PlacesOfAsync(text, bytes));

            var metrics = await app.Management.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            Assert.Contains(app.Logs.Lines, line => line.Contains("Password reset", StringComparison.Ordinal));
            Assert.Contains(trace.Texts(), text => text.Contains("identity.verifications", StringComparison.Ordinal));
            foreach (var (text, _) in secrets)
            {
                // Not inside a longer number: fractions of seconds hold any digits.
                var pattern = new Regex($@"(?<!\d){Regex.Escape(text)}(?!\d)", RegexOptions.IgnoreCase);
                Assert.DoesNotContain(app.Logs.Lines, pattern.IsMatch);
                Assert.DoesNotContain(trace.Texts(), pattern.IsMatch);
                Assert.DoesNotMatch(pattern, metrics);
            }
        }
    }
}
