using System.Net;
using Gatehouse.Identity.Verification;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>Codes, links and ids that are no good, for every purpose.</summary>
public sealed class BadProofTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    public static TheoryData<string> Purposes => [.. PurposeOperations.All.Select(operations => operations.Purpose)];

    [Fact]
    public void Every_purpose_has_its_row() =>
        Assert.Equal(
            app.Services.GetServices<VerificationPurpose>().Select(purpose => purpose.Name).Order(StringComparer.Ordinal),
            PurposeOperations.All.Select(operations => operations.Purpose).Concat(PurposeOperations.Elsewhere).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_is_no_code_is_named_and_costs_no_attempt(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();
        var (code, rest) = (client.AnyCode, client.AnyCode[1..]);

        foreach (
            var (members, error) in new[]
            {
                ("", "code: request.required"),
                ("\"code\":null", "code: request.required"),
                ("\"code\":\"\"", "code: request.required"),
                ($"\"code\":\"{rest}\"", "code: identity.code-malformed"),
                ($"\"code\":\"{code}1\"", "code: identity.code-malformed"),
                ($"\"code\":\" {rest}\"", "code: identity.code-malformed"),
                ($"\"code\":\"{rest}a\"", "code: identity.code-malformed"),
                ($"\"code\":\"{code.Replace('1', '١')}\"", "code: identity.code-malformed"),
                ($"\"code\":\"{code.Replace('1', '１')}\"", "code: identity.code-malformed"),
                ($"\"code\":\"{rest}\\u0000\"", "code: request.control-character"),
                ($"\"code\":{code}", "code: request.wrong-type"),
                ($"\"code\":[\"{code}\"]", "code: request.wrong-type"),
                ("\"code\":{\"$ne\":\"1\"}", "code: request.wrong-type"),
                ($"\"code\":\"{code}\",\"code\":\"{code}\"", "code: request.duplicate-member"),
            }
        )
        {
            var answer = await client.VerifyWithAsync(started.Id, members);
            Assert.Equal((members, "request.invalid", error), (members, answer.Code, string.Join(", ", answer.Errors)));
        }

        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(started.Id, started.Code)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_is_no_link_is_named_and_an_altered_one_is_invalid(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();
        var rest = started.Link[1..];

        foreach (
            var (token, error) in new[]
            {
                ("abc", "token: identity.link-malformed"),
                (rest, "token: identity.link-malformed"),
                (rest + "=", "token: identity.link-malformed"),
                (rest + "\\n", "token: request.control-character"),
            }
        )
        {
            var answer = await client.ConfirmAsync(started.Id, token);
            Assert.Equal((token, "request.invalid"), (token, answer.Code));
            Assert.Contains(error, answer.Errors);
        }

        Assert.Contains("token: request.wrong-type", (await client.ConfirmWithAsync(started.Id, "\"token\":7")).Errors);
        AssertError(
            HttpStatusCode.NotFound,
            "identity.link-invalid",
            await client.ConfirmAsync(started.Id, (started.Link[0] == 'A' ? 'B' : 'A') + rest)
        );
        Assert.Equal(client.Operations.Done, (await client.ConfirmAsync(started.Id, started.Link)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task After_the_last_attempt_the_right_code_is_rejected_and_the_link_is_not(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();

        for (var left = client.Terms.Attempts - 1; left >= 0; left--)
        {
            var wrong = await client.VerifyAsync(started.Id, TestUsers.WrongCode(started.Code));
            AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", wrong);
            Assert.Equal(left, wrong.Body.GetProperty("attemptsRemaining").GetInt32());
        }

        AssertError(HttpStatusCode.UnprocessableEntity, "identity.too-many-attempts", await client.VerifyAsync(started.Id, started.Code));
        Assert.Equal(client.Operations.Done, (await client.ConfirmAsync(started.Id, started.Link)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task The_last_attempt_counts_when_the_code_is_right(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();
        for (var i = 1; i < client.Terms.Attempts; i++)
            await client.VerifyAsync(started.Id, TestUsers.WrongCode(started.Code));

        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(started.Id, started.Code)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Code_and_link_work_once_and_only_who_has_them_learns_of_the_completion(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(started.Id, started.Code)).Status);

        AssertError(HttpStatusCode.Conflict, client.Terms.Completed.Code, await client.VerifyAsync(started.Id, started.Code));
        AssertError(HttpStatusCode.Conflict, client.Terms.Completed.Code, await client.ConfirmAsync(started.Id, started.Link));
        AssertError(
            HttpStatusCode.UnprocessableEntity,
            "identity.code-wrong",
            await client.VerifyAsync(started.Id, TestUsers.WrongCode(started.Code))
        );
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Code_and_link_of_another_verification_do_not_work(string purpose)
    {
        var client = Client(purpose);
        var (first, second) = (await client.StartAsync(), await client.StartAsync());
        var foreign = first.Code == second.Code ? TestUsers.WrongCode(first.Code) : first.Code;

        AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", await client.VerifyAsync(second.Id, foreign));
        if (client.Operations.LinkHasId)
            AssertError(HttpStatusCode.NotFound, "identity.link-invalid", await client.ConfirmAsync(second.Id, first.Link));
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(first.Id, first.Code)).Status);
        Assert.Equal(client.Operations.Done, (await client.ConfirmAsync(second.Id, second.Link)).Status);
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task An_unknown_id_is_not_found(string purpose)
    {
        var client = Client(purpose);
        var id = Guid.CreateVersion7(app.Clock.GetUtcNow());

        AssertError(HttpStatusCode.NotFound, client.Terms.NotFound.Code, await client.VerifyAsync(id, client.AnyCode));
        AssertError(HttpStatusCode.NotFound, client.NoSuchLink, await client.ConfirmAsync(id, new string('A', 43)));
        AssertError(HttpStatusCode.NotFound, client.Terms.NotFound.Code, await client.ResendAsync(id));
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task What_is_no_id_leads_nowhere(string purpose)
    {
        var client = Client(purpose);

        foreach (var id in new[] { "not-an-id", "00000000", "7" })
        {
            AssertError(HttpStatusCode.NotFound, "request.not-found", await client.VerifyWithAsync(id, $"\"code\":\"{client.AnyCode}\""));
            AssertError(HttpStatusCode.NotFound, "request.not-found", await client.ResendAsync(id));
        }
    }

    [Theory]
    [MemberData(nameof(Purposes))]
    public async Task Asking_for_the_next_message_too_early_says_how_long_to_wait(string purpose)
    {
        var client = Client(purpose);
        var started = await client.StartAsync();

        var early = await client.ResendAsync(started.Id);

        AssertError(HttpStatusCode.TooManyRequests, "identity.resend-too-soon", early);
        Assert.InRange(early.RetryAfter(), 1, 60);
        Assert.Equal(client.Operations.Done, (await client.VerifyAsync(started.Id, started.Code)).Status);
    }

    internal static void AssertError(HttpStatusCode status, string code, Answer answer) =>
        Assert.Equal((status, code), (answer.Status, answer.Code));

    private PurposeClient Client(string purpose) => new(app, PurposeOperations.Of(purpose));
}
