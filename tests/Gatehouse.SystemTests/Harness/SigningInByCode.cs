namespace Gatehouse.SystemTests.Harness;

/// <summary>Asking for a sign-in code and using it.</summary>
internal static class SigningInByCode
{
    public static Task<Answer> AskSignInCodeAsync(this TestUsers people, string identifier, params (string Name, string Value)[] headers) =>
        people.PostAsync("/v1/sign-in-codes", new { identifier }, headers);

    public static Task<Answer> SignInByCodeAsync(
        this TestUsers people,
        Guid signIn,
        string code,
        params (string Name, string Value)[] headers
    ) => people.PostAsync($"/v1/sign-in-codes/{signIn}/verify", new { code }, headers);

    public static Task<Answer> SignInByLinkAsync(this TestUsers people, string token, params (string Name, string Value)[] headers) =>
        people.PostAsync("/v1/sign-in-codes/confirm", new { token }, headers);

    public static Guid SignInCodeId(this Answer answer) => answer.Body.GetProperty("signInCodeId").GetGuid();

    /// <summary>Asks and waits for the message.</summary>
    /// <param name="number">The how-manieth message to the address it is.</param>
    public static async Task<(Guid Id, Letter Letter)> SignInMessageAsync(
        this TestApp app,
        string identifier,
        string contact,
        int number = 2
    )
    {
        var asked = await app.Users.AskSignInCodeAsync(identifier);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, asked.Status);
        return (asked.SignInCodeId(), await app.Users.LetterAsync(contact, number, letter => letter.Code.Length > 0));
    }
}
