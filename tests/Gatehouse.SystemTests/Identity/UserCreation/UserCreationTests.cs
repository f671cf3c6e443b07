using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.Operations;

namespace Gatehouse.SystemTests.Identity.UserCreation;

/// <summary>Users created in the background, by a code that they were sent.</summary>
public sealed class UserCreationTests(RunningApp running)
{
    private const string Password = "forty lanterns over the lake";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_number_proved_by_its_code_becomes_a_user_and_the_result_is_told_live_and_can_be_read()
    {
        var admin = await app.TenantAdministratorAsync();
        var number = TestUsers.NewPhone();
        var started = await app.VerificationAsync(number, admin);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal("sms", started.Body.GetProperty("channel").GetString());
        Assert.Equal($"+44***{number[^2..]}", started.Body.GetProperty("maskedTarget").GetString());
        Assert.InRange(started.Body.GetProperty("resendAfter").GetInt32(), 1, 60);
        var letter = await app.Users.LetterAsync(number);
        var begun = new Begun(started.Body.GetProperty("verificationId").GetGuid(), letter.Code, number, admin);

        await using var live = await Listening.OpenAsync(app, "/v1/live", admin.Tokens);
        var answer = await app.CreateAsync(begun, ("password", Password));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var id = answer.Body.GetProperty("id").GetGuid();
        Assert.Equal($"/v1/operations/{id}", answer.Header("Location"));
        Assert.Equal(("users.create", "queued"), (Text(answer.Body, "kind"), Text(answer.Body, "state")));
        await live.UntilAsync(id, "succeeded");
        var user = await app.EndAsync(answer.Header("Location"), admin).UserAsync();

        var read = (await app.GetAsync($"/v1/users/{user}", admin)).Body;
        Assert.Equal((number, true), (Text(read, "phoneNumber"), read.GetProperty("phoneNumberVerified").GetBoolean()));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(number, Password)).Status);
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(number));
        Assert.Equal(
            "administrator code",
            await app.ScalarAsync<string>(
                """
                select string_agg(coalesce(data::jsonb ->> 'origin', data::jsonb ->> 'method'), ' ' order by subject_version)
                  from runtime.events where key = $1 and type in ('user.registered.v1', 'user.verified.v1')
                """,
                user
            )
        );
        Assert.Equal(
            admin.UserId,
            await app.ScalarAsync<Guid>("select actor from audit.records where subject = $1 and action = 'user.created'", user)
        );
        // Nothing that could be read is left of the request.
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from runtime.jobs where id = $1", id));
        Assert.Equal(0L, await app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where subject_id = $1", begun.Id));
    }

    [Fact]
    public async Task Without_a_password_the_user_is_sent_what_it_takes_to_choose_one()
    {
        var begun = await BeginAsync(TestUsers.NewEmail());
        await app.EndAsync(app.CreateAsync(begun, ("sendEmail", null), ("preferredLanguage", "es")), begun.By).UserAsync();
        var letter = await app.Users.LetterAsync(begun.Contact, 2);
        Assert.StartsWith("Tu cuenta", letter.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_request_is_said_at_once()
    {
        var begun = await BeginAsync(TestUsers.NewEmail());
        var answer = await app.CreateAsync(
            begun,
            ("code", null),
            ("name", ""),
            ("username", "a b"),
            ("password", "short"),
            ("preferredLanguage", "xx"),
            ("sendEmail", "yes"),
            ("roles", "tenant-administrator"),
            ("email", begun.Contact)
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            [
                "code: request.required",
                "email: request.unknown-member",
                "name: request.required",
                "password: identity.password-too-short",
                "preferredLanguage: request.unknown-value",
                "roles: request.unknown-member",
                "sendEmail: request.wrong-type",
                "username: identity.username-invalid",
            ],
            answer.Errors.Order(StringComparer.Ordinal)
        );
        // The address that the code went to is known here, and no part of a password.
        var guessable = await app.CreateAsync(begun, ("password", begun.Contact + " " + begun.Contact));
        Assert.Equal(["password: identity.password-contains-context"], guessable.Errors);
        foreach (var id in new object?[] { null, "", "1", 5, TestUsers.NewEmail() })
            Assert.Equal(HttpStatusCode.BadRequest, (await app.CreateAsync(begun, ("verificationId", id))).Status);
        foreach (var code in new object?[] { "", 123456, "12345", "1234567", "１２３４５６", "12a456", Array.Empty<string>() })
            Assert.Equal(HttpStatusCode.BadRequest, (await app.CreateAsync(begun, ("code", code))).Status);
        await app.EndAsync(app.CreateAsync(begun), begun.By).UserAsync();
    }

    [Theory]
    [InlineData("""{}""", "email: request.required", "purpose: request.required")]
    [InlineData("""{"purpose":"registration","email":"x@example.com"}""", "purpose: request.unknown-value")]
    [InlineData(
        """{"purpose":"user-creation","email":"x@example.com","phoneNumber":"+447400123456"}""",
        "phoneNumber: identity.one-contact-only"
    )]
    [InlineData("""{"purpose":"user-creation","phoneNumber":"07400123456"}""", "phoneNumber: identity.phone-number-without-country")]
    [InlineData(
        """{"purpose":"user-creation","phoneNumber":"020 7946 0018","region":"GB"}""",
        "phoneNumber: identity.phone-number-invalid"
    )]
    [InlineData("""{"purpose":"user-creation","email":null}""", "email: request.required")]
    public async Task A_code_goes_to_one_good_address_or_number_only(string body, params string[] errors)
    {
        var admin = await app.TenantAdministratorAsync();
        var answer = await app.PostAsync("/v1/verifications", JsonDocument.Parse(body).RootElement, admin);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(errors, answer.Errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Wrong_codes_cost_attempts_however_many_come_at_once_and_then_the_right_one_fails_too()
    {
        var begun = await BeginAsync(TestUsers.NewPhone());
        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.EndAsync(app.CreateAsync(begun.Wrong), begun.By)));
        var codes = ends.Select(end => Text(end.GetProperty("error"), "code")).Order(StringComparer.Ordinal);
        Assert.Equal([.. Enumerable.Repeat("identity.code-wrong", 5), .. Enumerable.Repeat("identity.too-many-attempts", 3)], codes);
        Assert.Equal(
            [0, 1, 2, 3, 4],
            ends.Select(end => end.GetProperty("error"))
                .Where(error => error.TryGetProperty("attemptsRemaining", out _))
                .Select(error => error.GetProperty("attemptsRemaining").GetInt32())
                .Order()
        );
        await app.EndAsync(app.CreateAsync(begun), begun.By).FailedAsync("identity.too-many-attempts");
        Assert.Equal(HttpStatusCode.Accepted, (await app.VerificationAsync(begun.Contact, begun.By)).Status);
    }

    [Fact]
    public async Task The_right_code_sent_many_times_at_once_makes_one_user()
    {
        var begun = await BeginAsync(TestUsers.NewPhone());
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.CreateAsync(begun)));
        var ends = new List<JsonElement>();
        foreach (var answer in answers.Where(a => a.Status == HttpStatusCode.Accepted))
            ends.Add(await app.EndAsync(answer.Header("Location"), begun.By));
        Assert.Single(ends, end => Text(end, "state") == "succeeded");
        Assert.All(
            ends.Where(end => Text(end, "state") != "succeeded"),
            end => Assert.Equal("identity.verification-completed", Text(end.GetProperty("error"), "code"))
        );
        await app.CreateAsync(begun).RejectedAsync(HttpStatusCode.Conflict, "identity.verification-completed");
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_request_only_and_for_nobody_else()
    {
        var begun = await BeginAsync(TestUsers.NewPhone());
        var other = await app.BegunAsync(TestUsers.NewPhone(), begun.By);
        if (begun.Code != other.Code)
            await app.EndAsync(app.CreateAsync(begun with { Code = other.Code }), begun.By).FailedAsync("identity.code-wrong");

        var colleague = await app.TenantAdministratorAsync();
        await app.CreateAsync(begun with { By = colleague }).RejectedAsync(HttpStatusCode.NotFound, "identity.verification-not-found");
        await app.PostAsync($"/v1/verifications/{begun.Id}/resend", body: null, colleague)
            .RejectedAsync(HttpStatusCode.NotFound, "identity.verification-not-found");
        // Nor is a code of another purpose one of this.
        var email = TestUsers.NewEmail();
        var registration = (await app.Users.RegisterAsync(email)).RegistrationId;
        var code = (await app.Users.LetterAsync(email)).Code;
        await app.CreateAsync(begun with { Id = registration, Code = code })
            .RejectedAsync(HttpStatusCode.NotFound, "identity.verification-not-found");
        Assert.Equal("identity.registration-not-found", (await app.Users.VerifyAsync(begun.Id, begun.Code)).Code);
        await app.EndAsync(app.CreateAsync(begun), begun.By).UserAsync();
    }

    [Fact]
    public async Task What_is_taken_is_said_and_with_another_username_the_same_code_stays_good()
    {
        var username = "sam-" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        var known = await app.Users.SomebodyAsync(username);
        var begun = await BeginAsync(TestUsers.NewEmail());
        await app.VerificationAsync(known.Email, begun.By).RejectedAsync(HttpStatusCode.Conflict, "identity.email-taken");
        await app.EndAsync(app.CreateAsync(begun, ("username", username)), begun.By).FailedAsync("identity.username-taken");
        var late = await BeginAsync(TestUsers.NewEmail());
        // The address registers by itself meanwhile.
        var registration = (await app.Users.RegisterAsync(late.Contact)).RegistrationId;
        await app.Users.VerifyAsync(registration, (await app.Users.LetterAsync(late.Contact, 2)).Code);
        await app.EndAsync(app.CreateAsync(late), late.By).FailedAsync("identity.email-taken");
        await app.EndAsync(app.CreateAsync(begun, ("username", username + "-2")), begun.By).UserAsync();
    }

    [Fact]
    public async Task A_request_repeated_with_its_idempotency_key_is_one_operation()
    {
        var begun = await BeginAsync(TestUsers.NewPhone());
        var key = ("Idempotency-Key", $"creation-{begun.Id}");
        var body = new
        {
            verificationId = begun.Id,
            code = begun.Code,
            name = "Grace",
        };
        var first = await app.PostAsync(CreationCalls.Path, body, begun.By, key);
        var second = await app.PostAsync(CreationCalls.Path, body, begun.By, key);
        Assert.Equal(HttpStatusCode.Accepted, second.Status);
        Assert.Equal(first.Header("Location"), second.Header("Location"));
        Assert.Equal(first.Text, second.Text);
        await app.EndAsync(first.Header("Location"), begun.By).UserAsync();
    }

    [Fact]
    public async Task A_service_account_creates_users_and_only_it_reads_the_operation()
    {
        var admin = await app.TenantAdministratorAsync();
        var token = await app.TokenAsync(await app.ClientAsync(admin, "users:write"));
        var number = TestUsers.NewPhone();
        var started = await app.AsClientAsync(
            token,
            HttpMethod.Post,
            "/v1/verifications",
            new { purpose = "user-creation", phoneNumber = number }
        );
        var code = (await app.Users.LetterAsync(number)).Code;
        var verificationId = started.Body.GetProperty("verificationId").GetGuid();
        var body = new
        {
            verificationId,
            code,
            name = "Grace",
        };
        await app.PostAsync(CreationCalls.Path, body, admin).RejectedAsync(HttpStatusCode.NotFound, "identity.verification-not-found");
        var answer = await app.AsClientAsync(token, HttpMethod.Post, CreationCalls.Path, body);
        var path = answer.Header("Location");
        await TestApp.EventuallyAsync(
            async () => Text((await app.AsClientAsync(token, HttpMethod.Get, path)).Body, "state") == "succeeded",
            "the user"
        );
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path, admin)).Status);
    }

    private async Task<Begun> BeginAsync(string contact) => await app.BegunAsync(contact, await app.TenantAdministratorAsync());

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString()!;
}
