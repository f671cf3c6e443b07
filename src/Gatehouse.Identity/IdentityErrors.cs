using Gatehouse.Core.Results;

namespace Gatehouse.Identity;

/// <summary>Every rejection of this module. Each code has a page in docs/errors and a text in Texts/ in every language.</summary>
public static class IdentityErrors
{
    /// <summary>No such registration, or its day is over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error RegistrationNotFound = new("identity.registration-not-found", ErrorKind.NotFound);

    /// <summary>Said only to who has the right code or link: the registration had been completed before.</summary>
    public static readonly Error RegistrationCompleted = new("identity.registration-completed", ErrorKind.Conflict);

    /// <summary>No such request for a new password, or its time is over. Said of foreign and made-up ids alike.</summary>
    public static readonly Error ResetNotFound = new("identity.reset-not-found", ErrorKind.NotFound);

    /// <summary>Said only to who has the right code or link: it has set a password before.</summary>
    public static readonly Error ResetCompleted = new("identity.reset-completed", ErrorKind.Conflict);

    /// <summary>Said only to who has the right code or link: the password was changed in another way since.</summary>
    public static readonly Error ResetSuperseded = new("identity.reset-superseded", ErrorKind.Conflict);

    public static readonly Error CodeWrong = new("identity.code-wrong", ErrorKind.Refused);

    public static readonly Error CodeExpired = new("identity.code-expired", ErrorKind.Gone);

    public static readonly Error TooManyAttempts = new("identity.too-many-attempts", ErrorKind.Refused);

    public static readonly Error LinkInvalid = new("identity.link-invalid", ErrorKind.NotFound);

    public static readonly Error PasswordWrong = new("identity.password-wrong", ErrorKind.Refused);

    public static readonly Error ResendTooSoon = new("identity.resend-too-soon", ErrorKind.TooManyRequests);

    public static readonly Error ResendLimitReached = new("identity.resend-limit-reached", ErrorKind.Conflict);

    public static readonly Error UsernameTaken = new("identity.username-taken", ErrorKind.Conflict);

    /// <summary>Said only to who has proved the address, and to operators: it has an account by now.</summary>
    public static readonly Error EmailTaken = new("identity.email-taken", ErrorKind.Conflict);

    /// <summary>Said of a wrong password, an unknown identifier and an account without a password alike.</summary>
    public static readonly Error InvalidCredentials = new("identity.invalid-credentials", ErrorKind.Unauthenticated);

    public static readonly Error SignInThrottled = new("identity.sign-in-throttled", ErrorKind.TooManyRequests);

    /// <summary>Too many failures in a row: passwords are not tried any more from devices that are not known.</summary>
    public static readonly Error SignInLocked = new("identity.sign-in-locked", ErrorKind.Forbidden);

    /// <summary>Whatever is wrong with a refresh token: sign in again.</summary>
    public static readonly Error InvalidRefreshToken = new("identity.invalid-refresh-token", ErrorKind.Unauthenticated);

    public static readonly Error SessionNotFound = new("identity.session-not-found", ErrorKind.NotFound);

    /// <summary>More passwords are being hashed than the machine can take.</summary>
    public static readonly Error Overloaded = new("identity.overloaded", ErrorKind.Unavailable);
}
