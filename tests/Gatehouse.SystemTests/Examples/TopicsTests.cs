using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Examples;

/// <summary>What the services of the food-delivery system read of users, as they read it.</summary>
[Trait("Speed", "Slow")]
[Collection(FoodGroup.Name)]
public sealed class TopicsTests(FoodApp food)
{
    [Fact]
    public async Task Each_role_is_announced_to_its_readers_and_customers_with_their_name_to_reviews()
    {
        var customer = await food.SomebodyAsync("/users/customers/", "Zoë ☕");
        var courier = await food.SomebodyAsync("/users/couriers/");
        var manager = await food.SomebodyAsync("/users/managers/");
        var moderator = await food.ModeratorAsync();
        await food.PublishedAsync();

        // Exactly three members, in ASCII.
        var name = string.Concat(
            $"{{\"id\":{customer.Number},\"full_name\":\"Zo\\u00EB \\u2615 Byron\",",
            "\"image_url\":\"http://localhost:8000/default-avatar.svg\"}"
        );
        await AssertAsync(
            customer.Number,
            ("user_order", "CustomerCreatedEvent", Id(customer.Number)),
            ("user_review", "CustomerCreatedEvent", name)
        );
        await AssertAsync(
            courier.Number,
            ("user_order", "CourierCreatedEvent", Id(courier.Number)),
            ("user_review", "CourierCreatedEvent", Id(courier.Number))
        );
        await AssertAsync(
            manager.Number,
            ("user_menu", "RestaurantManagerCreatedEvent", Id(manager.Number)),
            ("user_order", "RestaurantManagerCreatedEvent", Id(manager.Number)),
            ("user_restaurant", "RestaurantManagerCreatedEvent", Id(manager.Number))
        );
        await AssertAsync(
            moderator.Number,
            ("user_order", "ModeratorCreatedEvent", Id(moderator.Number)),
            ("user_restaurant", "ModeratorCreatedEvent", Id(moderator.Number))
        );
    }

    [Fact]
    public async Task A_new_role_is_announced_and_an_old_one_not_again()
    {
        var moderator = await food.ModeratorAsync();
        var user = await food.SomebodyAsync("/users/couriers/");
        foreach (var role in new[] { "RM", "CO", "RM" })
        {
            var changed = await food.Adapter.SendAsync(HttpMethod.Patch, $"/users/{user.Number}/", new { role }, moderator.Cookies);
            Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);
            await food.PublishedAsync();
        }

        await AssertAsync(
            user.Number,
            ("user_menu", "RestaurantManagerCreatedEvent", Id(user.Number)),
            ("user_order", "CourierCreatedEvent", Id(user.Number)),
            ("user_order", "RestaurantManagerCreatedEvent", Id(user.Number)),
            ("user_restaurant", "RestaurantManagerCreatedEvent", Id(user.Number)),
            ("user_review", "CourierCreatedEvent", Id(user.Number))
        );
    }

    [Fact]
    public async Task A_customers_new_name_reaches_reviews_and_nobody_elses_does()
    {
        var customer = await food.SomebodyAsync("/users/customers/");
        var courier = await food.SomebodyAsync("/users/couriers/");
        foreach (var cookies in new[] { customer.Cookies, courier.Cookies })
        {
            var change = new { user_profile = new { last_name = "Hopper" } };
            Assert.Equal(HttpStatusCode.OK, (await food.Adapter.SendAsync(HttpMethod.Patch, "/users/current/", change, cookies)).Status);
        }

        await food.PublishedAsync();
        var updated = Assert.Single(await RecordsOfAsync(customer.Number), record => record.Key == "CustomerUpdatedEvent");
        Assert.Equal("user_review", updated.Topic);
        using var value = JsonDocument.Parse(updated.Value);
        Assert.Equal(["id", "full_name", "image_url"], value.RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal("Ada Hopper", value.RootElement.GetProperty("full_name").GetString());
        Assert.DoesNotContain(await RecordsOfAsync(courier.Number), record => record.Key == "CustomerUpdatedEvent");
    }

    [Fact]
    public async Task Everybody_is_announced_again_by_a_command()
    {
        var courier = await food.SomebodyAsync("/users/couriers/");
        await food.PublishedAsync();
        var before = await RecordsOfAsync(courier.Number);
        Assert.Equal(0, await AdapterProcess.RunAsync(food.Settings, "republish"));
        await food.PublishedAsync();
        Assert.Equal(before.Count * 2, (await RecordsOfAsync(courier.Number)).Count);
    }

    [Fact]
    public async Task Without_the_setting_no_name_leaves_and_what_a_broker_missed_is_sent_when_it_is_back()
    {
        using var broker = new Gatehouse.Development.Kafka.DevelopmentBroker();
        var settings = new Dictionary<string, string>(food.Settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:FoodDelivery"] = (await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main,
            ["FoodDelivery:KafkaServers"] = broker.Servers,
        };
        settings.Remove("FoodDelivery:CustomerNames");
        broker.GoDown();
        await using var adapter = await AdapterProcess.StartAsync(settings);
        var email = TestUsers.NewEmail();
        Assert.Equal(
            HttpStatusCode.Created,
            (await adapter.SendAsync(HttpMethod.Post, "/users/customers/", FoodApp.Registration(email))).Status
        );
        var letter = await food.App.Users.LetterAsync(email);
        Assert.Equal(HttpStatusCode.Created, (await food.App.Users.ConfirmAsync(letter.LinkToken, FoodApp.Password)).Status);
        await TestApp.EventuallyAsync(async () => await FoodApp.WaitingAsync(settings) > 0, "it waits for the broker");
        broker.ComeUp();
        await food.PublishedAsync(settings);

        var records = await FoodApp.ReadAsync(broker.Servers);
        Assert.Contains(records, record => record is { Topic: "user_order", Key: "CustomerCreatedEvent" });
        Assert.DoesNotContain(records, record => record is { Topic: "user_review", Key: "CustomerCreatedEvent" or "CustomerUpdatedEvent" });
        Assert.DoesNotContain(records, record => record.Value.Contains("full_name", StringComparison.Ordinal));
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{number}}}");

    private async Task AssertAsync(int number, params (string Topic, string Key, string Value)[] expected) =>
        Assert.Equal(expected, (await RecordsOfAsync(number)).Order());

    /// <summary>Read by a client of another make; whatever a reader could stumble over fails here.</summary>
    private async Task<IReadOnlyList<(string Topic, string Key, string Value)>> RecordsOfAsync(int number)
    {
        var records = await FoodApp.ReadAsync(food.Broker.Servers);
        foreach (var record in records)
            Assert.True(Ascii.IsValid(record.Key) && Ascii.IsValid(record.Value), record.Value);
        return [.. records.Where(r => JsonDocument.Parse(r.Value).RootElement.GetProperty("id").GetInt32() == number)];
    }
}
