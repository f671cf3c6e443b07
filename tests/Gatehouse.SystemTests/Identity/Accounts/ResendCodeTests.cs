using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

[Collection<MovedTime>]
public sealed class ResendCodeTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Parallel_resends_send_one_message()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        await app.Users.LetterAsync(email);
        app.Clock.Advance(TimeSpan.FromSeconds(60));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Users.ResendAsync(id)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Accepted);
        Assert.Equal(7, answers.Count(a => a.Code == "identity.resend-too-soon"));
        await app.QuietAsync();
        Assert.Equal(2, (await app.Users.LettersAsync(email)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_address_gets_ten_codes_a_day_whoever_asks(bool known)
    {
        var email = TestUsers.NewEmail();
        if (known)
            await app.Users.RegisteredUserAsync(email);
        var flows = new List<Guid>();
        for (var i = known ? 1 : 0; i < 8; i++)
            flows.Add((await app.Users.RegisterAsync(email)).RegistrationId);
        app.Clock.Advance(TimeSpan.FromSeconds(60));

        // The last two messages go to whoever comes first, through new flows and through old ones; nobody is told.
        var answers = await Task.WhenAll(
            flows.Take(3).Select(app.Users.ResendAsync).Concat([app.Users.RegisterAsync(email), app.Users.RegisterAsync(email)])
        );
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.Status));
        await app.QuietAsync();
        Assert.Equal(10, (await app.Users.LettersAsync(email)).Count);

        app.Clock.Advance(TimeSpan.FromHours(24));
        await app.Users.RegisterAsync(email);
        await app.Users.LetterAsync(email, 11);
    }

    [Fact]
    public async Task The_mail_of_a_later_code_keeps_the_language_of_the_start()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            ("Accept-Language", "es")
        );
        await app.Users.LetterAsync(email);
        app.Clock.Advance(TimeSpan.FromSeconds(60));

        await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/resend", body: null, ("Accept-Language", "en"));

        Assert.Contains("Hola", (await app.Users.LetterAsync(email, 2)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_completed_registration_counts_on_and_sends_nothing()
    {
        var email = TestUsers.NewEmail();
        var id = (await app.Users.RegisterAsync(email)).RegistrationId;
        var code = (await app.Users.LetterAsync(email)).Code;
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(id, code)).Status);

        Assert.Equal("identity.resend-too-soon", (await app.Users.ResendAsync(id)).Code);
        app.Clock.Advance(TimeSpan.FromSeconds(60));
        var sent = await app.Users.ResendAsync(id);

        Assert.Equal(HttpStatusCode.Accepted, sent.Status);
        Assert.Equal(120, sent.Body.GetProperty("resendAfter").GetInt32());
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(email));
    }
}
