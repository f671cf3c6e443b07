using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Gatehouse.Development.Kafka;
using Gatehouse.Notifications.Mail;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Messaging.Kafka;
using Gatehouse.SystemTests.Server;
using Gatehouse.Web.Health;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Messages on a topic that a mailer of somebody's own reads.</summary>
public sealed class KafkaSenderTests : IAsyncLifetime
{
    private const string Topic = "gatehouse.messages";

    private readonly DevelopmentBroker broker = new();
    private TestApp? started;

    private TestApp App => started!;

    public ValueTask InitializeAsync()
    {
        broker.ForgetMembersAfter(TimeSpan.FromSeconds(3));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (started is not null)
            await started.DisposeAsync();
        broker.Dispose();
    }

    [Fact]
    public async Task A_message_lies_on_the_topic_under_its_key_and_signed_before_it_counts_as_accepted()
    {
        await StartAsync(("Mail:Signing:Secret", MailerApp.Secret));
        var email = TestUsers.NewEmail();
        var registered = await App.Users.RegisterAsync(email);

        var record = (await ReadAsync(email))[0];

        var id = Header(record, "webhook-id")!;
        Assert.Equal(
            record.Message.Key,
            await App.ScalarAsync<string>(
                "select key::text from runtime.events where type = 'notification.requested.v1' and data::jsonb ->> 'notificationId' = $1",
                id
            )
        );
        Assert.Equal("application/json", Header(record, "content-type"));
        new StandardWebhook(MailerApp.Secret).Verify(record.Message.Value, Headers(record));
        using var message = JsonDocument.Parse(record.Message.Value);
        Assert.Equal("email", message.RootElement.GetProperty("type").GetString());
        var mail = message.RootElement.GetProperty("email");
        Assert.Equal(["to", "subject", "body"], mail.EnumerateObject().Select(m => m.Name));
        var code = Regex.Match(mail.GetProperty("body").GetString()!, @"\b\d{6}\b").Value;
        Assert.Equal(HttpStatusCode.Created, (await App.Users.VerifyAsync(registered.RegistrationId, code)).Status);
        await App.QuietAsync();
        Assert.Equal("notification.delivered.v1 kafka", await MailerApp.OutcomesAsync(App, id));
    }

    [Fact]
    public async Task Without_a_secret_a_message_has_its_id_and_no_signature()
    {
        await StartAsync();
        var email = TestUsers.NewEmail();
        await App.Users.RegisterAsync(email);

        var record = (await ReadAsync(email))[0];

        Assert.NotNull(Header(record, "webhook-id"));
        Assert.NotNull(Header(record, "webhook-timestamp"));
        Assert.Null(Header(record, "webhook-signature"));
    }

    [Fact]
    public async Task Brokers_that_do_not_acknowledge_in_time_leave_the_message_waiting()
    {
        // A member whose signs of life are as slow as everything else must not be taken for gone.
        broker.ForgetMembersAfter(TimeSpan.FromSeconds(45));
        await StartAsync(("Mail:Kafka:TimeoutSeconds", "1"));
        await App.Users.RegisterAsync(TestUsers.NewEmail());
        await App.QuietAsync();
        broker.SlowDown(TimeSpan.FromSeconds(1.5));
        var email = TestUsers.NewEmail();
        Assert.Equal(HttpStatusCode.Accepted, (await App.Users.RegisterAsync(email)).Status);

        // The event that asks for it crosses the slow broker, too.
        await MailerApp.PutOffAsync(App, "kafka ");
        Assert.StartsWith("kafka ", await MailerApp.TroubleAsync(App), StringComparison.Ordinal);
        broker.SlowDown(TimeSpan.Zero);
        App.Clock.Advance(TimeSpan.FromSeconds(2));

        // One that was late may have arrived, too.
        var records = await ReadAsync(email);
        var id = Assert.Single(records.Select(r => Header(r, "webhook-id")).Distinct(StringComparer.Ordinal));
        Assert.Equal("notification.delivered.v1 kafka", await MailerApp.OutcomesAsync(App, id!));
    }

    [Fact]
    public async Task The_doctor_looks_for_the_topic_and_sends_a_test_message_if_told_to()
    {
        await StartAsync();
        await App.Users.RegisterAsync(TestUsers.NewEmail());
        await App.QuietAsync();

        var findings = await App.Services.GetRequiredService<Doctor>().ExamineAsync(CancellationToken.None);
        var test = await App.Services.GetRequiredService<MailCheck>().SendTestAsync("operator@example.org", CancellationToken.None);

        Assert.Equal("the topic Mail:Kafka:Topic exists (kafka)", findings.Single(f => f.Subject == "mail").Text);
        Assert.Equal(FindingLevel.Good, test.Level);
        Assert.Contains("Test mail", (await ReadAsync("operator@example.org"))[0].Message.Value, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task A_topic_that_does_not_exist_yet_is_named_and_not_created_by_the_doctor()
    {
        var settings = await ServeTests.SettingsAsync();
        settings["Kafka:Servers"] = broker.Servers;
        settings["Mail:Sender"] = "kafka";
        settings["Mail:Kafka:Topic"] = "mails.of.the-shop";

        for (var i = 0; i < 2; i++)
        {
            await using var run = await GatehouseProcess.RunAsync(["doctor", "--mail", "operator@example.org"], settings);

            Assert.Equal(1, await run.ExitCodeAsync());
            Assert.Contains("advice  mail: kafka: the topic mails.of.the-shop does not exist", run.Output, StringComparison.Ordinal);
            Assert.Contains(
                "ERROR   test mail: was not accepted: kafka: the topic mails.of.the-shop",
                run.Output,
                StringComparison.Ordinal
            );
        }
    }

    private async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kafka:Servers"] = broker.Servers,
            ["Kafka:GroupProtocol"] = "consumer",
            ["Mail:Sender"] = "kafka",
            // A busy machine may take its time; the test of that time sets its own.
            ["Mail:Kafka:TimeoutSeconds"] = "20",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        started = await TestApp.StartAsync(settings: all);
    }

    /// <summary>The records with a message to the address, once every message counts as accepted.</summary>
    private async Task<IReadOnlyList<ConsumeResult<string, string>>> ReadAsync(string email)
    {
        await TestApp.EventuallyAsync(
            () =>
                App.ScalarAsync<bool>(
                    """
                    select count(*) filter (where type = 'notification.requested.v1')
                         = count(*) filter (where type = 'notification.delivered.v1') from runtime.events
                    """
                ),
            "every message is accepted"
        );
        return await KafkaApp.ReadAsync(broker, Topic, record => record.Message.Value.Contains(email, StringComparison.Ordinal), count: 1);
    }

    private static HeaderDictionary Headers(ConsumeResult<string, string> record)
    {
        var headers = new HeaderDictionary();
        foreach (var header in record.Message.Headers)
            headers[header.Key] = Encoding.UTF8.GetString(header.GetValueBytes());
        return headers;
    }

    private static string? Header(ConsumeResult<string, string> record, string name) =>
        Headers(record).TryGetValue(name, out var value) ? value.ToString() : null;
}
