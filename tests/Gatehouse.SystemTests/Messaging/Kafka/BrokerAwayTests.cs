using System.Net;
using Gatehouse.Development.Kafka;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Messaging.Kafka;

/// <summary>Delivery over a broker that is away, slow, or comes late.</summary>
public sealed class BrokerAwayTests
{
    private readonly Probe probe = new();

    private static Dictionary<string, string?> Over(DevelopmentBroker broker) =>
        new(StringComparer.Ordinal) { ["Kafka:Servers"] = broker.Servers, ["Kafka:GroupProtocol"] = "consumer" };

    [Fact]
    public async Task Without_a_broker_a_node_starts_and_serves_and_catches_up_when_it_comes()
    {
        using var broker = new DevelopmentBroker(withTopics: false);
        broker.GoDown();
        await using var app = await probe.StartAsync(settings: Over(broker));
        var key = Probe.NewKey(app);
        await Probe.PublishAsync(app, key, "1", "2");

        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        await TestApp.EventuallyAsync(
            async () =>
                (await app.Management.GetStringAsync(new Uri("/health", UriKind.Relative))).Contains("\"kafka\"", StringComparison.Ordinal),
            "the broker stands in the report"
        );
        Assert.Equal("", await Probe.TakenAsync(app, key));

        broker.ComeUp();
        await Probe.ExpectAsync(app, key, "1 2");
    }

    [Fact]
    public async Task An_outage_of_the_broker_delays_events_and_loses_repeats_and_reorders_none()
    {
        using var broker = new DevelopmentBroker();
        await using var app = await probe.StartAsync(settings: Over(broker));
        var keys = Enumerable.Range(0, 10).Select(_ => Probe.NewKey(app)).ToList();
        for (var round = 0; round < 3; round++)
        {
            await PublishAsync(1 + (round * 20));
            broker.GoDown();
            await PublishAsync(11 + (round * 20));
            broker.ComeUp();
        }

        foreach (var key in keys)
            await Probe.ExpectAsync(app, key, Probe.Numbers(1, 60));

        Task PublishAsync(int from) =>
            Task.WhenAll(keys.Select(key => Probe.PublishAsync(app, key, Probe.Numbers(from, from + 9).Split(' '))));
    }

    [Fact]
    public async Task A_slow_broker_holds_up_no_request()
    {
        using var broker = new DevelopmentBroker();
        broker.SlowDown(TimeSpan.FromMilliseconds(400));
        await using var app = await probe.StartAsync(settings: Over(broker));
        var answer = await app.Users.RegisteredUserAsync(TestUsers.NewEmail());

        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }
}
