using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>Rejections that any request can meet, whichever module it was for.</summary>
public static class RequestErrors
{
    /// <summary>The umbrella of field errors; never sent without them.</summary>
    public static readonly Error Invalid = new("request.invalid", ErrorKind.Invalid);

    public static readonly Error Malformed = new("request.malformed", ErrorKind.Invalid);
    public static readonly Error MalformedJson = new("request.malformed-json", ErrorKind.Invalid);
    public static readonly Error ContentType = new("request.content-type", ErrorKind.UnsupportedMediaType);
    public static readonly Error TooLarge = new("request.too-large", ErrorKind.TooLarge);
    public static readonly Error Unauthenticated = new("request.unauthenticated", ErrorKind.Unauthenticated);
    public static readonly Error Forbidden = new("request.forbidden", ErrorKind.Forbidden);

    /// <summary>The tenant asks the user for a second factor, and the time to do without is over: the session is for adding one.</summary>
    public static readonly Error SecondFactorDue = new("request.second-factor-due", ErrorKind.Forbidden);

    /// <summary>The user has closed the account: the session is for opening it again.</summary>
    public static readonly Error AccountClosed = new("request.account-closed", ErrorKind.Forbidden);

    /// <summary>A state-changing call with cookies that does not prove to come from a page of this server.</summary>
    public static readonly Error CrossSite = new("request.cross-site", ErrorKind.Forbidden);

    /// <summary>A form of our own, from a browser that keeps no cookies.</summary>
    public static readonly Error CookiesNeeded = new("request.cookies-needed", ErrorKind.Invalid);

    public static readonly Error NotFound = new("request.not-found", ErrorKind.NotFound);
    public static readonly Error TenantUnknown = new("request.tenant-unknown", ErrorKind.NotFound);
    public static readonly Error TenantAmbiguous = new("request.tenant-ambiguous", ErrorKind.Invalid);
    public static readonly Error RateLimited = new("request.rate-limited", ErrorKind.TooManyRequests);
    public static readonly Error IdempotencyKey = new("request.idempotency-key", ErrorKind.Invalid);

    /// <summary>What was read before was changed since (<c>If-Match</c>).</summary>
    public static readonly Error PreconditionFailed = new("request.precondition-failed", ErrorKind.PreconditionFailed);

    public static readonly Error IdempotencyMismatch = new("request.idempotency-mismatch", ErrorKind.Conflict);

    public static readonly Error IdempotencyInFlight = new("request.idempotency-in-flight", ErrorKind.Conflict)
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static readonly Error DependencyUnavailable = new("request.dependency-unavailable", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    // Their status codes belong to HTTP alone, so they have no kind of their own; ProblemResult is told the status.
    internal static readonly Error MethodNotAllowed = new("request.method-not-allowed", ErrorKind.Refused);
    internal static readonly Error TimedOut = new("request.timed-out", ErrorKind.Refused);
    internal static readonly Error Unexpected = new("request.unexpected", ErrorKind.Unavailable);

    public static Error InvalidWith(ValidationErrors errors) => Invalid.With(errors.ToList());
}

/// <summary>Codes of errors of one field that modules share.</summary>
public static class ValidationCodes
{
    public const string Required = "request.required";
    public const string UnknownMember = "request.unknown-member";
    public const string DuplicateMember = "request.duplicate-member";
    public const string WrongType = "request.wrong-type";
    public const string ControlCharacter = "request.control-character";
    public const string InvalidText = "request.invalid-text";
    public const string TooLong = "request.too-long";
    public const string OutOfRange = "request.out-of-range";
    public const string CursorMalformed = "request.cursor-malformed";
    public const string UnknownValue = "request.unknown-value";
}
