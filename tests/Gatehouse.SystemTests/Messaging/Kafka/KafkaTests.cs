using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Exports;

namespace Gatehouse.SystemTests.Messaging.Kafka;

/// <summary>Delivery over a broker that is there.</summary>
public sealed class KafkaTests(KafkaApp kafka) : IClassFixture<KafkaApp>
{
    private TestApp App => kafka.App;

    [Fact]
    public async Task Each_subscriber_takes_each_event_once_and_in_the_order_of_its_key()
    {
        var keys = Enumerable.Range(0, 12).Select(_ => Probe.NewKey(App)).ToList();
        await Task.WhenAll(keys.Select(key => Probe.PublishAsync(App, key, Probe.Numbers(1, 20).Split(' '))));

        foreach (var key in keys)
        {
            await Probe.ExpectAsync(App, key, Probe.Numbers(1, 20));
            await Probe.ExpectAsync(App, key, Probe.Numbers(1, 20), Probe.Second);
        }
    }

    [Fact]
    public async Task An_event_that_a_subscriber_fails_on_is_deferred_and_the_partition_goes_on()
    {
        using var held = App.Clock.Hold();
        var (failing, neighbour) = (Probe.NewKey(App), Probe.NewKey(App));
        kafka.Probe.Answers[failing] = (subscriber, _) => subscriber == Probe.First ? Delivery.Retry("not today") : Delivery.Done;
        await Probe.PublishAsync(App, failing, "1", "2");
        await Probe.PublishAsync(App, neighbour, "1");

        await Probe.ExpectAsync(App, neighbour, "1");
        await Probe.ExpectDeferredAsync(App, failing, "retrying 1, waiting 0");
        await Probe.ExpectAsync(App, failing, "1 2", Probe.Second);
    }

    [Fact]
    public async Task A_record_is_a_cloud_event_with_its_attributes_as_headers()
    {
        var key = Probe.NewKey(App);
        await Probe.PublishAsync(App, key, "code");

        var record = Assert.Single(await kafka.ReadAsync(Topics.Users, record => record.Message.Key == key.ToString(), 1));
        var headers = record.Message.Headers.ToDictionary(
            h => h.Key,
            h => Encoding.UTF8.GetString(h.GetValueBytes()),
            StringComparer.Ordinal
        );
        Assert.Equal("1.0", headers["ce_specversion"]);
        Assert.Equal("urn:gatehouse", headers["ce_source"]);
        Assert.Equal("user.verified.v1", headers["ce_type"]);
        Assert.Equal(key.ToString(), headers["ce_subject"]);
        Assert.Equal(Probe.Tenant.ToString(), headers["ce_tenantid"]);
        Assert.Equal("application/json", headers["content-type"]);
        Assert.Equal(
            await App.ScalarAsync<Guid>("select id from runtime.events where key = $1", key),
            Guid.Parse(headers["ce_id"], CultureInfo.InvariantCulture)
        );
        Assert.Matches("^[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}Z$", headers["ce_time"]);
        Assert.Equal(key, JsonDocument.Parse(record.Message.Value).RootElement.GetProperty("userId").GetGuid());
    }

    [Fact]
    public async Task A_user_registers_and_no_topic_has_readable_contact_data_or_the_code()
    {
        var email = TestUsers.NewEmail();
        var registered = await App.Users.RegisteredUserAsync(email);
        var id = registered.Body.GetProperty("user").GetProperty("id").GetString();

        foreach (var (topic, count) in new[] { (Topics.Users, 2), (Topics.Security, 1) })
        {
            foreach (var record in await kafka.ReadAsync(topic, record => record.Message.Key == id, count))
            {
                Assert.DoesNotContain(email, record.Message.Value, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("@example.com", record.Message.Value, StringComparison.OrdinalIgnoreCase);
            }
        }

        foreach (var record in await kafka.ReadAsync(Topics.Notifications, _ => true, 2))
            Assert.DoesNotContain("@example.com", record.Message.Value, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Of_an_erased_user_no_topic_has_anything_readable()
    {
        var admin = await App.TenantAdministratorAsync();
        var user = await App.Users.SomebodyAsync("zq-harbour");
        var changed = await App.PatchAsync(
            "/v1/me",
            new
            {
                username = "zq-lantern",
                name = "Zebulon Quixfarthing",
                title = "Quixtitle",
                about = "Counts with quixabout engines.",
                website = "https://quixsite.example.com",
                birthDate = "1931-03-19",
            },
            user
        );
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);
        var phone = await App.WithPhoneAsync(user);
        var email = TestUsers.NewEmail();
        await App.ChangedEmailAsync(user, user.Email, email, number: 3);
        await App.ExportAsync(user);
        await App.PostAsync($"/v1/users/{user.UserId}/disable", new { reason = "Quixreason was seen" }, admin).DoneAsync();
        await App.PostAsync($"/v1/users/{user.UserId}/erase", new { reason = "requested" }, admin).DoneAsync();

        string[] secrets =
        [
            .. new[] { user.Email, email, phone[1..], "zq-harbour", "zq-lantern", "Zebulon", "Quixfarthing", "Quixtitle" },
            .. new[] { "quixabout", "quixsite", "1931-03-19", "Quixreason" },
        ];
        var read = 0;
        foreach (
            var topic in new[] { Topics.Users, Topics.Security, Topics.Notifications, Topics.Organizations, Topics.Tenants, Topics.Audit }
        )
        {
            var count = (int)
                await App.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and topic = $2", user.UserId, topic);
            // Those of the registration have another key: whatever comes by is looked at.
            var texts = new List<string>();
            await kafka.ReadAsync(
                topic,
                record =>
                {
                    texts.Add($"{record.Message.Key} {record.Message.Value}");
                    texts.AddRange(record.Message.Headers.Select(header => Encoding.UTF8.GetString(header.GetValueBytes() ?? [])));
                    return record.Message.Key == user.UserId.ToString();
                },
                count
            );
            foreach (var secret in secrets)
                Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
            read += count;
        }

        Assert.True(read > 10, $"{read} records");
    }

    public static TheoryData<string, string> ForeignRecords() =>
        new()
        {
            { "no value", "The value is empty." },
            { "no headers", "The header ce_specversion is missing." },
            { "another version of CloudEvents", "ce_specversion is '0.3', not 1.0." },
            { "another source", "ce_source is 'urn:somebody-else', not urn:gatehouse." },
            { "an unknown type", "ce_type 'user.verified.v9' is unknown to this version." },
            { "an event of another topic", "session.started.v1 belongs to the topic gatehouse.security." },
            { "another key", "The key is not the ce_subject." },
            { "an id that is none", "ce_id is not a UUID." },
            { "a time that is none", "ce_time is not a time." },
            { "a version that is none", "ce_subjectversion is not a number." },
            { "not JSON", "The value is not JSON of this event (line 0, byte 0)." },
            { "JSON of something else", "The value is not JSON of this event (line 0, byte 13)." },
            { "null", "The value is null." },
            { "not UTF-8", "The record is not UTF-8." },
            { "1 MB", "The value has 900000 bytes; 524288 are allowed." },
        };

    [Theory]
    [MemberData(nameof(ForeignRecords))]
    public async Task What_is_no_event_of_ours_is_kept_with_the_reason_and_holds_up_nothing(string kind, string reason)
    {
        var key = Probe.NewKey(App);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ce_specversion"] = "1.0",
            ["ce_id"] = Probe.NewKey(App).ToString(),
            ["ce_source"] = "urn:gatehouse",
            ["ce_type"] = "user.verified.v1",
            ["ce_subject"] = key.ToString(),
            ["ce_time"] = "2026-11-27T10:00:00Z",
            ["ce_tenantid"] = Probe.Tenant.ToString(),
        };
        var value = Encoding.UTF8.GetBytes($$"""{"userId":"{{key}}","channel":"email","method":"forged"}""");
        switch (kind)
        {
            case "no value":
                value = null;
                break;
            case "no headers":
                headers.Clear();
                break;
            case "another version of CloudEvents":
                headers["ce_specversion"] = "0.3";
                break;
            case "another source":
                headers["ce_source"] = "urn:somebody-else";
                break;
            case "an unknown type":
                headers["ce_type"] = "user.verified.v9";
                break;
            case "an event of another topic":
                headers["ce_type"] = "session.started.v1";
                break;
            case "another key":
                headers["ce_subject"] = Probe.NewKey(App).ToString();
                break;
            case "an id that is none":
                headers["ce_id"] = "1";
                break;
            case "a time that is none":
                headers["ce_time"] = "yesterday";
                break;
            case "a version that is none":
                headers["ce_subjectversion"] = "-1";
                break;
            case "not JSON":
                value = "hello"u8.ToArray();
                break;
            case "JSON of something else":
                value = """{"userId":"x"}"""u8.ToArray();
                break;
            case "null":
                value = "null"u8.ToArray();
                break;
            case "not UTF-8":
                value = [0x7B, 0xFF, 0x7D];
                break;
            case "1 MB":
                value = new byte[900_000];
                break;
        }

        var place = await kafka.ProduceAsync(Topics.Users, key.ToString(), value, [.. headers.Select(h => (h.Key, h.Value))]);
        await Probe.PublishAsync(App, key, "1");

        await Probe.ExpectAsync(App, key, "1");
        await TestApp.EventuallyAsync(
            async () =>
                await App.ScalarAsync<long>(
                    "select count(*) from runtime.rejected_records where module = 'test' and partition = $1 and \"offset\" = $2",
                    place.Partition.Value,
                    place.Offset.Value
                ) == 1,
            "the record is kept"
        );
        Assert.Equal(
            reason,
            await App.ScalarAsync<string>(
                "select reason from runtime.rejected_records where module = 'test' and partition = $1 and \"offset\" = $2",
                place.Partition.Value,
                place.Offset.Value
            )
        );
    }

    [Fact]
    public async Task A_second_node_shares_the_work_and_what_it_held_goes_on_when_it_stops()
    {
        var keys = Enumerable.Range(0, 30).Select(_ => Probe.NewKey(App)).ToList();
        await using (var second = await kafka.Probe.StartAsync(App, "b", kafka.Settings))
        {
            await Task.WhenAll(keys.Select(key => Probe.PublishAsync(App, key, "1", "2", "3")));
            // A member that leaves before it has its share holds the others up for half a minute: that is the client's matter.
            await TestApp.EventuallyAsync(
                async () =>
                {
                    await Probe.PublishAsync(second, Probe.NewKey(App), "0");
                    return await App.ScalarAsync<bool>("select exists (select from public.probe where node = 'b')");
                },
                "the second node takes its share"
            );
            await Task.WhenAll(keys.Select(key => Probe.PublishAsync(second, key, "4", "5")));
        }

        await Task.WhenAll(keys.Select(key => Probe.PublishAsync(App, key, "6")));
        foreach (var key in keys)
            await Probe.ExpectAsync(App, key, Probe.Numbers(1, 6));
    }

    [Fact]
    public async Task A_new_consumer_group_repeats_nothing_that_the_subscribers_have_taken()
    {
        var key = Probe.NewKey(App);
        await Probe.PublishAsync(App, key, "1", "2");
        await Probe.ExpectAsync(App, key, "1 2");

        var settings = kafka.Settings;
        settings["Kafka:GroupPrefix"] = "another";
        await using var other = await kafka.Probe.StartAsync(App, "b", settings);
        await Probe.PublishAsync(other, key, "3");

        await Probe.ExpectAsync(App, key, "1 2 3");
    }
}
