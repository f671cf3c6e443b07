using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Factors;

namespace Gatehouse.SystemTests.Identity.Verification;

/// <summary>Registrations and password resets whose codes and links lie in Redis, through the front door.</summary>
public sealed class RedisFlowTests(RedisApp running) : IClassFixture<RedisApp>
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Registration_resend_and_code_work_on_any_node_and_leave_no_row_of_a_verification()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        var old = (await app.Users.LetterAsync(email)).Code;
        Assert.Equal("identity.resend-too-soon", (await app.Users.ResendAsync(id)).Code);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.Accepted, (await running.Other.Users.ResendAsync(id)).Status);
        var code = (await app.Users.LetterAsync(email, 2)).Code;
        if (old != code)
            Assert.Equal("identity.code-wrong", (await running.Other.Users.VerifyAsync(id, old)).Code);

        Assert.Equal(HttpStatusCode.Created, (await running.Other.Users.VerifyAsync(id, code)).Status);
        Assert.Equal("identity.registration-completed", (await app.Users.VerifyAsync(id, code)).Code);
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>(
                "select (select count(*) from identity.verifications) + (select count(*) from identity.code_quotas where kind = 'email')"
            )
        );
    }

    [Fact]
    public async Task Of_an_erased_user_no_verification_is_left()
    {
        var (admin, person) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var (reset, _) = await app.ResetMailAsync(person.Email, person.Email);
        Assert.NotEqual("identity.reset-not-found", (await app.Users.ResendResetAsync(reset)).Code);

        await app.PostAsync($"/v1/users/{person.UserId}/erase", new { reason = "test" }, admin).DoneAsync();

        await TestApp.EventuallyAsync(
            async () => (await app.Users.ResendResetAsync(reset)).Code == "identity.reset-not-found",
            "the verification is gone"
        );
    }

    [Fact]
    public async Task A_link_is_good_once_and_the_password_typed_with_it_counts_attempts()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        var link = (await app.Users.LetterAsync(email)).LinkToken;

        Assert.Equal("identity.password-wrong", (await app.Users.ConfirmAsync(link, "not the password of it")).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.ConfirmAsync(link, TestUsers.Password)).Status);
        Assert.Equal("identity.registration-completed", (await app.Users.ConfirmAsync(link)).Code);
    }

    [Fact]
    public async Task A_password_is_reset_by_code_and_by_link_and_neither_works_again()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);
        var (first, byCode) = await app.ResetMailAsync(email, email);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(first, byCode.ResetCode)).Status);
        Assert.Equal("identity.reset-completed", (await app.Users.ResetByCodeAsync(first, byCode.ResetCode)).Code);

        // The notice of the change is a mail as well.
        var (second, byLink) = await app.ResetMailAsync(email, email, number: 4);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await app.Users.ResetByLinkAsync(second, byLink.LinkToken, "nine geese cross a frozen lake")).Status
        );
        Assert.Equal("identity.reset-completed", (await app.Users.ResetByLinkAsync(second, byLink.LinkToken)).Code);
    }

    [Fact]
    public async Task A_second_factor_is_sent_from_one_node_and_answered_once_at_another()
    {
        var person = await app.Users.SomebodyAsync();
        var (number, _) = await app.AddSmsAsync(person);
        var challenge = await app.Users.ChallengedAsync(person.Email);
        var code = await app.SentCodeAsync(challenge, "sms", number, 3);
        Assert.Equal("identity.resend-too-soon", (await running.Other.Users.SendCodeAsync(challenge, "sms")).Code);

        Assert.Equal("identity.code-wrong", (await app.Users.AnswerChallengeAsync(challenge, "sms", TestUsers.WrongCode(code))).Code);
        Assert.Equal(HttpStatusCode.Created, (await running.Other.Users.AnswerChallengeAsync(challenge, "sms", code)).Status);
        Assert.Equal("identity.challenge-not-found", (await app.Users.AnswerChallengeAsync(challenge, "sms", code)).Code);
    }

    [Fact]
    public async Task The_right_code_sent_by_many_at_once_makes_one_user()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        var code = (await app.Users.LetterAsync(email)).Code;
        TestApp[] nodes = [app, running.Other];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => nodes[i % 2].Users.VerifyAsync(id, code)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(a => a.Code == "identity.registration-completed"));
        await app.QuietAsync();
        var user = answers.Single(a => a.Status == HttpStatusCode.Created).Body.GetProperty("user").GetProperty("id").GetGuid();
        Assert.Equal(3L, await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1", user));
    }

    [Fact]
    public async Task Wrong_codes_sent_by_many_at_once_count_one_by_one()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        var code = (await app.Users.LetterAsync(email)).Code;
        TestApp[] nodes = [app, running.Other];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => nodes[i % 2].Users.VerifyAsync(id, TestUsers.WrongCode(code)))
        );

        Assert.Equal(5, answers.Count(a => a.Code == "identity.code-wrong"));
        Assert.Equal(5, answers.Count(a => a.Code == "identity.too-many-attempts"));
        Assert.Equal("identity.too-many-attempts", (await app.Users.VerifyAsync(id, code)).Code);
    }

    [Fact]
    public async Task Neither_address_nor_code_nor_link_nor_password_lies_in_redis_and_everything_there_ends()
    {
        const string Name = "Grace Hopper-Zuckmayer";
        var (email, other) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        await app.Users.RegisterAsync(email, Name, username: "grace.of.redis");
        var letter = await app.Users.LetterAsync(email);
        await app.Users.RegisteredUserAsync(other);
        var (_, reset) = await app.ResetMailAsync(other, other);

        var content = await running.Server.ContentAsync();

        // Each test leaves some.
        Assert.True(content.Count >= 6, string.Join('\n', content));
        Assert.All(content, entry => Assert.Matches("^gatehouse:(verification|link|messages|target|user):", entry));
        Assert.All(content, entry => Assert.Matches(@"^\S+ (\d+\.)?\d\d:\d\d:\d\d", entry));
        string[] secrets =
        [
            email,
            other,
            email.Split('@')[0],
            Name,
            "grace.of.redis",
            TestUsers.Password,
            letter.LinkToken,
            reset.LinkToken,
            $"\"{letter.Code}\"",
            $"\"{reset.ResetCode}\"",
        ];
        foreach (var secret in secrets)
        {
            var base64 = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret));
            Assert.DoesNotContain(content, entry => entry.Contains(secret, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(content, entry => entry.Contains(base64, StringComparison.Ordinal));
        }
    }
}
