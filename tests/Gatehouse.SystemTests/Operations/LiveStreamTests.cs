using System.Net;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.Web.Operations;

namespace Gatehouse.SystemTests.Operations;

/// <summary>Server-sent events of operations.</summary>
[Collection<Scripted>]
public sealed class LiveStreamTests(ScriptedOperations all)
{
    private const string All = "/v1/live";

    private readonly TestApp app = all.App;

    [Fact]
    public async Task A_stream_begins_with_the_present_state_tells_each_change_and_ends_with_the_operation()
    {
        var user = await app.Users.SomebodyAsync();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await StartAsync(user, goOn);
        foreach (var node in new[] { app, all.Other })
        {
            await using var early = await Listening.OpenAsync(node, Path(id), user.Tokens);
            var present = await early.OperationAsync();
            Assert.Equal(("running", 2L), (present?.GetProperty("state").GetString(), present?.GetProperty("done").GetInt64()));
        }

        await using var here = await Listening.OpenAsync(app, Path(id), user.Tokens);
        await using var there = await Listening.OpenAsync(all.Other, Path(id), user.Tokens);
        await here.OperationAsync();
        await there.OperationAsync();
        goOn.SetResult();
        await here.UntilAsync(id, "succeeded");
        await there.UntilAsync(id, "succeeded");
        Assert.Null(await here.NextAsync());

        // Who comes again has seen the end: a browser stops there.
        using var over = await Listening.SendAsync(app, Path(id), user.Tokens, here.LastId);
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
        await using var late = await Listening.OpenAsync(app, Path(id), user.Tokens);
        await late.UntilAsync(id, "succeeded");
        Assert.Null(await late.NextAsync());
    }

    [Fact]
    public async Task A_stream_of_all_operations_goes_on_at_another_node_without_loss_and_is_never_told_of_others()
    {
        var (user, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        string last;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var stream = await Listening.OpenAsync(app, All, user.Tokens))
        {
            var id = await StartAsync(user, first);
            await stream.UntilAsync(id, "running");
            last = stream.LastId;
        }

        // While nobody listens one ends, and another begins and ends.
        first.SetResult();
        var missed = await StartAsync(user, null);
        await StartAsync(other, null);
        await all.UntilAsync(user, missed, "succeeded");

        await using var resumed = await Listening.OpenAsync(all.Other, All, user.Tokens, last);
        var seen = new List<string>();
        for (var next = 0; next < 2; next++)
        {
            var operation = (await resumed.OperationAsync())!.Value;
            seen.Add(operation.GetProperty("state").GetString()!);
        }

        Assert.Equal(["succeeded", "succeeded"], seen);
        var later = await StartAsync(user, null);
        await resumed.UntilAsync(later, "succeeded");
    }

    [Fact]
    public async Task Every_stream_ends_on_every_node_when_its_session_does()
    {
        var user = await app.Users.SomebodyAsync();
        var id = await all.StartEndlessAsync(user);
        await using var one = await Listening.OpenAsync(app, Path(id), user.Tokens);
        await using var everything = await Listening.OpenAsync(all.Other, All, user.Tokens);
        await one.OperationAsync();
        await everything.OperationAsync();

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await app.Users.SendAsync(HttpMethod.Delete, $"/v1/sessions/{user.Tokens.SessionId}", user.Tokens)).Status
        );
        await one.EndAsync();
        await everything.EndAsync();
        using var again = await Listening.SendAsync(app, All, user.Tokens);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        await app.ExecuteAsync("update runtime.operations set cancel_requested = true where id = $1", id);
    }

    [Fact]
    public async Task A_stream_is_open_no_longer_than_its_token_is_good()
    {
        var user = await app.Users.SomebodyAsync();
        await using var stream = await Listening.OpenAsync(app, All, user.Tokens);
        Assert.Equal("heartbeat", (await stream.NextAsync())?.EventType);
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        await stream.EndAsync();
    }

    [Fact]
    public async Task A_browser_needs_its_cookies_only_and_a_silent_stream_shows_signs_of_life()
    {
        var user = await app.Users.SomebodyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, All);
        request.Headers.Add("Cookie", $"__Host-gatehouse-access={user.Tokens.Access}");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var response = await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var beats = 0;
        while (beats < 3 && await lines.ReadLineAsync() is { } line)
            beats += line == "event: heartbeat" ? 1 : 0;
        Assert.Equal(3, beats);

        var head = await app.Users.SendAsync(HttpMethod.Head, All, user.Tokens);
        Assert.Equal(HttpStatusCode.OK, head.Status);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1 2")]
    [InlineData("99999999999999999999")]
    public async Task A_mark_that_cannot_be_read_is_rejected(string lastId)
    {
        var user = await app.Users.SomebodyAsync();
        foreach (var path in new[] { All, Path(Guid.CreateVersion7(app.Clock.GetUtcNow())) })
        {
            using var answer = await Listening.SendAsync(app, path, user.Tokens, lastId);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("request.cursor-malformed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mark_from_before_the_database_was_restored_gets_the_present_state()
    {
        var user = await app.Users.SomebodyAsync();
        var id = await StartAsync(user, null);
        await all.UntilAsync(user, id, "succeeded");
        await using var stream = await Listening.OpenAsync(app, All, user.Tokens, "9000000000000000000");
        await stream.UntilAsync(id, "succeeded");
    }

    [Fact]
    public async Task One_user_has_so_many_streams_and_one_that_is_closed_makes_room()
    {
        var user = await app.Users.SomebodyAsync();
        var open = new List<Listening>();
        for (var number = 0; number < 3; number++)
            open.Add(await Listening.OpenAsync(app, All, user.Tokens));
        using (var rejected = await Listening.SendAsync(app, All, user.Tokens))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, rejected.StatusCode);
            Assert.NotNull(rejected.Headers.RetryAfter);
        }

        await open[0].DisposeAsync();
        await TestApp.EventuallyAsync(
            async () =>
            {
                using var another = await Listening.SendAsync(app, All, user.Tokens);
                return another.StatusCode == HttpStatusCode.OK;
            },
            "room for another stream"
        );
        foreach (var stream in open)
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_thousand_idle_streams_open_hear_and_close_and_nothing_of_them_stays()
    {
        var node = all.Other;
        var streams = node.Services.GetRequiredService<LiveStreams>();
        var user = await app.Users.SomebodyAsync();
        var others = await app.Users.SomebodyAsync();
        var open = new List<Listening>();
        for (var number = 0; number < 1100; number++)
            open.Add(await Listening.OpenAsync(node, All, number < 900 ? user.Tokens : others.Tokens));
        Assert.True(streams.Count >= 1100);

        var id = await StartAsync(user, null);
        await Task.WhenAll(open.Take(900).Select(stream => stream.UntilAsync(id, "succeeded")));
        foreach (var stream in open.Take(600))
            await stream.DisposeAsync();
        // The others are ended from here.
        foreach (var tokens in new[] { user.Tokens, others.Tokens })
            await app.Users.SendAsync(HttpMethod.Delete, $"/v1/sessions/{tokens.SessionId}", tokens);
        foreach (var stream in open.Skip(600))
        {
            await stream.EndAsync();
            await stream.DisposeAsync();
        }

        await TestApp.EventuallyAsync(() => Task.FromResult(streams.Count == 0), "all streams are closed");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Of_five_thousand_idle_streams_those_of_a_session_end_with_it_and_the_others_go_on()
    {
        var node = all.Other;
        var streams = node.Services.GetRequiredService<LiveStreams>();
        await TestApp.EventuallyAsync(() => Task.FromResult(streams.Count == 0), "the streams before are closed");
        var users = new List<SignedIn>();
        for (var number = 0; number < 6; number++)
            users.Add(await app.Users.SomebodyAsync());
        var open = new List<(SignedIn Of, Listening Stream)>();
        for (var number = 0; number < 5040; number++)
            open.Add((users[number % 6], await Listening.OpenAsync(node, All, users[number % 6].Tokens)));
        Assert.Equal(5040, streams.Count);

        var (leaving, staying) = (users[2], users[5]);
        await app.Users.SendAsync(HttpMethod.Delete, $"/v1/sessions/{leaving.Tokens.SessionId}", leaving.Tokens);
        await Task.WhenAll(open.Where(one => one.Of == leaving).Select(one => one.Stream.EndAsync()));
        await TestApp.EventuallyAsync(
            () => Task.FromResult(streams.Count == 4200),
            "the streams of the session, and no others, are closed"
        );

        var id = await StartAsync(staying, null);
        await Task.WhenAll(open.Where(one => one.Of == staying).Select(one => one.Stream.UntilAsync(id, "succeeded")));
        foreach (var (_, stream) in open)
            await stream.DisposeAsync();
        await TestApp.EventuallyAsync(() => Task.FromResult(streams.Count == 0), "all streams are closed");
    }

    [Theory]
    [InlineData("signs out")]
    [InlineData("signs out everywhere")]
    [InlineData("is signed out")]
    [InlineData("is disabled")]
    public async Task Streams_end_on_every_node_by_whatever_ends_their_session(string how)
    {
        var administrator = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        await using var here = await Listening.OpenAsync(app, All, user.Tokens);
        await using var there = await Listening.OpenAsync(all.Other, All, user.Tokens);
        Assert.NotNull(await here.NextAsync());
        Assert.NotNull(await there.NextAsync());

        var answer = how switch
        {
            "signs out" => await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", user.Tokens),
            "signs out everywhere" => await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions", user.Tokens),
            "is signed out" => await app.DeleteAsync($"/v1/users/{user.UserId}/sessions", administrator),
            _ => await app.PostAsync($"/v1/users/{user.UserId}/disable", new { reason = "Test" }, administrator),
        };

        Assert.True((int)answer.Status < 300, answer.Text);
        await here.EndAsync();
        await there.EndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_service_accounts_stream_ends_with_its_token_or_its_client(bool byToken)
    {
        var administrator = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(administrator, "users:read");
        var token = await app.TokenAsync(client);
        await using var stream = await Listening.OpenAsync(all.Other, All, new TokenPair(default, token, ""));
        Assert.NotNull(await stream.NextAsync());

        var answer = byToken
            ? await app.PostAsync(ClientCalls.RevocationPath, client, ("token", token))
            : await app.PostAsync(client.Path + "/disable", new { reason = "Test" }, administrator);

        Assert.True((int)answer.Status < 300, answer.Text);
        await stream.EndAsync();
    }

    [Fact]
    public async Task Curl_shows_the_events_and_ends_with_the_operation()
    {
        var user = await app.Users.SomebodyAsync();
        var id = await StartAsync(user, null);
        await all.UntilAsync(user, id, "succeeded");
        using var curl = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(
                "curl",
                [
                    "-sN",
                    "--max-time",
                    "120",
                    "-H",
                    "Authorization: Bearer " + user.Tokens.Access,
                    new Uri(app.Http.BaseAddress!, Path(id)).AbsoluteUri,
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;

        var text = await curl.StandardOutput.ReadToEndAsync();

        await curl.WaitForExitAsync();
        Assert.Equal(0, curl.ExitCode);
        Assert.Contains("event: operation\n", text, StringComparison.Ordinal);
        Assert.Contains("\"succeeded\"", text, StringComparison.Ordinal);
        Assert.Contains("\nid: ", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_browsers_EventSource_hears_by_its_cookies_alone_until_the_sign_out()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/sign-in");
        await visit.Page.FillAsync("#identifier", user.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("#form button[type=submit]");
        await visit.ArriveAsync("/account$");
        await visit.Page.EvaluateAsync(
            """
            () => {
              window.heard = [];
              window.source = new EventSource('/v1/live');
              source.addEventListener('operation', event => heard.push(JSON.parse(event.data).state));
              return new Promise(open => source.addEventListener('open', () => open(true), { once: true }));
            }
            """
        );
        await StartAsync(user, null);
        await visit.Page.WaitForFunctionAsync("() => heard.includes('succeeded')");

        await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions", user.Tokens);

        // It comes again by itself, is told 401, and gives up.
        await visit.Page.WaitForFunctionAsync("() => source.readyState === EventSource.CLOSED");
    }

    private static string Path(Guid id) => $"/v1/operations/{id}/events";

    /// <summary>One that ends when it is told to, or at once; it runs when this returns.</summary>
    private async Task<Guid> StartAsync(SignedIn user, TaskCompletionSource? goOn)
    {
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await all.StartAsync(
            user,
            async (run, cancellationToken) =>
            {
                await run.ReportAsync(2, 4, cancellationToken);
                runs.TrySetResult();
                if (goOn is not null)
                    await goOn.Task.WaitAsync(cancellationToken);
                return OperationResult.Succeeded();
            }
        );
        await runs.Task.WaitAsync(TestApp.Patience, TimeProvider.System);
        return id;
    }
}
