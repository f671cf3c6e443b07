using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// What every slice that takes a new password asks: the rules, then the look-up in breaches. Only from here comes an
/// <see cref="AcceptedPassword"/>, and only that can be hashed, so neither can be forgotten.
/// </summary>
internal sealed partial class NewPasswords(
    PasswordRules rules,
    IBreachedPasswords breaches,
    Database database,
    ILogger<NewPasswords> logger
)
{
    public const string Breached = "identity.password-breached";
    public const string CheckFailed = "password.breach-check-failed";

    /// <summary>
    /// The password, fit to be hashed, or null when <paramref name="errors"/> say why not. Call it last: what is rejected for another error
    /// is not looked up.
    /// </summary>
    public async Task<AcceptedPassword?> AcceptAsync(
        PasswordInput password,
        PasswordContext context,
        string field,
        ValidationErrors errors,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        if (rules.Validate(password, context, field) is { } error)
            errors.Add(error.Field, error.Code, error.Values);
        else if (!errors.Any && await IsBreachedAsync(password, actor, cancellationToken))
            errors.Add(field, Breached);
        return errors.Any ? null : new AcceptedPassword(password);
    }

    // Fails open: a service that is away must not keep users out. That it did is recorded.
    private async Task<bool> IsBreachedAsync(PasswordInput password, Actor actor, CancellationToken cancellationToken)
    {
        var answer = await breaches.AskAsync(password, cancellationToken);
        if (answer.Failure is not { } failure)
            return answer.Found;

        var record = new AuditRecord(actor.Tenant.Id, CheckFailed)
        {
            Reason = failure,
            Network = actor.Network,
            Device = actor.Device,
        };
        await database.InTransactionAsync(CheckFailed, tx => Task.FromResult(Record(tx, record)), cancellationToken);
        Log.NotChecked(logger, failure);
        return false;
    }

    private static bool Record(Transaction tx, AuditRecord record)
    {
        tx.Record(record);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A new password was accepted without the breach check: {Reason}")]
        public static partial void NotChecked(ILogger logger, string reason);
    }
}
