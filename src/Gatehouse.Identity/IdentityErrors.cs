using Gatehouse.Core.Results;

namespace Gatehouse.Identity;

/// <summary>Every refusal of this module. Each code has a page in docs/errors and a text in Texts/ in every language.</summary>
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
    public static readonly Error ResetVoid = new("identity.reset-void", ErrorKind.Conflict);

    public static readonly Error CodeWrong = new("identity.code-wrong", ErrorKind.Refused);

    public static readonly Error CodeExpired = new("identity.code-expired", ErrorKind.Gone);

    public static readonly Error CodeExhausted = new("identity.code-exhausted", ErrorKind.Refused);

    public static readonly Error LinkInvalid = new("identity.link-invalid", ErrorKind.NotFound);

    public static readonly Error PasswordWrong = new("identity.password-wrong", ErrorKind.Refused);

    public static readonly Error ResendTooSoon = new("identity.resend-too-soon", ErrorKind.TooManyRequests);

    public static readonly Error ResendsUsedUp = new("identity.resends-used-up", ErrorKind.Conflict);

    public static readonly Error UsernameTaken = new("identity.username-taken", ErrorKind.Conflict);

    /// <summary>Said only to who has proved the address, and to operators: it has an account by now.</summary>
    public static readonly Error EmailTaken = new("identity.email-taken", ErrorKind.Conflict);

    /// <summary>Said of a wrong password, an unknown identifier and an account without a password alike.</summary>
    public static readonly Error SignInRefused = new("identity.sign-in-refused", ErrorKind.Unauthenticated);

    public static readonly Error SignInThrottled = new("identity.sign-in-throttled", ErrorKind.TooManyRequests);

    /// <summary>Too many failures in a row: passwords are not tried any more from devices that are not known.</summary>
    public static readonly Error SignInClosed = new("identity.sign-in-closed", ErrorKind.Forbidden);

    /// <summary>Whatever is wrong with a refresh token: sign in again.</summary>
    public static readonly Error RefreshRefused = new("identity.refresh-refused", ErrorKind.Unauthenticated);

    public static readonly Error SessionNotFound = new("identity.session-not-found", ErrorKind.NotFound);

    /// <summary>More passwords are being hashed than the machine can take.</summary>
    public static readonly Error Busy = new("identity.busy", ErrorKind.Unavailable);
}
