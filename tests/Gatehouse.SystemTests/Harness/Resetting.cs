using System.Net;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Asking for a new password and setting it.</summary>
internal static class Resetting
{
    public const string NewPassword = "seven geese cross a frozen lake";

    public static Task<Answer> AskResetAsync(this TestUsers people, string identifier, params (string Name, string Value)[] headers) =>
        people.PostAsync("/v1/password-resets", new { identifier }, headers);

    public static Task<Answer> ResendResetAsync(this TestUsers people, Guid reset, params (string Name, string Value)[] headers) =>
        people.PostAsync($"/v1/password-resets/{reset}/resend", body: null, headers);

    public static Task<Answer> ResetByCodeAsync(
        this TestUsers people,
        Guid reset,
        string code,
        string password = NewPassword,
        params (string Name, string Value)[] headers
    ) => people.PostAsync($"/v1/password-resets/{reset}/complete", new { code, password }, headers);

    public static Task<Answer> ResetByLinkAsync(this TestUsers people, Guid reset, string token, string password = NewPassword) =>
        people.PostAsync($"/v1/password-resets/{reset}/complete", new { token, password });

    public static Guid ResetId(this Answer answer) => answer.Body.GetProperty("resetId").GetGuid();

    /// <summary>Asks and waits for the mail.</summary>
    /// <param name="number">The how-manieth mail to the address it is.</param>
    public static async Task<(Guid Id, Letter Letter)> ResetMailAsync(this TestApp app, string identifier, string email, int number = 2)
    {
        var asked = await app.Users.AskResetAsync(identifier);
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        return (asked.ResetId(), await app.Users.LetterAsync(email, number, letter => letter.ResetCode.Length > 0));
    }
}
