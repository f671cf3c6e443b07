using System.Net;
using System.Text;
using Gatehouse.Encryption;
using Gatehouse.Identity.Values;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.UserCreation;
using Gatehouse.SystemTests.Server;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>A phone number instead of an e-mail address, from the registration on.</summary>
public sealed class PhoneTests(RunningApp running)
{
    private const string NewPassword = Resetting.NewPassword;

    private static readonly string[] AtHome = ["07400 123456"];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_user_registers_signs_in_and_resets_the_password_with_a_phone_number()
    {
        var number = TestUsers.NewPhone();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(number));
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        Assert.Equal(
            ("sms", "+44***" + number[^2..]),
            (started.Body.GetProperty("channel").GetString(), started.Body.GetProperty("maskedTarget").GetString())
        );
        var message = await app.Users.LetterAsync(number);
        Assert.Equal(("sms", ""), (message.Channel, message.LinkToken));

        var verified = await app.Users.VerifyAsync(started.RegistrationId, message.Code);
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        var user = verified.Body.GetProperty("user");
        Assert.Equal((number, true), (user.GetProperty("phoneNumber").GetString(), user.GetProperty("phoneNumberVerified").GetBoolean()));
        Assert.False(user.GetProperty("emailVerified").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(verified.Tokens())).Status);

        // In any spelling, and at home with the country.
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync($" {number[..3]} (0){number[3..7]}-{number[7..]} ")).Status);
        Assert.Equal(HttpStatusCode.Created, (await SignInAsync("0" + number[3..], "GB")).Status);
        Assert.Equal("identity.invalid-credentials", (await SignInAsync("0" + number[3..], "DE")).Code);
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync("0" + number[3..])).Code);

        var (reset, code) = await app.ResetMailAsync(number, number);
        Assert.Equal(("sms", ""), (code.Channel, code.LinkToken));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByCodeAsync(reset, code.ResetCode)).Status);
        Assert.Equal("sms", (await app.Users.LetterAsync(number, 3)).Channel);
        var again = await app.Users.SignInAsync(number, NewPassword);
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.False((await app.Users.MeAsync(again.Tokens())).Body.GetProperty("emailVerified").GetBoolean());
    }

    [Theory]
    [InlineData("+54 9 11 2345 67", "+54 11 2345 67")]
    [InlineData("+972 56 912 34", "+970 56 912 34")]
    [InlineData("+241 06 03 12 ", "+241 66 03 12 ")]
    public async Task Two_spellings_of_a_line_are_one_account(string typed, string other)
    {
        var digits = TestUsers.NewPhone()[^2..];
        await RegisteredAsync(typed + digits);

        var second = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(other + digits));

        Assert.Equal(HttpStatusCode.Accepted, second.Status);
        await app.QuietAsync();
        Assert.Equal("account-exists", await LastTemplateAsync(second.RegistrationId));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(other + digits)).Status);
    }

    [Fact]
    public async Task Of_two_who_prove_one_number_at_once_one_gets_the_account()
    {
        var number = TestUsers.NewPhone();
        var first = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(number));
        var code = (await app.Users.LetterAsync(number)).Code;
        var second = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(number));
        var other = (await app.Users.LetterAsync(number, 2)).Code;

        var answers = await Task.WhenAll(
            app.Users.VerifyAsync(first.RegistrationId, code),
            app.Users.VerifyAsync(second.RegistrationId, other)
        );

        Assert.Equal([null, "identity.phone-number-taken"], answers.Select(answer => answer.Code).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("+43 664 123456 Mia", null, "identity.phone-number-invalid")]
    [InlineData("+43 664 123456.0", null, "identity.phone-number-invalid")]
    [InlineData("+44 20 7946 0958", null, "identity.phone-number-invalid")]
    [InlineData("07400 123456", null, "identity.phone-number-without-country")]
    [InlineData("07400 123456", "XX", "identity.region-unknown")]
    [InlineData("62812345678", "ID", "identity.phone-number-ambiguous")]
    [InlineData("", "GB", "request.required", "email")]
    public async Task What_is_no_number_is_rejected_with_what_is_wrong(
        string typed,
        string? region,
        string code,
        string field = "phoneNumber"
    )
    {
        var body = TestUsers.Registration(typed.Length == 0 ? " " : typed);
        if (region is not null)
            body["region"] = region;

        Assert.Equal([$"{field}: {code}"], (await app.Users.PostAsync("/v1/registrations", body)).Errors);
    }

    [Fact]
    public async Task A_registration_has_one_address_or_number()
    {
        var body = TestUsers.Registration(TestUsers.NewPhone());
        body["email"] = TestUsers.NewEmail();

        Assert.Equal(["phoneNumber: identity.one-contact-only"], (await app.Users.PostAsync("/v1/registrations", body)).Errors);
    }

    [Fact]
    public async Task A_password_must_not_contain_the_number()
    {
        var number = TestUsers.NewPhone();
        var body = TestUsers.Registration(number);
        body["password"] = "call me 0" + number[3..];

        Assert.Equal(["password: identity.password-contains-context"], (await app.Users.PostAsync("/v1/registrations", body)).Errors);
    }

    [Fact]
    public async Task A_number_is_stored_sealed()
    {
        var number = TestUsers.NewPhone();
        var user = await RegisteredAsync(number);

        Assert.Empty(await app.PlacesOfAsync(number[3..], Encoding.UTF8.GetBytes(number[3..])));
        Assert.Equal(number, (await app.Users.MeAsync(user.Tokens)).Body.GetProperty("phoneNumber").GetString());
    }

    [Fact]
    public async Task Administrators_find_a_user_by_the_number_in_any_spelling()
    {
        var number = TestUsers.NewPhone();
        var user = await RegisteredAsync(number);
        var administrator = await app.TenantAdministratorAsync();
        var spelled = $"{number[..3]} {number[3..7]} {number[7..]}";

        var found = await app.PostAsync("/v1/users/lookup", new { phoneNumbers = new[] { spelled } }, administrator);
        Assert.Equal([user.UserId], await Task.FromResult(found).IdsAsync());
        Assert.Equal(number, found.Body.GetProperty("items")[0].GetProperty("phoneNumber").GetString());
        Assert.Equal([user.UserId], await app.GetAsync($"/v1/users?q={Uri.EscapeDataString(spelled)}", administrator).IdsAsync());
        var one = await app.GetAsync($"/v1/users/{user.UserId}", administrator);
        Assert.Equal(number, one.Body.GetProperty("phoneNumber").GetString());
        Assert.Equal(
            ["phoneNumbers[0]: identity.phone-number-without-country"],
            (await app.PostAsync("/v1/users/lookup", new { phoneNumbers = AtHome }, administrator)).Errors
        );

        var forced = await app.PostAsync($"/v1/users/{user.UserId}/password-reset", body: null, administrator);
        Assert.True(forced.Body.GetProperty("mailRequested").GetBoolean());
        Assert.Equal("sms", (await app.Users.LetterAsync(number, 2)).Channel);
    }

    [Theory]
    [InlineData("users")]
    [InlineData("verifications")]
    [InlineData("sign-in-codes")]
    [InlineData("me")]
    public async Task A_line_with_an_account_has_no_second_one_by_its_other_spelling(string door)
    {
        var digits = "56 7" + TestUsers.NewPhone()[^6..];
        var (typed, other) = ("+972 " + digits, "+970 " + digits);
        var owner = await RegisteredAsync(typed);
        var administrator = await app.TenantAdministratorAsync();
        switch (door)
        {
            case "users":
                await app.PostAsync("/v1/users", new { phoneNumber = other, name = "Eve" }, administrator)
                    .RejectedAsync(HttpStatusCode.Conflict, "identity.phone-number-taken");
                break;
            case "verifications":
                await app.VerificationAsync(other, administrator).RejectedAsync(HttpStatusCode.Conflict, "identity.phone-number-taken");
                break;
            case "sign-in-codes":
                var (id, letter) = await app.SignInMessageAsync(other, Delivery(typed));
                var signedIn = await app.Users.SignInByCodeAsync(id, letter.Code);
                Assert.Equal(owner.UserId, signedIn.Body.GetProperty("user").GetProperty("id").GetGuid());
                break;
            default:
                var person = await app.Users.SomebodyAsync();
                Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskPhoneAsync(person, other)).Status);
                await app.QuietAsync();
                Assert.All(await app.Users.LettersAsync(Delivery(other)), told => Assert.Equal("", told.Code));
                break;
        }

        static string Delivery(string number) => PhoneNumber.TryParse(number, region: null)!.Delivery;
    }

    [Fact]
    public async Task An_operator_is_told_of_numbers_that_new_numbering_plans_read_differently()
    {
        var number = TestUsers.NewPhone();
        var (same, moved, refused, met) = (await OwnerAsync(), await OwnerAsync(), await OwnerAsync(), await RegisteredAsync(number));
        await StoreAsync(moved, TestUsers.NewPhone() + " +970560000000");
        await StoreAsync(refused, "+44123");
        var shared = await OwnerAsync();
        await StoreAsync(shared, number + " +970560000001");

        await using var run = await GatehouseProcess.RunAsync(["phones", "check"], await ServeTests.SettingsAsync(app.Databases));

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.DoesNotContain($"{same}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"{met.UserId}\t", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{moved}\t+44***", run.Output, StringComparison.Ordinal);
        Assert.Contains($"{refused}\t+44***23\tis not accepted any more", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"{shared}\t+44***{number[^2..]}\thas another key, which is that of user {met.UserId}",
            run.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(" numbers compared, 3 are not what they were.", run.Output, StringComparison.Ordinal);
        await app.ExecuteAsync("update identity.users set phone = null where id = any($1)", new[] { moved, refused, shared });

        async Task<Guid> OwnerAsync() => (await RegisteredAsync(TestUsers.NewPhone())).UserId;

        async Task StoreAsync(Guid user, string stored)
        {
            var key = await app.Services.GetRequiredService<SubjectKeys>().FindAsync(user, CancellationToken.None);
            await app.ExecuteAsync(
                "update identity.users set phone = $2 where id = $1",
                user,
                key!.Encrypt(PhoneNumber.FromStored(stored)).ToStored()
            );
        }
    }

    private Task<string> LastTemplateAsync(Guid registration) =>
        app.ScalarAsync<string>(
            "select data::json ->> 'template' from runtime.events where key = $1 and type = 'notification.requested.v1'",
            registration
        );

    private async Task<SignedIn> RegisteredAsync(string number)
    {
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(number));
        var to = await app.ScalarAsync<string>("select channel from identity.verifications where id = $1", started.RegistrationId);
        Assert.Equal("sms", to);
        var delivery = Gatehouse.Identity.Values.PhoneNumber.TryParse(number, region: null)!.Delivery;
        return (await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(delivery)).Code)).SignedIn(number);
    }

    private Task<Answer> SignInAsync(string identifier, string region) =>
        app.Users.PostAsync(
            "/v1/sessions",
            new
            {
                identifier,
                region,
                password = TestUsers.Password,
            }
        );
}
