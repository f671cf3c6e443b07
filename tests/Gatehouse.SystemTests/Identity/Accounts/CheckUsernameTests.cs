using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

public sealed class CheckUsernameTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_free_name_is_available_in_the_form_it_is_compared_in()
    {
        var answer = await app.Users.GetAsync("/v1/usernames/Ada.Lovelace");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Body.GetProperty("available").GetBoolean());
        Assert.Equal("ada.lovelace", answer.Body.GetProperty("username").GetString());
    }

    [Fact]
    public async Task A_name_is_taken_by_a_user_whatever_the_capitals_and_not_by_a_pending_registration()
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email, username: "Hypatia");
        Assert.True((await app.Users.GetAsync("/v1/usernames/hypatia")).Body.GetProperty("available").GetBoolean());

        await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);

        Assert.False((await app.Users.GetAsync("/v1/usernames/HYPATIA")).Body.GetProperty("available").GetBoolean());
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("a%20b%20c")]
    [InlineData("under__score")]
    [InlineData("-start")]
    [InlineData("%D0%B0da")]
    [InlineData("%EF%BD%81%EF%BD%84%EF%BD%81")]
    [InlineData("'%20or%20'1'='1")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefg")]
    public async Task What_can_be_no_username_is_refused(string name)
    {
        var answer = await app.Users.GetAsync("/v1/usernames/" + name);

        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (answer.Status, answer.Code));
        Assert.StartsWith("name: ", Assert.Single(answer.Errors), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType?.MediaType);
    }
}
