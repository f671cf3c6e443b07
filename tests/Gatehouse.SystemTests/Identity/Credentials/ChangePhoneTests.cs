using System.Net;
using Gatehouse.SystemTests.Harness;
using static Gatehouse.SystemTests.Identity.Credentials.ChangeEmailTests;

namespace Gatehouse.SystemTests.Identity.Credentials;

/// <summary>A signed-in user gives the account another phone number, or takes it off.</summary>
public sealed class ChangePhoneTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_number_is_added_changed_and_removed_and_the_address_is_told_each_time()
    {
        var person = await app.Users.SomebodyAsync();
        var first = await app.WithPhoneAsync(person);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(first)).Status);
        var second = await app.WithPhoneAsync(person);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(second)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone", person)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(second)).Status);
        AssertError(
            HttpStatusCode.NotFound,
            "identity.no-phone-number",
            await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone", person)
        );
        Assert.Equal("added,changed,removed", await app.EventsAsync(person, "user.phone-changed.v1"));
        var told = await app.Users.LetterAsync(person.Email, 4);
        Assert.DoesNotContain("It is now", told.Text, StringComparison.Ordinal);
        Assert.Equal(
            2,
            (await app.Users.LettersAsync(person.Email)).Count(letter => letter.Text.Contains("It is now +44", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task The_number_that_was_proved_is_stored_and_never_that_of_another_request()
    {
        var person = await app.Users.SomebodyAsync();
        var (first, second) = (TestUsers.NewPhone(), TestUsers.NewPhone());
        await app.Users.AskPhoneAsync(person, first);
        var former = (await app.Users.LetterAsync(first)).Code;
        await app.Users.AskPhoneAsync(person, second);
        var latest = (await app.Users.LetterAsync(second)).Code;
        if (former != latest)
            AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", await app.Users.ConfirmPhoneAsync(person, former));

        var confirmed = await app.Users.ConfirmPhoneAsync(person, latest);

        Assert.Equal((HttpStatusCode.OK, second), (confirmed.Status, confirmed.Body.GetProperty("phoneNumber").GetString()));
        AssertError(HttpStatusCode.NotFound, "identity.change-not-found", await app.Users.ConfirmPhoneAsync(person, latest));
    }

    [Fact]
    public async Task The_last_identifier_stays_and_a_number_may_be_changed()
    {
        var number = TestUsers.NewPhone();
        var person = (await app.Users.RegisteredUserAsync(number)).SignedIn(number);
        AssertError(
            HttpStatusCode.Conflict,
            "identity.last-identifier",
            await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone", person)
        );

        var next = await app.WithPhoneAsync(person);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(next)).Status);
        // There is no other contact: the former number is told.
        Assert.Contains("phone number", (await app.Users.LetterAsync(number, 2)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_codes_are_counted_and_a_known_number_looks_like_an_unknown_one()
    {
        var person = await app.Users.SomebodyAsync();
        var owner = await app.Users.SomebodyAsync();
        var known = await app.WithPhoneAsync(owner);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskPhoneAsync(person, known)).Status);
        var told = await app.Users.LetterAsync(known, 2);
        Assert.Equal("", told.Code);
        for (var left = 4; left >= 0; left--)
        {
            var wrong = await app.Users.ConfirmPhoneAsync(person, "123456");
            AssertError(HttpStatusCode.UnprocessableEntity, "identity.code-wrong", wrong);
            Assert.Equal(left, wrong.Body.GetProperty("attemptsRemaining").GetInt32());
        }

        AssertError(HttpStatusCode.UnprocessableEntity, "identity.too-many-attempts", await app.Users.ConfirmPhoneAsync(person, "123456"));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone/pending", person)).Status);
    }

    [Fact]
    public async Task Asking_and_removing_take_a_fresh_authentication_and_bad_numbers_are_named()
    {
        var person = await app.Users.SomebodyAsync();
        await app.WithPhoneAsync(person);
        Assert.Equal(
            ["phoneNumber: identity.phone-number-without-country"],
            (await app.Users.AskPhoneAsync(person, "07400 123456")).Errors
        );
        Assert.Equal(["phoneNumber: request.required"], (await app.Users.AskPhoneAsync(person, "")).Errors);
        var stale = await app.StaleAsync(person);

        foreach (
            var answer in new[]
            {
                await app.Users.AskPhoneAsync(stale, TestUsers.NewPhone()),
                await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/phone", stale),
            }
        )
            AssertError(HttpStatusCode.Forbidden, "identity.reauthentication-required", answer);
    }

    [Fact]
    public async Task A_known_number_is_answered_and_worked_for_like_an_unknown_one()
    {
        var (person, owner) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var (known, unknown) = (await app.WithPhoneAsync(owner), TestUsers.NewPhone());
        // The key is read once.
        await app.EmailAsync(person);
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        var second = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/phone", person, new { phoneNumber = unknown }, ofUnknown.Header);
        await app.Users.LetterAsync(unknown);
        var first = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/phone", person, new { phoneNumber = known }, ofKnown.Header);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.Equal(second.Body.EnumerateObject().Select(m => m.Name), first.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
    }
}
