using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Gatehouse.Encryption;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Sessions;

/// <summary>A refresh token is good once, gives its successor a second time to who lost the answer, and ends the session when it is an old
/// one.</summary>
[Collection<SessionsOnTwoNodes>]
public sealed class RefreshTests(TwoNodes running, RunningApp elsewhere)
{
    private readonly TestApp app = running.App;
    private readonly TestApp other = running.Other;

    [Fact]
    public async Task Tokens_are_exchanged_for_new_ones_of_the_same_session()
    {
        var first = (await app.Users.SomebodyAsync()).Tokens;

        var answer = await app.Users.RefreshAsync(first.Refresh);

        var second = answer.Tokens();
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(first.Claims.GetProperty("auth_time").GetInt64(), second.Claims.GetProperty("auth_time").GetInt64());
        var me = await other.Users.MeAsync(second);
        Assert.Equal(HttpStatusCode.OK, me.Status);
        Assert.Equal(me.Body.GetRawText(), answer.Body.GetProperty("user").GetRawText());
        // An access token lives out its time; only the end of the session cuts it.
        Assert.Equal(HttpStatusCode.OK, (await other.Users.MeAsync(first)).Status);
    }

    [Fact]
    public async Task Whatever_is_no_token_of_a_session_here_is_rejected_alike_and_ends_nothing()
    {
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var foreign = await elsewhere.App.Users.SomebodyAsync();
        var token = ada.Tokens.Refresh;
        var bytes = Base64Url.DecodeFromChars(token);
        var bad = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["truncated"] = token[..^1],
            ["half"] = token[..(token.Length / 2)],
            ["longer"] = token + "A",
            ["padded"] = token + "==",
            ["a letter"] = "A",
            ["white space"] = token[..10] + " " + token[11..],
            ["other alphabet"] = token[..^1] + "+",
            ["format"] = Changed(0, 2),
            ["tenant"] = Changed(1, 1),
            ["session"] = Changed(32, 1),
            ["generation"] = Changed(40, 3),
            ["generation negative"] = Changed(33, 0x80),
            ["secret"] = Changed(41, 1),
            ["end of the secret"] = Changed(72, 1),
            ["of another session"] = Base64Url.EncodeToString([.. bytes[..41], .. Base64Url.DecodeFromChars(ben.Tokens.Refresh)[41..]]),
            ["of another installation"] = foreign.Tokens.Refresh,
            ["an access token"] = ada.Tokens.Access,
            ["a device token"] = ada.Device,
        };

        foreach (var (fault, text) in bad)
        {
            var answer = await app.Users.RefreshAsync(text);
            Assert.True(
                (answer.Status, answer.Code) == (HttpStatusCode.Unauthorized, "identity.invalid-refresh-token"),
                $"{fault}: {answer.Status} {answer.Text}"
            );
        }

        Assert.Equal(["refreshToken: request.required"], (await app.Users.RefreshAsync("")).Errors);
        Assert.Equal(ada.Tokens.SessionId, (await app.Users.RefreshAsync(token)).Tokens().SessionId);
        Assert.Equal(ben.Tokens.SessionId, (await app.Users.RefreshAsync(ben.Tokens.Refresh)).Tokens().SessionId);

        string Changed(int index, byte by)
        {
            var changed = bytes.ToArray();
            changed[index] ^= by;
            return Base64Url.EncodeToString(changed);
        }
    }

    [Fact]
    public async Task Two_uses_at_once_get_the_same_successor_on_whichever_node()
    {
        var refresh = (await app.Users.SomebodyAsync()).Tokens.Refresh;

        for (var round = 1; round <= 30; round++)
        {
            var used = refresh;
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? app : other).Users.RefreshAsync(used)));
            refresh = Assert.Single(answers.Select(a => a.Tokens().Refresh).Distinct(StringComparer.Ordinal));
            Assert.Equal(
                round + 1L,
                await app.ScalarAsync<long>("select generation from identity.sessions where id = $1", answers[0].Tokens().SessionId)
            );
        }
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_for_ten_seconds_of_the_database()
    {
        var tokens = (await app.Users.SomebodyAsync()).Tokens;
        var second = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();

        // The clocks of the nodes do not count.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(second.Refresh, (await other.Users.RefreshAsync(tokens.Refresh)).Tokens().Refresh);
        // Within the ten with room for a slow machine, and beyond them.
        await SetAgeAsync(tokens, 6);
        Assert.Equal(second.Refresh, (await app.Users.RefreshAsync(tokens.Refresh)).Tokens().Refresh);

        await SetAgeAsync(tokens, 11);
        await AssertRejectedAsync(app, tokens.Refresh);
        Assert.Equal("token-reused", await EndReasonAsync(tokens));
        await AssertRejectedAsync(other, second.Refresh);
    }

    [Fact]
    public async Task A_token_whose_successor_was_used_ends_the_session_on_every_node_and_the_owner_is_told()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ana",
                password = TestUsers.Password,
            },
            ("Accept-Language", "es")
        );
        var verified = await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        var stolen = verified.Tokens();
        var bystander = (await app.Users.SignInAsync(email)).Tokens();
        var second = (await app.Users.RefreshAsync(stolen.Refresh)).Tokens();
        var third = (await app.Users.RefreshAsync(second.Refresh)).Tokens();

        await AssertRejectedAsync(other, stolen.Refresh);

        // The node that noticed refuses at once, the other within a second.
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.Users.MeAsync(third)).Status);
        await TestApp.EventuallyAsync(
            async () => (await app.Users.MeAsync(third)).Status == HttpStatusCode.Unauthorized,
            "the other node knows"
        );
        await AssertRejectedAsync(app, third.Refresh);
        Assert.Equal("token-reused", await EndReasonAsync(stolen));
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                """
                select count(*) from runtime.events
                 where type = 'session.revoked.v1' and data::json ->> 'sessionId' = $1 and data::json ->> 'reason' = 'token-reused'
                """,
                stolen.SessionId.ToString()
            )
        );
        var letter = await app.Users.LetterAsync(email, 2);
        Assert.Equal("Se ha cerrado tu sesión de Gatehouse en un dispositivo", letter.Subject);
        Assert.Contains("Hola, Ana:", letter.Text, StringComparison.Ordinal);

        // It was one session, not the person.
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(bystander)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.RefreshAsync(bystander.Refresh)).Status);
        await AssertRejectedAsync(app, stolen.Refresh);
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(email)).Count);
    }

    [Fact]
    public async Task A_thief_on_every_node_at_once_ends_the_session_once()
    {
        var person = await app.Users.SomebodyAsync();
        var second = (await app.Users.RefreshAsync(person.Tokens.Refresh)).Tokens();
        await app.Users.RefreshAsync(second.Refresh);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? app : other).Users.RefreshAsync(person.Tokens.Refresh))
        );

        Assert.All(answers, a => Assert.Equal("identity.invalid-refresh-token", a.Code));
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from runtime.events where type = 'session.revoked.v1' and data::json ->> 'sessionId' = $1",
                person.Tokens.SessionId.ToString()
            )
        );
        await app.Users.LetterAsync(person.Email, 2);
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(person.Email)).Count);
    }

    [Fact]
    public async Task A_generation_that_was_never_issued_is_rejected_and_ends_nothing()
    {
        // What is left when an older dump is restored: clients hold tokens that the database has yet to issue.
        var tokens = (await app.Users.SomebodyAsync()).Tokens;
        var second = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();
        var third = (await app.Users.RefreshAsync(second.Refresh)).Tokens();
        await app.ExecuteAsync("update identity.sessions set generation = 1 where id = $1", tokens.SessionId);

        await AssertRejectedAsync(app, third.Refresh);
        await AssertRejectedAsync(app, second.Refresh);

        Assert.Equal(second.Refresh, (await app.Users.RefreshAsync(tokens.Refresh)).Tokens().Refresh);
    }

    [Fact]
    public async Task A_session_ends_after_fourteen_days_without_use_and_after_thirty_in_any_case()
    {
        var (idle, used) = ((await app.Users.SomebodyAsync()).Tokens, (await app.Users.SomebodyAsync()).Tokens);

        app.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(1));
        used = (await app.Users.RefreshAsync(used.Refresh)).Tokens();
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await AssertRejectedAsync(app, idle.Refresh);

        app.Clock.Advance(TimeSpan.FromDays(13));
        used = (await app.Users.RefreshAsync(used.Refresh)).Tokens();
        app.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(4));
        var last = await app.Users.RefreshAsync(used.Refresh);
        // Nothing outlives the session, an access token included.
        Assert.InRange(last.Body.GetProperty("tokens").GetProperty("expiresIn").GetInt32(), 100, 180);
        app.Clock.Advance(TimeSpan.FromMinutes(4));
        await AssertRejectedAsync(app, last.Tokens().Refresh);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(last.Tokens())).Status);
    }

    [Fact]
    public async Task Neither_databases_nor_logs_hold_a_token()
    {
        var password = "an amber heron over the delta";
        using var trace = new TraceOf();
        var email = TestUsers.NewEmail();
        var person = await app.Users.RegisteredUserAsync(email, password: password);
        var signedIn = await app.Users.SignInAsync(email, password, trace.Header);
        var refreshed = await app.Users.RefreshAsync(signedIn.Tokens().Refresh, trace.Header);
        await app.Users.SendAsync(HttpMethod.Get, "/v1/me", trace.Header, refreshed.Tokens().Header);
        await app.Users.SignInAsync(email, password + "!", [trace.Header, ("Gatehouse-Device", signedIn.Device())]);
        await app.Users.RefreshAsync(person.Tokens().Refresh + "x", trace.Header);
        await app.QuietAsync();
        var key = app.Services.GetRequiredService<ServerKeys>().Get(ServerKeys.RefreshTokens);

        Assert.NotEmpty(await app.PlacesOfAsync(signedIn.Tokens().SessionId.ToString()));
        Assert.Contains(trace.Texts(), t => t.Contains("identity.sessions", StringComparison.Ordinal));
        foreach (var answer in new[] { person, signedIn, refreshed })
        {
            var tokens = answer.Tokens();
            var secret = Base64Url.DecodeFromChars(tokens.Refresh)[41..];
            await AssertNowhereAsync(tokens.Refresh, secret);
            await AssertNowhereAsync(Base64Url.EncodeToString(secret).TrimEnd('A'), SHA256.HashData(secret));
            await AssertNowhereAsync(tokens.Access, Base64Url.DecodeFromChars(tokens.Access.Split('.')[2]));
            await AssertNowhereAsync(tokens.Access.Split('.')[2], null);
        }

        await AssertNowhereAsync(signedIn.Device(), Base64Url.DecodeFromChars(signedIn.Device())[49..]);
        await AssertNowhereAsync(password, null);
        await AssertNowhereAsync(Convert.ToBase64String(key), key);

        async Task AssertNowhereAsync(string text, byte[]? bytes)
        {
            Assert.Empty(await app.PlacesOfAsync(text, bytes));
            Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(text, StringComparison.Ordinal));
            Assert.DoesNotContain(trace.Texts(), line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    private static async Task AssertRejectedAsync(TestApp at, string token)
    {
        var answer = await at.Users.RefreshAsync(token);
        Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-refresh-token"), (answer.Status, answer.Code));
    }

    private Task SetAgeAsync(TokenPair tokens, int seconds) =>
        app.ExecuteAsync(
            "update identity.sessions set rotated_at = clock_timestamp() - make_interval(secs => $2) where id = $1",
            tokens.SessionId,
            (double)seconds
        );

    private Task<string> EndReasonAsync(TokenPair tokens) =>
        app.ScalarAsync<string>("select coalesce(end_reason, '') from identity.sessions where id = $1", tokens.SessionId);
}
