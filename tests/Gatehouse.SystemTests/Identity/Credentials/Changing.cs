using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Credentials;

/// <summary>Changing an own password, address or number.</summary>
internal static class Changing
{
    public const string NewPassword = "nine herons wade along the shore";

    public static Task<Answer> ChangePasswordAsync(
        this TestUsers users,
        SignedIn person,
        string? currentPassword,
        string? newPassword,
        params (string Name, string Value)[] headers
    ) => users.SendAsync(HttpMethod.Post, "/v1/me/password", person, new { currentPassword, newPassword }, headers);

    public static Task<Answer> AskEmailAsync(this TestUsers users, SignedIn person, string email) =>
        users.SendAsync(HttpMethod.Post, "/v1/me/email", person, new { email });

    public static Task<Answer> ConfirmEmailAsync(this TestUsers users, SignedIn person, string code) =>
        users.SendAsync(HttpMethod.Post, "/v1/me/email/confirm", person, new { code });

    public static Task<Answer> FollowEmailAsync(this TestUsers users, SignedIn person, string token) =>
        users.SendAsync(HttpMethod.Post, "/v1/me/email/confirm", person, new { token });

    public static Task<Answer> UndoEmailAsync(this TestUsers users, string token) =>
        users.PostAsync("/v1/email-changes/undo", new { token });

    public static Task<Answer> AskPhoneAsync(this TestUsers users, SignedIn person, string phoneNumber) =>
        users.SendAsync(HttpMethod.Post, "/v1/me/phone", person, new { phoneNumber });

    public static Task<Answer> ConfirmPhoneAsync(this TestUsers users, SignedIn person, string code) =>
        users.SendAsync(HttpMethod.Post, "/v1/me/phone/confirm", person, new { code });

    /// <summary>Asks for another address and reads what is sent there.</summary>
    public static async Task<Letter> EmailLetterAsync(this TestApp app, SignedIn person, string email)
    {
        var asked = await app.Users.AskEmailAsync(person, email);
        Assert.True(asked.Status == HttpStatusCode.Accepted, asked.Text);
        return await app.Users.LetterAsync(email);
    }

    /// <summary>Changes the address and reads the notice to the former one.</summary>
    /// <param name="number">The how-manieth message to the former address the notice is.</param>
    public static async Task<Letter> ChangedEmailAsync(this TestApp app, SignedIn person, string former, string email, int number = 2)
    {
        var letter = await app.EmailLetterAsync(person, email);
        var confirmed = await app.Users.ConfirmEmailAsync(person, letter.Code);
        Assert.True(confirmed.Status == HttpStatusCode.OK, confirmed.Text);
        return await app.Users.LetterAsync(former, number);
    }

    /// <summary>Gives the account a number.</summary>
    public static async Task<string> WithPhoneAsync(this TestApp app, SignedIn person)
    {
        var number = TestUsers.NewPhone();
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskPhoneAsync(person, number)).Status);
        var confirmed = await app.Users.ConfirmPhoneAsync(person, (await app.Users.LetterAsync(number)).Code);
        Assert.True(confirmed.Status == HttpStatusCode.OK, confirmed.Text);
        return number;
    }

    /// <summary>Lets all proofs of the user be an hour old.</summary>
    public static Task GrowStaleAsync(this TestApp app, SignedIn person) =>
        app.ExecuteAsync("update identity.sessions set authenticated_at = now() - interval '1 hour' where user_id = $1", person.UserId);

    /// <summary>Proves by the password who is signed in.</summary>
    public static async Task ProveAsync(this TestUsers users, SignedIn person)
    {
        var proved = await users.PostAsync("/v1/me/reauthenticate", new { password = TestUsers.Password }, person.Tokens.Header);
        Assert.True(proved.Status == HttpStatusCode.NoContent, proved.Text);
    }

    /// <summary>An access token that says the same: only then the session is asked.</summary>
    public static async Task<SignedIn> StaleAsync(this TestApp app, SignedIn person)
    {
        await app.GrowStaleAsync(person);
        return person with { Tokens = (await app.Users.RefreshAsync(person.Tokens.Refresh)).Tokens() };
    }

    public static async Task<string?> EmailAsync(this TestApp app, SignedIn person) =>
        (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("email").GetString();

    /// <summary>The second factors that a sign-in asks for.</summary>
    public static Task<string> FactorsAsync(this TestApp app, SignedIn person) =>
        app.ScalarAsync<string>("select array_to_string(second_factors, ',') from identity.users where id = $1", person.UserId);

    public static Task<string> EventsAsync(this TestApp app, SignedIn person, string type) =>
        app.ScalarAsync<string>(
            """
            select coalesce(string_agg(data::json ->> 'reason', ',' order by subject_version), '')
              from runtime.events where key = $1 and type = $2
            """,
            person.UserId,
            type
        );
}
