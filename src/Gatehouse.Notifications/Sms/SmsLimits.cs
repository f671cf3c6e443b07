using System.Collections.Concurrent;
using Gatehouse.Core.Postgres;
using Gatehouse.Notifications.Sending;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Sms;

/// <summary>Whether a message to a phone may go.</summary>
internal enum Admission
{
    Granted,

    /// <summary>The country is not on the list, or has had its messages of the day.</summary>
    Limited,

    /// <summary>The provider has reported on it: an earlier attempt, whose answer was lost, did send it.</summary>
    Sent,
}

/// <summary>
/// Counts messages to phones by country and day, for all nodes in the database. Each message counts once, with the note of it that goes
/// before the first attempt.
/// </summary>
internal sealed partial class SmsLimits(Database database, SmsOptions options, NotificationsMetrics metrics, ILogger<SmsLimits> logger)
{
    private readonly ConcurrentDictionary<string, DateOnly> told = new(StringComparer.Ordinal);

    public async Task<Admission> AdmitAsync(OutgoingText message, CancellationToken cancellationToken)
    {
        var country = PhoneCountry.Of(message.To);
        var (admission, day) = await database.InTransactionAsync(
            "message.admit",
            async tx =>
            {
                var today = DateOnly.FromDateTime(tx.Now.UtcDateTime);
                if (await SentMessage.HasReportsAsync(tx, message.TenantId, message.Id) is { } reported)
                    return (reported ? Admission.Sent : Admission.Granted, today);
                if (!await CountAsync(tx, today, country))
                    return (Admission.Limited, today);
                await SentMessage.NoteAsync(tx, message, message.Channel, tx.Now);
                return (Admission.Granted, today);
            },
            cancellationToken
        );
        if (admission == Admission.Limited)
            Tell(country, day);
        return admission;
    }

    private async Task<bool> CountAsync(Transaction tx, DateOnly day, string country)
    {
        var limit = options.LimitOf(country);
        return limit > 0
            && await tx.ExecuteAsync(
                """
                insert into notifications.phone_days as d (day, country, messages) values (@day, @country, 1)
                on conflict (day, country) do update set messages = d.messages + 1 where d.messages < @limit
                """,
                new
                {
                    day,
                    country,
                    limit,
                }
            ) > 0;
    }

    private void Tell(string country, DateOnly day)
    {
        metrics.Limited(country);
        // Once per node, country and day: whoever pumps messages must not fill the log, too.
        if (told.TryGetValue(country, out var last) && last == day)
            return;
        told[country] = day;
        Log.Limited(logger, country, options.LimitOf(country));
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "No more messages go to phones of {Country} today: the limit is {Limit} (Sms:Countries, Sms:DailyLimit). If users do not "
                + "explain the number, somebody requests codes at your cost"
        )]
        public static partial void Limited(ILogger logger, string country, int limit);
    }
}
