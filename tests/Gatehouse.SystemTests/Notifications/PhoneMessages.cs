using System.Globalization;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Asks for messages to phones as a module does, with the event in a transaction.</summary>
internal static class PhoneMessages
{
    private static int count;

    /// <summary>A number nobody had before.</summary>
    /// <param name="prefix">Country code and first digits.</param>
    public static string NewNumber(string prefix = "+1415555") =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref count):0000}");

    /// <returns>The message's id.</returns>
    public static async Task<Guid> RequestAsync(
        this TestApp app,
        string number,
        string channel = "sms",
        string template = "registration-code",
        string language = "en",
        string code = "123456"
    )
    {
        var services = app.Services;
        var tenant = (await services.GetRequiredService<ITenantDirectory>().FindOnlyAsync(CancellationToken.None))!.Id;
        var (id, now) = (Guid.CreateVersion7(app.Clock.GetUtcNow()), app.Clock.GetUtcNow());
        var key = await services
            .GetRequiredService<SubjectKeys>()
            .CreateForFlowAsync(tenant, Guid.CreateVersion7(now), now.AddHours(1), CancellationToken.None);
        var personal = new NotificationPersonalV1(
            number,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["code"] = code,
                ["minutes"] = "10",
                ["at"] = "2026-01-31 10:00 UTC",
            }
        )
        {
            AddressIndex = Convert.ToBase64String(services.GetRequiredService<BlindIndex>().Compute(tenant, "phone", number).ToStored()),
        };
        await services
            .GetRequiredService<Database>()
            .InTransactionAsync(
                "test.request",
                tx =>
                {
                    tx.Publish(
                        tenant,
                        key.Subject,
                        new NotificationRequestedV1
                        {
                            NotificationId = id,
                            Channel = channel,
                            Template = template,
                            Language = language,
                            ExpiresAt = now.AddMinutes(10),
                            Personal = key.Seal(personal),
                        }
                    );
                    return Task.FromResult(0);
                },
                CancellationToken.None
            );
        return id;
    }
}
