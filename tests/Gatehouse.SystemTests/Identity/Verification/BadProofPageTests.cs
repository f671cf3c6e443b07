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
        using var form = await Form.OpenAsync(app, purpose);
        var (code, rest) = (form.Client.AnyCode, form.Client.AnyCode[1..]);

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
            var rejected = await form.EnterAsync(typed);
            var byApi = await form.Client.VerifyWithAsync(form.Started.Id, $"\"code\":{System.Text.Json.JsonSerializer.Serialize(typed)}");

            Assert.Equal((typed, HttpStatusCode.BadRequest), (typed, rejected.Status));
            Assert.StartsWith("code: ", Assert.Single(byApi.Errors), StringComparison.Ordinal);
            Assert.NotEqual((typed, ""), (typed, rejected.Beside("code")));
            Assert.DoesNotContain("<script>alert", rejected.Text, StringComparison.Ordinal);
        }

        // What no browser sends is not taken for a form.
        Assert.Equal(HttpStatusCode.BadRequest, (await form.EnterAsync(rest + "\0")).Status);
        Form.AssertDone(await form.EnterAsync(form.Started.Code));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task A_code_is_found_in_what_users_paste(string purpose)
    {
        using var form = await Form.OpenAsync(app, purpose);
        var code = form.Started.Code;
        var half = code.Length / 2;

        Form.AssertDone(await form.EnterAsync($" {code[..half]} {code[half..]} "));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task After_the_last_attempt_the_form_is_gone_for_the_right_code_too(string purpose)
    {
        using var form = await Form.OpenAsync(app, purpose);

        for (var left = form.Client.Terms.Attempts - 1; left >= 0; left--)
        {
            var wrong = await form.EnterAsync(TestUsers.WrongCode(form.Started.Code));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        }

        var late = await form.EnterAsync(form.Started.Code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
        Assert.DoesNotContain($"action=\"{form.Path}\"", late.Text, StringComparison.Ordinal);
        BadProofTests.AssertError(
            HttpStatusCode.UnprocessableEntity,
            "identity.too-many-attempts",
            await form.Client.VerifyAsync(form.Started.Id, form.Started.Code)
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Guesses_at_once_count_each_and_at_most_one_right_code_wins(string purpose)
    {
        using var form = await Form.OpenAsync(app, purpose);

        await Task.WhenAll(
            Enumerable.Range(0, form.Client.Terms.Attempts * 3).Select(_ => form.EnterAsync(TestUsers.WrongCode(form.Started.Code)))
        );

        BadProofTests.AssertError(
            HttpStatusCode.UnprocessableEntity,
            "identity.too-many-attempts",
            await form.Client.VerifyAsync(form.Started.Id, form.Started.Code)
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_is_no_id_has_no_form_and_an_unknown_one_takes_no_code(string purpose)
    {
        using var form = await Form.OpenAsync(app, purpose);

        foreach (var id in new[] { "", "7", "not-an-id", new string('a', 5_000), $"{Guid.CreateVersion7(app.Clock.GetUtcNow())}" })
        {
            var opened = await form.Browser.GetAsync($"{form.Path}?id={id}");
            var entered = await form.EnterAsync(form.Started.Code, id);

            Assert.True((int)opened.Status is 200 or (>= 400 and < 500), $"{id}: {opened.Status}");
            Assert.True((int)entered.Status is >= 400 and < 500, $"{id}: {entered.Status}");
            Assert.DoesNotContain(form.Started.Email, opened.Text + entered.Text, StringComparison.Ordinal);
        }

        Form.AssertDone(await form.EnterAsync(form.Started.Code));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_code_or_link_of_one_purpose_opens_nothing_on_the_pages_of_another(string purpose, string other)
    {
        using var own = await Form.OpenAsync(app, purpose);
        using var foreign = await Form.OpenAsync(app, other);

        var entered = await own.EnterAsync(foreign.Started.Code, $"{foreign.Started.Id}");
        Assert.True((int)entered.Status is >= 400 and < 500, $"{entered.Status}");
        foreach (var token in new[] { foreign.Started.Link, "", "abc", own.Started.Link[1..], own.Started.Link + "A" })
        {
            var opened = await own.Browser.GetAsync(own.LinkTo(token));
            Assert.Equal(HttpStatusCode.OK, opened.Status);
            Assert.DoesNotContain("name=\"token\"", opened.Text, StringComparison.Ordinal);
            var sent = await own.FollowAsync(token);
            Assert.True((int)sent.Status is >= 400 and < 500, $"{token}: {sent.Status}");
        }

        Form.AssertDone(await own.EnterAsync(own.Started.Code));
        Form.AssertDone(await foreign.EnterAsync(foreign.Started.Code));
    }

    /// <summary>The page of a purpose that asks for the code of a verification, open in a browser.</summary>
    private sealed class Form(PurposeClient client, Started started, Browser browser, Answer page) : IDisposable
    {
        public PurposeClient Client => client;

        public Started Started => started;

        public Browser Browser => browser;

        public string Path => client.Operations.Pages.Code;

        public static async Task<Form> OpenAsync(TestApp app, string purpose)
        {
            var client = new PurposeClient(app, PurposeOperations.Of(purpose));
            var started = await client.StartAsync();
            var browser = new Browser(app);
            return new Form(client, started, browser, await browser.GetAsync($"{client.Operations.Pages.Code}?id={started.Id}"));
        }

        public void Dispose() => browser.Dispose();

        public Task<Answer> EnterAsync(string code, string? id = null)
        {
            (string, string)[] typed = [("code", code), ("password", Resetting.NewPassword)];
            return browser.SendFormAsync(page, Path, id is null ? typed : [.. typed, ("id", id)]);
        }

        public string LinkTo(string token)
        {
            var fields = LinkFields(token).Where(field => field.Key != "password");
            return $"{client.Operations.Pages.Link}?{string.Join('&', fields.Select(field => $"{field.Key}={field.Value}"))}";
        }

        /// <summary>Sends the form that stands behind a link.</summary>
        public Task<Answer> FollowAsync(string token) => browser.SubmitAsync(client.Operations.Pages.Link, LinkFields(token));

        public static void AssertDone(Answer answer)
        {
            Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
            Assert.DoesNotContain("/code", answer.Location(), StringComparison.Ordinal);
        }

        private IEnumerable<KeyValuePair<string, string>> LinkFields(string token)
        {
            var fields = new List<KeyValuePair<string, string>> { new("token", token), new("password", Resetting.NewPassword) };
            return client.Operations.LinkHasId ? fields.Append(new("id", $"{started.Id}")) : fields;
        }
    }
}
