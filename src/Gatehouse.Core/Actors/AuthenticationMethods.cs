namespace Gatehouse.Core.Actors;

/// <summary>How a user was authenticated: values of the claim <c>amr</c> (RFC 8176), and what they add up to in <c>acr</c>.</summary>
public static class AuthenticationMethods
{
    public const string Password = "pwd";

    /// <summary>A code: of an authenticator app, or one that was sent.</summary>
    public const string OneTimeCode = "otp";

    /// <summary>A code that was sent to a phone.</summary>
    public const string Sms = "sms";

    /// <summary>A passkey. Whether it stays on one device or is copied to others is not told apart, so the lesser is claimed.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>More than one factor.</summary>
    public const string Several = "mfa";

    /// <summary>The assurance of one factor, after NIST SP 800-63B.</summary>
    public const string SingleFactor = "aal1";

    /// <summary>The assurance of two.</summary>
    public const string MultiFactor = "aal2";

    /// <summary>The claim <c>acr</c>.</summary>
    public static string AssuranceOf(IReadOnlyList<string> methods) =>
        methods.Contains(Several, StringComparer.Ordinal) ? MultiFactor : SingleFactor;
}
