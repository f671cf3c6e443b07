using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>Codes, links and ids that are no good, on the pages of every purpose; for the API see <see cref="BadProofTests"/>.</summary>
public sealed class BadProofPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    public static TheoryData<string> Purposes => BadProofTests.Purposes;

    public static TheoryData<string, string> Pairs =>
        [.. from own in PurposeOperations.All from other in PurposeOperations.All where own != other select (own.Purpose, other.Purpose)];

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_is_no_code_is_said_beside_the_field_as_the_api_says_it_and_costs_no_attempt(string purpose)
    {
        var (client, form) = Of(purpose);
        var started = await client.StartAsync();
        using var browser = new Browser(app);
        var page = await form.OpenAsync(browser, started.Id);
        var (code, rest) = (client.AnyCode, client.AnyCode[1..]);

        foreach (
            var typed in new[]
            {
                "",
                "   ",
                rest,
                code + "1",
                rest + "a",
                code.Replace('1', '١'),
                code.Replace('1', '１'),
                "' or 1=1 --",
                "<script>alert(1)</script>",
                new string('1', 200),
                new string('x', 20_000),
            }
        )
        {
            var rejected = await form.EnterAsync(browser, page, typed);
            var byApi = await client.VerifyWithAsync(started.Id, $"\"code\":{System.Text.Json.JsonSerializer.Serialize(typed)}");

            Assert.Equal((typed, HttpStatusCode.BadRequest), (typed, rejected.Status));
            Assert.StartsWith("code: ", Assert.Single(byApi.Errors), StringComparison.Ordinal);
            Assert.NotEqual((typed, ""), (typed, rejected.Beside("code")));
            Assert.DoesNotContain("<script>alert", rejected.Text, StringComparison.Ordinal);
        }

        // What no browser sends is not taken for a form.
        Assert.Equal(HttpStatusCode.BadRequest, (await form.EnterAsync(browser, page, rest + "\0")).Status);
        Form.AssertDone(await form.EnterAsync(browser, page, started.Code));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task A_code_is_found_in_what_users_paste(string purpose)
    {
        var (client, form) = Of(purpose);
        var started = await client.StartAsync();
        using var browser = new Browser(app);

        var half = started.Code.Length / 2;
        var done = await form.EnterAsync(
            browser,
            await form.OpenAsync(browser, started.Id),
            $" {started.Code[..half]} {started.Code[half..]} "
        );

        Form.AssertDone(done);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task After_the_last_attempt_the_form_is_gone_for_the_right_code_too(string purpose)
    {
        var (client, form) = Of(purpose);
        var started = await client.StartAsync();
        using var browser = new Browser(app);
        var page = await form.OpenAsync(browser, started.Id);

        for (var left = client.Terms.Attempts - 1; left >= 0; left--)
        {
            var wrong = await form.EnterAsync(browser, page, TestUsers.WrongCode(started.Code));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        }

        var late = await form.EnterAsync(browser, page, started.Code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
        Assert.DoesNotContain($"action=\"{form.Path}\"", late.Text, StringComparison.Ordinal);
        BadProofTests.AssertError(
            HttpStatusCode.UnprocessableEntity,
            "identity.too-many-attempts",
            await client.VerifyAsync(started.Id, started.Code)
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Guesses_at_once_count_each_and_at_most_one_right_code_wins(string purpose)
    {
        var (client, form) = Of(purpose);
        var started = await client.StartAsync();
        using var browser = new Browser(app);
        var page = await form.OpenAsync(browser, started.Id);

        await Task.WhenAll(
            Enumerable.Range(0, client.Terms.Attempts * 3).Select(_ => form.EnterAsync(browser, page, TestUsers.WrongCode(started.Code)))
        );

        BadProofTests.AssertError(
            HttpStatusCode.UnprocessableEntity,
            "identity.too-many-attempts",
            await client.VerifyAsync(started.Id, started.Code)
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_is_no_id_has_no_form_and_an_unknown_one_takes_no_code(string purpose)
    {
        var (client, form) = Of(purpose);
        var started = await client.StartAsync();
        using var browser = new Browser(app);
        var page = await form.OpenAsync(browser, started.Id);

        foreach (var id in new[] { "", "7", "not-an-id", new string('a', 5_000), $"{Guid.CreateVersion7(app.Clock.GetUtcNow())}" })
        {
            var opened = await browser.GetAsync($"{form.Path}?id={id}");
            var entered = await form.EnterAsync(browser, page, started.Code, id);

            Assert.True((int)opened.Status is 200 or (>= 400 and < 500), $"{id}: {opened.Status}");
            Assert.True((int)entered.Status is >= 400 and < 500, $"{id}: {entered.Status}");
            Assert.DoesNotContain(started.Email, opened.Text + entered.Text, StringComparison.Ordinal);
        }

        Form.AssertDone(await form.EnterAsync(browser, page, started.Code));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_code_or_link_of_one_purpose_opens_nothing_on_the_pages_of_another(string purpose, string other)
    {
        var ((own, form), (foreign, foreignForm)) = (Of(purpose), Of(other));
        var (ofOwn, ofForeign) = (await own.StartAsync(), await foreign.StartAsync());
        using var browser = new Browser(app);
        var page = await form.OpenAsync(browser, ofOwn.Id);

        var entered = await form.EnterAsync(browser, page, ofForeign.Code, $"{ofForeign.Id}");
        Assert.True((int)entered.Status is >= 400 and < 500, $"{entered.Status}");
        foreach (var token in new[] { ofForeign.Link, "", "abc", ofOwn.Link[1..], ofOwn.Link + "A" })
        {
            var opened = await browser.GetAsync(form.LinkTo(ofOwn.Id, token));
            Assert.Equal(HttpStatusCode.OK, opened.Status);
            Assert.DoesNotContain("name=\"token\"", opened.Text, StringComparison.Ordinal);
            var sent = await browser.SubmitAsync(form.LinkPath, form.LinkFields(ofOwn.Id, token));
            Assert.True((int)sent.Status is >= 400 and < 500, $"{token}: {sent.Status}");
        }

        Form.AssertDone(await form.EnterAsync(browser, page, ofOwn.Code));
        using var another = new Browser(app);
        Form.AssertDone(await foreignForm.EnterAsync(another, await foreignForm.OpenAsync(another, ofForeign.Id), ofForeign.Code));
    }

    private (PurposeClient Client, Form Form) Of(string purpose)
    {
        var operations = PurposeOperations.Of(purpose);
        return (new PurposeClient(app, operations), new Form(operations));
    }

    /// <summary>The pages of one purpose.</summary>
    private sealed class Form(PurposeOperations operations)
    {
        public string Path => operations.Pages.Code;

        public string LinkPath => operations.Pages.Link;

        public Task<Answer> OpenAsync(Browser browser, Guid id) => browser.GetAsync($"{Path}?id={id}");

        public Task<Answer> EnterAsync(Browser browser, Answer page, string code, string? id = null)
        {
            (string, string)[] typed = [("code", code), ("password", Resetting.NewPassword)];
            return browser.SendFormAsync(page, Path, id is null ? typed : [.. typed, ("id", id)]);
        }

        public string LinkTo(Guid id, string token)
        {
            var fields = LinkFields(id, token).Where(field => field.Key != "password");
            return $"{LinkPath}?{string.Join('&', fields.Select(field => $"{field.Key}={field.Value}"))}";
        }

        public IEnumerable<KeyValuePair<string, string>> LinkFields(Guid id, string token)
        {
            var fields = new List<KeyValuePair<string, string>> { new("token", token), new("password", Resetting.NewPassword) };
            return operations.LinkHasId ? fields.Append(new("id", $"{id}")) : fields;
        }

        public static void AssertDone(Answer answer)
        {
            Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
            Assert.DoesNotContain("/code", answer.Location(), StringComparison.Ordinal);
        }
    }
}
