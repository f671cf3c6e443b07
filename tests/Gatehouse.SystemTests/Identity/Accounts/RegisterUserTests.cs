using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

[Collection<MovedTime>]
public sealed class RegisterUserTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_person_registers_receives_a_code_and_becomes_a_user()
    {
        var email = TestUsers.NewEmail();

        var started = await app.Users.RegisterAsync(email, "Ada", username: "ada");
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal(60, started.Body.GetProperty("resendAfter").GetInt32());
        Assert.Equal("email", started.Body.GetProperty("channel").GetString());
        Assert.Equal("p***@example.com", started.Body.GetProperty("maskedTarget").GetString());
        Assert.InRange(
            started.Body.GetProperty("expiresAt").GetDateTimeOffset() - app.Clock.GetUtcNow(),
            TimeSpan.FromMinutes(9),
            TimeSpan.FromMinutes(10)
        );
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.users where username = 'ada'"));

        var letter = await app.Users.LetterAsync(email);
        var verified = await app.Users.VerifyAsync(started.RegistrationId, letter.Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        var user = verified.Body.GetProperty("user");
        Assert.Equal(email, user.GetProperty("email").GetString());
        Assert.Equal("ada", user.GetProperty("username").GetString());
        Assert.True(user.GetProperty("emailVerified").GetBoolean());
        Assert.True(user.GetProperty("hasPassword").GetBoolean());

        await app.QuietAsync();
        Assert.Equal(
            "user.registered.v1,user.verified.v1",
            await app.ScalarAsync<string>(
                "select string_agg(type, ',' order by subject_version) from runtime.events where topic = 'gatehouse.users' and key = $1",
                user.GetProperty("id").GetGuid()
            )
        );
    }

    [Fact]
    public async Task Two_spellings_of_an_address_are_one_account()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email);

        var again = await app.Users.RegisterAsync(email.ToUpperInvariant());

        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Contains("account", (await app.Users.LetterAsync(email, 2)).Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rosalind", "rosalind")]
    [InlineData("grace", "GRACE")]
    public async Task A_taken_username_is_said_at_once_and_nothing_is_stored(string taken, string wanted)
    {
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail(), taken);
        var before = await app.FootprintAsync();

        var answer = await app.Users.RegisterAsync(TestUsers.NewEmail(), username: wanted);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("identity.username-taken", answer.Code);
        Assert.Equal(before, await app.FootprintAsync());
    }

    [Theory]
    [InlineData("en-GB,en;q=0.9", "is your Gatehouse code", "Hello")]
    [InlineData("hi", "कोड", "नमस्ते")]
    [InlineData("fr;q=0.9, es;q=0.8", "es tu código de Gatehouse", "Hola")]
    [InlineData("xx", "is your Gatehouse code", "Hello")]
    public async Task The_mail_speaks_the_language_of_the_caller_and_does_not_repeat_the_name(
        string accept,
        string subject,
        string greeting
    )
    {
        var email = TestUsers.NewEmail();

        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "<b>Ada</b> & \"Co\" {{code}}",
                password = TestUsers.Password,
            },
            ("Accept-Language", accept)
        );

        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var letter = await app.Users.LetterAsync(email);
        Assert.Contains(subject, letter.Subject, StringComparison.Ordinal);
        Assert.Contains(greeting, letter.Text, StringComparison.Ordinal);
        Assert.Contains(greeting, letter.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", letter.Subject + letter.Html + letter.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_begins_with_the_configured_address_whatever_the_request_says()
    {
        var email = TestUsers.NewEmail();

        await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            },
            ("Host", "evil.example"),
            ("X-Forwarded-Host", "evil.example")
        );

        var letter = await app.Users.LetterAsync(email);
        Assert.Contains("http://localhost:8080/register/confirm?token=", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", letter.Text + letter.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hi")]
    [InlineData("es")]
    public async Task Refusals_speak_the_language_of_the_caller_and_keep_their_codes(string language)
    {
        var english = await app.Users.PostAsync("/v1/registrations", new { email = "nobody" });
        var other = await app.Users.PostAsync("/v1/registrations", new { email = "nobody" }, ("Accept-Language", language));

        Assert.Equal(english.Code, other.Code);
        Assert.Equal(english.Errors, other.Errors);
        Assert.Equal(language, other.Header("Content-Language"));
        Assert.Contains("Accept-Language", other.Header("Vary"), StringComparison.Ordinal);
        var texts = app.Services.GetRequiredService<Gatehouse.Web.MessageCatalog>();
        Assert.Equal(texts.Text("request.invalid", language), other.Body.GetProperty("detail").GetString());
        Assert.NotEqual(english.Body.GetProperty("detail").GetString(), other.Body.GetProperty("detail").GetString());
        Assert.All(
            other.Body.GetProperty("errors").EnumerateArray().Zip(english.Body.GetProperty("errors").EnumerateArray()),
            pair => Assert.NotEqual(pair.Second.GetProperty("message").GetString(), pair.First.GetProperty("message").GetString())
        );
    }

    [Fact]
    public async Task Pending_row_code_and_event_are_stored_together_or_not_at_all()
    {
        await app.ExecuteAsync(
            """
            create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
            create trigger refuse before insert on runtime.events for each row
              when (new.type = 'notification.requested.v1') execute function public.refuse();
            """
        );
        try
        {
            var email = TestUsers.NewEmail();
            var before = await MainTablesAsync();
            var failed = await app.Users.RegisterAsync(email);
            Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
            Assert.Equal("request.unexpected", failed.Code);
            Assert.DoesNotContain("trigger", failed.Text, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(before, await MainTablesAsync());
            Assert.Empty(await app.Users.LettersAsync(email));
        }
        finally
        {
            await app.ExecuteAsync("drop trigger refuse on runtime.events; drop function public.refuse()");
        }
    }

    [Fact]
    public async Task No_row_is_stored_without_its_code_and_no_event_without_its_row()
    {
        await app.ExecuteAsync(
            "alter table identity.verifications add constraint nothing_goes check (created_at < '2000-01-01') not valid"
        );
        try
        {
            var email = TestUsers.NewEmail();
            var before = await MainTablesAsync();
            Assert.Equal(HttpStatusCode.InternalServerError, (await app.Users.RegisterAsync(email)).Status);
            Assert.Equal(before, await MainTablesAsync());
            Assert.Empty(await app.Users.LettersAsync(email));
        }
        finally
        {
            await app.ExecuteAsync("alter table identity.verifications drop constraint nothing_goes");
        }
    }

    // The key of the flow lies in the other database; one without a row ends by itself.
    private async Task<string> MainTablesAsync()
    {
        var footprint = await app.FootprintAsync();
        return footprint[..footprint.LastIndexOf(' ')];
    }
}
