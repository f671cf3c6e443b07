using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Identity.SignInCodes;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.SignInCodes;

/// <summary>Codes grow while many wrong ones are tried in the tenant, whosever accounts they are tried at.</summary>
[Collection<OneProxiedApp>]
public sealed class CodeLengthTests(ProxiedApp running) : IAsyncLifetime
{
    private const int Limit = 100;
    private const string TooShort = "identity.longer-code-required";

    private readonly TestApp app = running.App;

    public async ValueTask InitializeAsync() => await app.ExecuteAsync("delete from identity.sign_in_code_guesses");

    public ValueTask DisposeAsync() => InitializeAsync();

    [Fact]
    public async Task The_wrong_code_too_many_makes_codes_longer_and_shorter_ones_are_no_longer_tried()
    {
        var (owner, other) = (await SomebodyAsync(), await SomebodyAsync());
        var (id, short6) = await AskAsync(owner.Email, 6);
        var (another, code) = await AskAsync(other.Email, 6);
        await WrongBeforeAsync(Limit - 1);
        var recorded = await RecordedAsync();
        Assert.Equal("identity.code-wrong", (await VerifyAsync(another, TestUsers.WrongCode(code))).Code);
        Assert.Equal(recorded, await RecordedAsync());
        Assert.Equal("identity.code-wrong", (await VerifyAsync(another, TestUsers.WrongCode(code))).Code);
        Assert.Equal(recorded + 1, await RecordedAsync());

        // Guesses are not looked at any more: neither a right one nor a wrong one uses an attempt.
        foreach (var typed in new[] { short6, TestUsers.WrongCode(short6), short6, short6, short6 })
        {
            var rejected = await VerifyAsync(id, typed);
            Assert.Equal((HttpStatusCode.Gone, TooShort), (rejected.Status, rejected.Code));
        }

        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"/v1/sign-in-codes/{id}/resend", body: null)).Status);
        var longer = await NewestCodeAsync(owner.Email, 3, 8);
        Assert.Equal("identity.code-wrong", (await VerifyAsync(id, TestUsers.WrongCode(longer))).Code);
        Assert.Equal(HttpStatusCode.Created, (await VerifyAsync(id, longer)).Status);
        Assert.Equal(recorded + 1, await RecordedAsync());
    }

    [Fact]
    public async Task Known_devices_and_links_need_no_longer_code()
    {
        var (owner, stranger) = (await SomebodyAsync(), await SomebodyAsync());
        var (id, code) = await AskAsync(owner.Email, 6);
        var (linked, _) = await AskAsync(stranger.Email, 6);
        var link = (await app.Users.LetterAsync(stranger.Email, 2)).LinkToken;
        await WrongBeforeAsync(Limit + 1);

        Assert.Equal(TooShort, (await VerifyAsync(id, code, ("Gatehouse-Device", stranger.Device))).Code);
        Assert.Equal(TooShort, (await VerifyAsync(id, code, ("Gatehouse-Device", "made up"))).Code);
        Assert.Equal(HttpStatusCode.Created, (await VerifyAsync(id, code, ("Gatehouse-Device", owner.Device))).Status);
        Assert.NotEqual(Guid.Empty, linked);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("/v1/sign-in-codes/confirm", new { token = link })).Status);
    }

    [Fact]
    public async Task Ten_times_as_many_make_them_longer_still_and_an_hour_later_all_is_as_before()
    {
        var owner = await SomebodyAsync();
        await WrongBeforeAsync((10 * Limit) + 1);
        var (id, code) = await AskAsync(owner.Email, 10);
        Assert.Equal(TooShort, (await VerifyAsync(id, code[..8])).Code);
        Assert.Equal("request.invalid", (await VerifyAsync(id, code[..9])).Code);
        Assert.Equal(HttpStatusCode.Created, (await VerifyAsync(id, code)).Status);

        app.Clock.Advance(TimeSpan.FromMinutes(61));
        var (later, usual) = await AskAsync(owner.Email, 6, number: 3);
        Assert.Equal(HttpStatusCode.Created, (await VerifyAsync(later, usual)).Status);
        await app.RunRecurringAsync<PurgeGuesses>();
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.sign_in_code_guesses"));
    }

    [Fact]
    public async Task Wrong_codes_of_another_tenant_and_right_ones_change_nothing()
    {
        var owner = await SomebodyAsync();
        await WrongBeforeAsync(5000, "gen_random_uuid()");
        var (id, code) = await AskAsync(owner.Email, 6);
        Assert.Equal(HttpStatusCode.Created, (await VerifyAsync(id, code)).Status);
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from identity.sign_in_code_guesses"));
    }

    [Fact]
    public async Task Parallel_wrong_codes_count_one_by_one_and_are_recorded_once()
    {
        var owners = new List<(Guid Id, string Code)>();
        for (var i = 0; i < 4; i++)
            owners.Add(await AskAsync((await SomebodyAsync()).Email, 6));
        await WrongBeforeAsync(Limit - 6);
        var recorded = await RecordedAsync();

        var answers = await Task.WhenAll(
            owners.SelectMany(one => Enumerable.Range(0, 3).Select(_ => VerifyAsync(one.Id, TestUsers.WrongCode(one.Code))))
        );

        Assert.All(answers, answer => Assert.Contains(answer.Code, new[] { "identity.code-wrong", TooShort }));
        var counted = answers.Count(answer => answer.Code == "identity.code-wrong");
        Assert.InRange(counted, 7, 12);
        Assert.Equal(Limit - 6L + counted, await app.ScalarAsync<long>("select sum(wrong)::bigint from identity.sign_in_code_guesses"));
        Assert.Equal(recorded + 1, await RecordedAsync());
    }

    [Fact]
    public async Task Whether_the_identifier_has_an_account_cannot_be_told_by_it()
    {
        var owner = await SomebodyAsync();
        var (real, code) = await AskAsync(owner.Email, 6);
        var decoy = (await PostAsync("/v1/sign-in-codes", new { identifier = TestUsers.NewEmail() })).SignInCodeId();
        await app.QuietAsync();
        await WrongBeforeAsync(Limit - 1);
        var steps = new List<string>();

        foreach (var typed in new[] { TestUsers.WrongCode(code), TestUsers.WrongCode(code), code, "12345678", "123456789" })
        {
            using var ofReal = new TraceOf();
            using var ofDecoy = new TraceOf();
            var first = await VerifyAsync(real, typed, ofReal.Header);
            // The count stands where it stood, so that both cross the limit.
            await app.ExecuteAsync(
                """
                update identity.sign_in_code_guesses set wrong = wrong - $1
                 where began_at = (select max(began_at) from identity.sign_in_code_guesses)
                """,
                first.Code == "identity.code-wrong" ? 1 : 0
            );
            var second = await VerifyAsync(decoy, typed, ofDecoy.Header);
            Assert.Equal(Transcript(first), Transcript(second));
            Assert.Equal(ofReal.Work(), ofDecoy.Work());
            steps.Add(first.Code ?? "");
        }

        Assert.Equal(["identity.code-wrong", "identity.code-wrong", TooShort, "identity.code-wrong", "request.invalid"], steps);
    }

    [Fact]
    public async Task The_page_asks_for_another_code_and_takes_it()
    {
        var owner = await SomebodyAsync();
        using var browser = new Browser(app);
        browser.Set("X-Forwarded-For", ProxiedApp.NewPlace().Value);
        var start = await browser.GetAsync("/sign-in");
        var form = Regex.Replace(start.Text, "action=\"/sign-in\"", "action=\"/sign-in/send-code\"");
        var sent = await browser.SendFormAsync(start with { Text = form }, "/sign-in/send-code", ("identifier", owner.Email));
        var page = await browser.GetAsync(sent.Location());
        Assert.Contains("data-digits=\"6 8 10\"", page.Text, StringComparison.Ordinal);
        var code = await NewestCodeAsync(owner.Email, 2, 6);
        await WrongBeforeAsync(Limit + 1);

        var rejected = await browser.SendFormAsync(page, "/sign-in/code", ("code", code));
        Assert.Equal(HttpStatusCode.Gone, rejected.Status);
        Assert.Contains("Codes are longer for now.", rejected.Text, StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        var again = await browser.SendFormAsync(rejected, "/sign-in/code/resend");
        var next = await browser.GetAsync(again.Location());
        var longer = await NewestCodeAsync(owner.Email, 3, 8);
        var done = await browser.SendFormAsync(next, "/sign-in/code", ("code", $"{longer[..4]} {longer[4..]}"));

        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (done.Status, done.Location()));
    }

    private Task<SignedIn> SomebodyAsync() => running.SomebodyAsync(ProxiedApp.NewPlace());

    private async Task<(Guid Id, string Code)> AskAsync(string email, int digits, int number = 2)
    {
        var asked = await PostAsync("/v1/sign-in-codes", new { identifier = email });
        return (asked.SignInCodeId(), await NewestCodeAsync(email, number, digits));
    }

    private async Task<string> NewestCodeAsync(string email, int number, int digits)
    {
        var code = Regex.Match((await app.Users.LetterAsync(email, number)).Text, @"\b\d{6,10}\b").Value;
        Assert.Equal(digits, code.Length);
        return code;
    }

    private Task<Answer> VerifyAsync(Guid id, string code, params (string, string)[] headers) =>
        PostAsync($"/v1/sign-in-codes/{id}/verify", new { code }, headers);

    // Each call comes from a network of its own, so that its limits stand at the beginning.
    private Task<Answer> PostAsync(string path, object? body, params (string, string)[] headers) =>
        app.Users.PostAsync(path, body, [.. headers, ProxiedApp.NewPlace()]);

    private Task WrongBeforeAsync(int wrong, string? tenant = null) =>
        app.ExecuteAsync(
            $"""
            insert into identity.sign_in_code_guesses (tenant_id, began_at, wrong)
            values ({tenant ?? "(select id from organizations.tenants limit 1)"}, $1, $2)
            """,
            app.Clock.GetUtcNow() - TimeSpan.FromMinutes(20),
            wrong
        );

    private Task<long> RecordedAsync() =>
        app.ScalarAsync<long>("select count(*) from audit.records where action = 'sign-in.codes-lengthened'");

    private static string Transcript(Answer answer)
    {
        var headers = answer
            .Response.Headers.Concat(answer.Response.Content.Headers)
            .Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        return $"{answer.Status}\n{string.Join('\n', headers)}\n" + Regex.Replace(answer.Text, "\"traceId\":\"[^\"]+\"", "…");
    }
}
