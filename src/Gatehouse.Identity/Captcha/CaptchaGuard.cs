using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Captcha;

/// <summary>
/// What an operation asks before it looks anything up, so that its answer tells nothing of any account. It is asked by the handler, which
/// every way to the operation leads through.
/// </summary>
internal sealed partial class CaptchaGuard(
    ICaptchaProvider provider,
    CaptchaOptions options,
    Database database,
    CaptchaMetrics metrics,
    ILogger<CaptchaGuard> logger
)
{
    public const string Field = "captchaToken";

    public const string Required = "identity.captcha-required";
    public const string Rejected = "identity.captcha-rejected";

    /// <summary>More than any token has.</summary>
    public const int MaxToken = 8192;

    public const string Description =
        "Token of the captcha, if the installation has one (recaptcha or turnstile) and asks for it here. It can be used once.";

    private const string Skipped = "captcha.skipped";

    public bool Guards(string operation) => options.Guards(operation);

    /// <summary>The provider's part of a page that starts the operation; null for none.</summary>
    public CaptchaWidget? WidgetOf(string operation) => Guards(operation) ? provider.Widget : null;

    /// <summary>The token of a form with that widget.</summary>
    public string? TokenIn(IFormCollection form) => provider.Widget is { } widget ? form[widget.FormField] : (string?)null;

    /// <param name="errors">Those of the request's shape. If there are any, no token is spent.</param>
    /// <returns>The rejection; null: go on.</returns>
    public async ValueTask<Error?> CheckAsync(
        string operation,
        string? token,
        ValidationErrors errors,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        if (!Guards(operation))
            return null;
        if (string.IsNullOrEmpty(token))
            errors.Add(Field, Required);
        if (errors.Any)
            return RequestErrors.InvalidWith(errors);

        var answer = await VerifyAsync(token!, CaptchaOperation.ActionOf(operation), actor.Client, cancellationToken);
        metrics.Verified(operation, answer.Reason);
        switch (answer.Verdict)
        {
            case CaptchaVerdict.Accepted:
                return null;
            case CaptchaVerdict.Rejected:
                errors.Add(Field, Rejected);
                return RequestErrors.InvalidWith(errors);
            default:
                Log.NotVerified(logger, provider.Name, operation, answer.Reason);
                if (options.DuringOutage == CaptchaOutage.Closed)
                    return RequestErrors.DependencyUnavailable;
                var record = AuditRecord.Of(actor, Skipped).WithFact("operation", operation) with { Reason = answer.Reason };
                await database.InTransactionAsync(Skipped, tx => Task.FromResult(Record(tx, record)), cancellationToken);
                return null;
        }
    }

    // What no provider ever made need not be shown to it: it could be made to provoke an answer that passes for an outage.
    private async Task<CaptchaAnswer> VerifyAsync(string token, string action, string client, CancellationToken cancellationToken)
    {
        if (token.Length > MaxToken || !token.All(c => c is > ' ' and <= '~'))
            return CaptchaAnswer.Rejected("rejected");
        using var span = Spans.Start("captcha.verify");
        return await provider.VerifyAsync(token, action, client, cancellationToken);
    }

    private static bool Record(Transaction tx, AuditRecord record)
    {
        tx.Record(record);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The captcha of {Provider} could not be verified for {Operation}: {Reason}")]
        public static partial void NotVerified(ILogger logger, string provider, string operation, string reason);
    }
}
