namespace Gatehouse.Identity.Captcha;

/// <summary>What may ask for a captcha, by its name in the settings.</summary>
internal static class CaptchaOperation
{
    public const string Registration = "registration";
    public const string PasswordReset = "password-reset";
    public const string SignInCode = "sign-in-code";
    public const string SignIn = "sign-in";
    public const string SignInAfterFailures = "sign-in-after-failures";

    public static readonly IReadOnlyList<string> All = [Registration, PasswordReset, SignInCode, SignIn, SignInAfterFailures];

    /// <summary>
    /// What the provider calls it in a token, so that one solved for one thing is not used for another. The page to sign in has one form
    /// for password and code, and so one name for both.
    /// </summary>
    public static string ActionOf(string operation) =>
        operation switch
        {
            Registration => "registration",
            PasswordReset => "password_reset",
            _ => "sign_in",
        };
}
