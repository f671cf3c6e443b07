using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.Identity.Factors;

/// <summary>Codes by text message and mail as second factor, as HTTP calls.</summary>
internal static class SentCodeCalls
{
    /// <summary>Gives the account a number, and codes to it as second factor: three messages to the number.</summary>
    public static async Task<(string Number, IReadOnlyList<string> RecoveryCodes)> AddSmsAsync(this TestApp app, SignedIn person)
    {
        var number = await app.WithPhoneAsync(person);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.EnrollAsync(person.Tokens, "sms")).Status);
        var code = (await app.Users.LetterAsync(number, 2)).Code;
        var confirmed = await app.Users.ConfirmFactorAsync(person.Tokens, "sms", code);
        Assert.True(confirmed.Status == HttpStatusCode.OK, confirmed.Text);
        return (number, [.. confirmed.Body.GetProperty("recoveryCodes").EnumerateArray().Select(one => one.GetString()!)]);
    }

    public static Task<Answer> EnrollAsync(this TestUsers users, TokenPair tokens, string factor) =>
        users.SendAsync(HttpMethod.Post, $"/v1/me/factors/{factor}", tokens);

    public static Task<Answer> ConfirmFactorAsync(this TestUsers users, TokenPair tokens, string factor, string? code) =>
        users.PostAsync($"/v1/me/factors/{factor}/confirm", new { code }, tokens.Header);

    public static Task<Answer> RemoveFactorAsync(this TestUsers users, TokenPair tokens, string factor) =>
        users.SendAsync(HttpMethod.Delete, $"/v1/me/factors/{factor}", tokens);

    public static Task<Answer> SendCodeAsync(
        this TestUsers users,
        Guid challenge,
        string? factor,
        params (string Name, string Value)[] headers
    ) => users.PostAsync($"/v1/challenges/{challenge}/send", new { factor }, headers);

    /// <summary>The code of a challenge, as it was sent.</summary>
    /// <param name="number">The how-manieth message to the contact it is.</param>
    public static async Task<string> SentCodeAsync(
        this TestApp app,
        Guid challenge,
        string factor,
        string contact,
        int number,
        params (string Name, string Value)[] headers
    )
    {
        var sent = await app.Users.SendCodeAsync(challenge, factor, headers);
        Assert.True(sent.Status == HttpStatusCode.Accepted, sent.Text);
        return (await app.Users.LetterAsync(contact, number, one => one.Code.Length > 0)).Code;
    }
}
