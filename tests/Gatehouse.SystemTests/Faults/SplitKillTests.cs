using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Faults;

/// <summary>
/// <c>kill -9</c> of the user service and of the notification service, independently of each other, at steps between the commit of a
/// registration and the end of its mail, while people register: registrations, events and mails are counted, none is lost and none
/// invented.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class SplitKillTests(ITestOutputHelper output)
{
    /// <summary>Set to the seed that a run printed, it repeats the steps of that run.</summary>
    private const string SeedVariable = "GATEHOUSE_KILL_SEED";

    private const int KillsOfEach = 3;
    private const int People = 3;
    private const int PeopleAfterwards = 20;

    private static readonly string[] IdentitySteps =
    [
        "registration.start.commit",
        "registration.resend.commit",
        "log.carry",
        "log.acknowledge",
    ];

    private static readonly string[] NotificationsSteps =
    [
        "inbox.take",
        "inbox.notifications.send",
        "inbox.take.commit",
        "job.notifications.send-mail",
        "message.hand-over",
        "job.conclude.commit",
        "log.carry",
        "log.acknowledge",
    ];

    [Fact]
    public async Task A_kill_of_either_service_loses_doubles_and_invents_no_mail()
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) ?? RandomNumberGenerator.GetHexString(8, lowercase: true);
        var (identityPoints, notificationsPoints) = (Points(seed, IdentitySteps), Points(seed, NotificationsSteps));
        output.WriteLine($"{SeedVariable}={seed}: {string.Join(", ", identityPoints)} | {string.Join(", ", notificationsPoints)}");
        await using var services = await SplitProcesses.CreateAsync();
        await using var crowd = new Crowd(services.IdentityDatabase, People, verify: false);

        var serving = (
            Identity: services.ServeIdentityAsync(identityPoints, crowd),
            Mail: services.ServeNotificationsAsync(notificationsPoints, crowd)
        );
        await Task.WhenAll(serving.Identity, serving.Mail);
        var (identity, notifications) = (await serving.Identity, await serving.Mail);

        // What the brokers repeat of before comes before the requests of these.
        var before = crowd.Registered.Count;
        await TestApp.EventuallyAsync(() => Task.FromResult(crowd.Registered.Count >= before + PeopleAfterwards), "more people register");
        await crowd.CloseAsync();
        await identity.QuietAsync();
        var requests = await RequestsAsync(identity);
        await TestApp.EventuallyAsync(async () => (await ReportsAsync(notifications)).Length >= requests.Length, "every mail is reported");
        await notifications.QuietAsync();

        var copies = services.Mail.AllMails.Count() - requests.Length;
        output.WriteLine($"{crowd.Registered.Count} registrations, {requests.Length} mails, {copies} second copies");
        await CheckRegistrationsAsync(identity, crowd);
        Assert.Equal(requests.Select(r => r.Mail).Order(), (await ReportsAsync(notifications)).Order());
        await CheckOrderAsync(requests, notifications);
        CheckMails(requests, services, crowd);
        await CheckNothingIsLeftAsync(identity);
        await CheckNothingIsLeftAsync(notifications);
    }

    /// <summary>Steps, the side of each on which the process dies, and the how-manieth: drawn by lots that follow from the seed.</summary>
    private static string[] Points(string seed, string[] steps) =>
        [
            .. steps
                .SelectMany(step => new[] { step + " start", step + " stop" })
                .Select(point => (Point: point, Lot: SHA256.HashData(Encoding.UTF8.GetBytes(seed + point))))
                .OrderBy(drawn => Convert.ToHexString(drawn.Lot), StringComparer.Ordinal)
                .Take(KillsOfEach)
                .Select(drawn => string.Create(CultureInfo.InvariantCulture, $"{drawn.Point} {2 + (drawn.Lot[^1] % 5)}")),
        ];

    /// <summary>The requests for mails in the order of the log.</summary>
    private static async Task<Request[]> RequestsAsync(TestApp identity)
    {
        var rows = await identity.ScalarAsync<string[]>(
            """
            select array_agg(concat_ws(' ', id, key, data::json ->> 'notificationId') order by epoch, xid, seq)
              from runtime.events where type = 'notification.requested.v1'
            """
        );
        return [.. rows.Select(row => row.Split(' ').Select(Guid.Parse).ToList()).Select(ids => new Request(ids[0], ids[1], ids[2]))];
    }

    /// <summary>The mails that the notification service reports as delivered, as often as it does.</summary>
    private static Task<Guid[]> ReportsAsync(TestApp notifications) =>
        notifications.ScalarAsync<Guid[]>(
            """
            select coalesce(array_agg((data::json ->> 'notificationId')::uuid), '{}')
              from runtime.events where type = 'notification.delivered.v1'
            """
        );

    private static async Task CheckRegistrationsAsync(TestApp identity, Crowd crowd)
    {
        Assert.Empty(crowd.Registered.Keys.Except(await identity.ScalarAsync<Guid[]>("select array_agg(id) from identity.verifications")));
        Assert.Equal(
            0L,
            await identity.ScalarAsync<long>(
                """
                select count(*) from (select key, count(*) as messages from runtime.events
                                       where type = 'notification.requested.v1' group by key) e
                  full join identity.verifications v on v.id = e.key
                 where e.messages is distinct from v.sends
                """
            )
        );
    }

    /// <summary>A second copy of a mail, with the same Message-ID, comes only of a kill while it was under way: whether the mail server had
    /// taken it nobody can know.</summary>
    private static void CheckMails(Request[] requests, SplitProcesses services, Crowd crowd)
    {
        var mails = services
            .Mail.AllMails.Select(mail => (Id: IdOf(mail.GetProperty("headers")), To: mail.GetProperty("to")[0].GetString()!))
            .ToList();
        Assert.Equal(requests.Select(r => r.Mail).Order(), mails.Select(m => m.Id).Distinct().Order());
        foreach (var (id, copies) in mails.CountBy(m => m.Id))
            Assert.True(copies <= 1 + services.UnderWay.Count(one => one == id), $"{copies} copies of mail {id}");

        foreach (var request in requests)
        {
            if (crowd.Registered.TryGetValue(request.Registration, out var email))
                Assert.Equal(email, mails.First(m => m.Id == request.Mail).To);
        }
    }

    /// <summary>The requests of one registration were taken in the order of the log: none by an earlier transaction than the one
    /// before.</summary>
    private static async Task CheckOrderAsync(Request[] requests, TestApp notifications)
    {
        var rows = await notifications.ScalarAsync<string[]>(
            "select array_agg(concat_ws(' ', event_id, xmin)) from runtime.inbox where subscriber = 'notifications.send'"
        );
        var taken = rows.Select(row => row.Split(' '))
            .ToDictionary(row => Guid.Parse(row[0]), row => long.Parse(row[1], CultureInfo.InvariantCulture));
        foreach (var ofOne in requests.GroupBy(r => r.Registration))
        {
            var transactions = ofOne.Select(r => taken[r.Event]).ToList();
            Assert.Equal(transactions.Order(), transactions);
        }
    }

    private static async Task CheckNothingIsLeftAsync(TestApp app) =>
        Assert.Equal(
            "parked 0, jobs 0, rejected 0, failed 0",
            await app.ScalarAsync<string>(
                """
                select format('parked %s, jobs %s, rejected %s, failed %s',
                              (select count(*) from runtime.parked), (select count(*) from runtime.jobs),
                              (select count(*) from runtime.rejected_records),
                              (select count(*) from runtime.events where type = 'notification.failed.v1'))
                """
            )
        );

    /// <summary>The id in <c>&lt;id@host&gt;</c>.</summary>
    private static Guid IdOf(JsonElement headers) => Guid.Parse(headers.GetProperty("Message-Id").GetString()!.Trim('<').Split('@')[0]);

    private sealed record Request(Guid Event, Guid Registration, Guid Mail);
}
