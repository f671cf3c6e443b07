using System.Globalization;
using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Examples;

/// <summary>What the services of the food-delivery system ask at each request, as they ask it.</summary>
[Trait("Speed", "Slow")]
[Collection(FoodGroup.Name)]
public sealed class RolesServiceTests(FoodApp food)
{
    [Fact]
    public async Task Each_role_is_told_with_a_number_of_32_bits_in_both_languages()
    {
        var customer = await food.SomebodyAsync("/users/customers/");
        var courier = await food.SomebodyAsync("/users/couriers/");
        var manager = await food.SomebodyAsync("/users/managers/");
        var moderator = await food.ModeratorAsync();
        (int Number, Cookies Cookies, int Role, string Name)[] all =
        [
            (customer.Number, customer.Cookies, 1, "USER_ROLE_CUSTOMER"),
            (courier.Number, courier.Cookies, 2, "USER_ROLE_COURIER"),
            (manager.Number, manager.Cookies, 3, "USER_ROLE_RESTAURANT_MANAGER"),
            (moderator.Number, moderator.Cookies, 4, "USER_ROLE_MODERATOR"),
        ];
        var tokens = all.Select(one => one.Cookies["access_token"]!).ToArray();
        var told = await FoodApp.AskAsync(food.Adapter.Calls, tokens);
        Assert.Equal(
            all.Select(one => (one.Number.ToString(CultureInfo.InvariantCulture), one.Name)),
            told.Select(t => (t.GetProperty("user_id").GetString()!, t.GetProperty("role").GetString()!))
        );
        told = await FoodApp.AskInPythonAsync(food.Adapter.Calls, tokens);
        Assert.Equal(
            all.Select(one => (one.Number, one.Role)),
            told.Select(t => (t.GetProperty("user_id").GetInt32(), t.GetProperty("role").GetInt32()))
        );
        Assert.Equal(4, all.Select(one => one.Number).Distinct().Count());
        Assert.All(all, one => Assert.True(one.Number > 0));
    }

    [Fact]
    public async Task Whoever_has_no_good_token_is_anonymous_and_a_missing_one_is_an_error()
    {
        var early = new Cookies();
        await food.Adapter.SendAsync(HttpMethod.Post, "/users/customers/", FoodApp.Registration(TestUsers.NewEmail()), early);
        var gone = await food.SomebodyAsync("/users/customers/");
        var token = gone.Cookies["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, (await food.Adapter.SendAsync(HttpMethod.Post, "/tokens/clear/", cookies: gone.Cookies)).Status);
        await TestApp.EventuallyAsync(
            async () => Code((await FoodApp.AskAsync(food.Adapter.Calls, token))[0]) == 16,
            "a signed-out user is anonymous"
        );
        var staff = food.Admin.Tokens.Access;
        var service = await food.ServiceTokenAsync();

        var answers = await FoodApp.AskAsync(
            food.Adapter.Calls,
            [
                "",
                "x",
                new string('a', 5000),
                token[..^2] + "AA",
                early["access_token"]!,
                staff,
                service,
                gone.Cookies["refresh_token"] ?? "k.x",
            ]
        );
        Assert.Equal([3, 16, 16, 16, 16, 16, 16, 16], answers.Select(Code));
        Assert.Equal("Missing access token", answers[0].GetProperty("details").GetString());
        Assert.Equal("Invalid access token", answers[1].GetProperty("details").GetString());
        Assert.Equal("User is staff", answers[5].GetProperty("details").GetString());
        Assert.Equal([3, 16], (await FoodApp.AskInPythonAsync(food.Adapter.Calls, "", "x")).Select(Code));
    }

    [Fact]
    public async Task By_a_setting_a_bad_token_has_the_status_that_it_had()
    {
        var settings = new Dictionary<string, string>(food.Settings, StringComparer.Ordinal)
        {
            ["FoodDelivery:BadTokenIsInvalidArgument"] = "true",
            ["FoodDelivery:KafkaServers"] = "",
        };
        await using var adapter = await AdapterProcess.StartAsync(settings);
        var answers = await FoodApp.AskAsync(adapter.Calls, "", "x", food.Admin.Tokens.Access);
        Assert.Equal([3, 3, 16], answers.Select(Code));
    }

    [Fact]
    public async Task A_changed_role_counts_soon_and_the_number_stays()
    {
        var moderator = await food.ModeratorAsync();
        var user = await food.SomebodyAsync("/users/customers/");
        var token = user.Cookies["access_token"]!;
        var changed = await food.Adapter.SendAsync(HttpMethod.Patch, $"/users/{user.Number}/", new { role = "CO" }, moderator.Cookies);
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);
        Assert.Equal("CO", changed.Body.GetProperty("role").GetString());
        await TestApp.EventuallyAsync(
            async () => (await FoodApp.AskAsync(food.Adapter.Calls, token))[0].GetProperty("role").GetString() == "USER_ROLE_COURIER",
            "the new role is told to who holds the old token"
        );
        var told = (await FoodApp.AskAsync(food.Adapter.Calls, token))[0];
        Assert.Equal(user.Number.ToString(CultureInfo.InvariantCulture), told.GetProperty("user_id").GetString());
    }

    [Fact]
    public async Task A_user_who_was_made_inactive_is_anonymous()
    {
        var moderator = await food.ModeratorAsync();
        var user = await food.SomebodyAsync("/users/couriers/");
        var path = $"/users/{user.Number}/";
        var answer = await food.Adapter.SendAsync(HttpMethod.Patch, path, new { is_active = false }, moderator.Cookies);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.False(answer.Body.GetProperty("is_active").GetBoolean());
        await TestApp.EventuallyAsync(
            async () => Code((await FoodApp.AskAsync(food.Adapter.Calls, user.Cookies["access_token"]!))[0]) == 16,
            "the inactive user is anonymous"
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await food.Adapter.SendAsync(HttpMethod.Post, "/tokens/", new { email = user.Email, password = FoodApp.Password })).Status
        );
        answer = await food.Adapter.SendAsync(HttpMethod.Patch, path, new { is_active = true }, moderator.Cookies);
        Assert.True(answer.Body.GetProperty("is_active").GetBoolean());
        Assert.Equal(user.Number, (await food.SignInAsync(user.Email)).Number);
    }

    private static int Code(JsonElement answer) => answer.TryGetProperty("code", out var code) ? code.GetInt32() : 0;
}

/// <summary>The tests that share the adapter.</summary>
[CollectionDefinition(Name)]
public sealed class FoodGroup : ICollectionFixture<FoodApp>
{
    public const string Name = "food delivery";
}
