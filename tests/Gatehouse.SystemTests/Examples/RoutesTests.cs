using System.Globalization;
using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Examples;

/// <summary>The routes that the front ends of the food-delivery system call.</summary>
[Trait("Speed", "Slow")]
[Collection(FoodGroup.Name)]
public sealed class RoutesTests(FoodApp food)
{
    private static readonly string[] Members = ["id", "email", "role", "last_login", "is_active", "is_email_verified", "user_profile"];

    private static readonly string[] ProfileMembers = ["first_name", "last_name", "full_name", "phone", "image_url", "birth_date"];

    [Fact]
    public async Task A_customer_is_signed_in_by_the_registration_and_verified_by_the_mail()
    {
        var email = TestUsers.NewEmail();
        var cookies = new Cookies();
        var made = await PostAsync("/users/customers/", FoodApp.Registration(email), cookies);
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        AssertShape(made.Body);
        var number = made.Body.GetProperty("id").GetInt32();
        Assert.Equal(("CU", false), (Text(made.Body, "role"), made.Body.GetProperty("is_email_verified").GetBoolean()));
        Assert.Equal("Ada Byron", Text(made.Body.GetProperty("user_profile"), "full_name"));
        Assert.Equal("1990-12-10", Text(made.Body.GetProperty("user_profile"), "birth_date"));

        var me = await GetAsync("/users/current/", cookies);
        Assert.Equal((number, "CU", email), (me.Body.GetProperty("id").GetInt32(), Text(me.Body, "role"), Text(me.Body, "email")));
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/users/", cookies)).Status);

        // One minute has to pass before the next mail.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync("/users/current/send-activation/", cookies)).Status);
        var letter = await food.App.Users.LetterAsync(email);
        Assert.Equal(HttpStatusCode.Created, (await food.App.Users.ConfirmAsync(letter.LinkToken, FoodApp.Password)).Status);
        var (again, signedIn) = await food.SignInAsync(email);
        Assert.Equal(number, again);
        var verified = await GetAsync("/users/current/", signedIn);
        Assert.True(verified.Body.GetProperty("is_email_verified").GetBoolean());
        var refused = await GetAsync("/users/current/send-activation/", signedIn);
        Assert.Equal((HttpStatusCode.BadRequest, "Email has already been verified"), (refused.Status, Text(refused.Body, "detail")));
    }

    [Fact]
    public async Task A_courier_gets_number_and_cookies_only_after_the_proof_and_a_known_address_looks_the_same()
    {
        var known = await food.SomebodyAsync("/users/couriers/");
        foreach (var email in new[] { known.Email, TestUsers.NewEmail() })
        {
            var cookies = new Cookies();
            var made = await PostAsync("/users/couriers/", FoodApp.Registration(email), cookies);
            Assert.Equal((HttpStatusCode.Created, ""), (made.Status, cookies.ToString()));
            AssertShape(made.Body);
            Assert.Equal(JsonValueKind.Null, made.Body.GetProperty("id").ValueKind);
            Assert.Equal("CO", Text(made.Body, "role"));
        }

        var young = await PostAsync("/users/couriers/", FoodApp.Registration(TestUsers.NewEmail(), born: Born(17)));
        Assert.Equal(HttpStatusCode.BadRequest, young.Status);
        Assert.Equal(1, young.Body.GetProperty("user_profile").GetProperty("birth_date").GetArrayLength());
    }

    [Theory]
    [InlineData("/users/customers/")]
    [InlineData("/users/couriers/")]
    [InlineData("/users/managers/")]
    public async Task All_that_is_wrong_with_a_registration_is_told_by_field(string path)
    {
        var answer = await PostAsync(path, new { });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["email", "password", "user_profile"], answer.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal("This field is required.", answer.Body.GetProperty("email")[0].GetString());

        answer = await PostAsync(
            path,
            """
            {"email":null,"password":"","expires_session":"maybe",
             "user_profile":{"first_name":"  ","last_name":[],"phone":"0151 1234","birth_date":"31.12.1990"}}
            """
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["email", "password", "expires_session", "user_profile"], answer.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(
            ["first_name", "last_name", "birth_date", "phone"],
            answer.Body.GetProperty("user_profile").EnumerateObject().Select(m => m.Name)
        );

        // What only Gatehouse knows.
        answer = await PostAsync(path, FoodApp.Registration("nobody", first: new string('a', 200), born: "2999-01-01"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["email", "user_profile"], answer.Body.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["birth_date", "first_name"],
            answer.Body.GetProperty("user_profile").EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("/tokens/")]
    [InlineData("/users/customers/")]
    public async Task What_is_no_JSON_object_is_rejected(string path)
    {
        foreach (var body in new[] { "", "{", "[]", "7", "null", "{\"email\":\"\\ud800\",\"password\":\"a\\u0000b\"}" })
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path, body)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(path, new string(' ', 70_000))).Status);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("email", "ada@example.com")]);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(path, form)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cookies_are_those_that_the_neighbours_read_and_stay_as_asked_for_when_refreshed(bool endsWithBrowser)
    {
        var user = await food.SomebodyAsync("/users/customers/");
        var cookies = new Cookies();
        var signedIn = await PostAsync(
            "/tokens/",
            new
            {
                email = user.Email,
                password = FoodApp.Password,
                expires_session = endsWithBrowser,
            },
            cookies
        );
        Assert.Equal((HttpStatusCode.OK, "{}"), (signedIn.Status, signedIn.Text));
        AssertLines();
        var (access, refresh) = (cookies["access_token"], cookies["refresh_token"]);
        var refreshed = await PostAsync("/tokens/refresh/", null, cookies);
        Assert.Equal((HttpStatusCode.OK, "{}"), (refreshed.Status, refreshed.Text));
        AssertLines();
        Assert.NotEqual(access, cookies["access_token"]);
        Assert.NotEqual(refresh, cookies["refresh_token"]);

        void AssertLines()
        {
            Assert.Equal(2, cookies.Lines.Count);
            Assert.StartsWith("access_token=", cookies.Lines[0], StringComparison.Ordinal);
            Assert.StartsWith("refresh_token=", cookies.Lines[1], StringComparison.Ordinal);
            foreach (var line in cookies.Lines)
            {
                var flags = line.Split("; ").Skip(1).Where(f => !f.StartsWith("max-age", StringComparison.Ordinal));
                Assert.Equal(["httponly", "path=/", "samesite=lax"], flags.Order(StringComparer.Ordinal));
                Assert.Equal(!endsWithBrowser, line.Contains("max-age", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Nobody_is_signed_in_with_what_is_wrong()
    {
        var user = await food.SomebodyAsync("/users/customers/");
        foreach (var (email, password) in new[] { (user.Email, "wrong"), (TestUsers.NewEmail(), FoodApp.Password) })
        {
            var answer = await PostAsync("/tokens/", new { email, password });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal("No active account found with the given credentials", Text(answer.Body, "detail"));
        }

        var missing = await PostAsync("/tokens/refresh/", null);
        Assert.Equal((HttpStatusCode.Unauthorized, "token_not_valid"), (missing.Status, Text(missing.Body, "code")));
        foreach (var bad in new[] { "x", "k.", "k.x", "s.\u00e4", "k.\u00e4\u4e2d", new string('a', 3000) })
        {
            var cookies = new Cookies { ["refresh_token"] = bad };
            var answer = await PostAsync("/tokens/refresh/", null, cookies);
            Assert.Equal((HttpStatusCode.Unauthorized, "token_not_valid"), (answer.Status, Text(answer.Body, "code")));
            Assert.Equal("", cookies.ToString());
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_session_even_with_a_broken_cookie_and_old_refresh_tokens_are_void()
    {
        var user = await food.SomebodyAsync("/users/customers/");
        var held = (user.Cookies["access_token"], user.Cookies["refresh_token"]);
        user.Cookies["access_token"] = "broken";
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/tokens/clear/", null, user.Cookies)).Status);
        Assert.Equal("", user.Cookies.ToString());
        await TestApp.EventuallyAsync(
            async () =>
                (await GetAsync("/users/current/", new Cookies { ["access_token"] = held.Item1 })).Status == HttpStatusCode.Unauthorized,
            "the session has ended"
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await PostAsync("/tokens/refresh/", null, new Cookies { ["refresh_token"] = held.Item2 })).Status
        );
        foreach (var bad in new[] { "x", new string('a', 5000) })
            Assert.Equal(
                HttpStatusCode.OK,
                (await PostAsync("/tokens/clear/", null, new Cookies { ["access_token"] = bad, ["refresh_token"] = bad })).Status
            );
    }

    [Fact]
    public async Task A_bad_cookie_never_breaks_a_public_route()
    {
        var user = await food.SomebodyAsync("/users/customers/");
        foreach (var bad in new[] { "x", "a.b.c", new string('a', 5000) })
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/users/{user.Number}/", Bad(bad))).Status);
            Assert.Equal(
                HttpStatusCode.Created,
                (await PostAsync("/users/customers/", FoodApp.Registration(TestUsers.NewEmail()), Bad(bad))).Status
            );
            Assert.Equal(
                HttpStatusCode.OK,
                (await PostAsync("/tokens/", new { email = user.Email, password = FoodApp.Password }, Bad(bad))).Status
            );
            var rejected = await GetAsync("/users/current/", Bad(bad));
            Assert.Equal((HttpStatusCode.Unauthorized, "token_not_valid"), (rejected.Status, Text(rejected.Body, "code")));
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/users/", Bad(bad))).Status);
        }

        var nobody = await GetAsync("/users/current/");
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.Status);
        Assert.Equal("Authentication credentials were not provided.", Text(nobody.Body, "detail"));

        static Cookies Bad(string text) => new() { ["access_token"] = text };
    }

    [Fact]
    public async Task Others_see_a_card_without_contacts_and_the_user_and_moderators_see_all()
    {
        var user = await food.SomebodyAsync("/users/customers/");
        var other = await food.SomebodyAsync("/users/couriers/");
        var moderator = await food.ModeratorAsync();
        foreach (var cookies in new[] { null, other.Cookies })
        {
            var card = await GetAsync($"/users/{user.Number}/", cookies);
            Assert.Equal(HttpStatusCode.OK, card.Status);
            AssertShape(card.Body);
            Assert.DoesNotContain(user.Email, card.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("1990", card.Text, StringComparison.Ordinal);
            Assert.Equal("Ada Byron", Text(card.Body.GetProperty("user_profile"), "full_name"));
        }

        foreach (var cookies in new[] { user.Cookies, moderator.Cookies })
            Assert.Equal(user.Email, Text((await GetAsync($"/users/{user.Number}/", cookies)).Body, "email"));
        foreach (var number in new[] { "0", "2147483647", "99999999999", "-1", "x" })
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/users/{number}/")).Status);
        var picture = Text((await GetAsync($"/users/{user.Number}/")).Body.GetProperty("user_profile"), "image_url")!;
        Assert.Contains("<svg", await food.Adapter.TextAsync(new Uri(picture).AbsolutePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_account_is_changed_and_the_address_is_not()
    {
        var user = await food.SomebodyAsync("/users/customers/");
        var patched = await SendAsync(
            HttpMethod.Patch,
            "/users/current/",
            new { user_profile = new { first_name = "Grace" } },
            user.Cookies
        );
        Assert.True(patched.Status == HttpStatusCode.OK, patched.Text);
        Assert.Equal("Grace Byron", Text(patched.Body.GetProperty("user_profile"), "full_name"));
        var put = await SendAsync(HttpMethod.Put, "/users/current/", FoodApp.Registration(user.Email, "Ada", "Lovelace"), user.Cookies);
        Assert.True(put.Status == HttpStatusCode.OK, put.Text);
        Assert.Equal("Ada Lovelace", Text(put.Body.GetProperty("user_profile"), "full_name"));
        var name = await food.App.Users.SendAsync(HttpMethod.Get, "/v1/me", ("Authorization", "Bearer " + user.Cookies["access_token"]));
        Assert.Equal("Ada Lovelace", Text(name.Body, "name"));

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, "/users/current/", new { }, user.Cookies)).Status);
        var moved = await SendAsync(HttpMethod.Patch, "/users/current/", new { email = TestUsers.NewEmail() }, user.Cookies);
        Assert.Equal((HttpStatusCode.BadRequest, true), (moved.Status, moved.Body.TryGetProperty("email", out _)));
        var future = new { user_profile = new { birth_date = "2999-01-01" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Patch, "/users/current/", future, user.Cookies)).Status);
    }

    [Fact]
    public async Task Moderators_are_made_by_moderators_verified_and_without_cookies_or_mail()
    {
        var moderator = await food.ModeratorAsync();
        var user = await food.SomebodyAsync("/users/managers/");
        var email = TestUsers.NewEmail();
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/users/moderators/", FoodApp.Registration(email))).Status);
        var refused = await PostAsync("/users/moderators/", FoodApp.Registration(email), user.Cookies);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("Needed moderator permissions to perform this action", Text(refused.Body, "detail"));

        var before = moderator.Cookies.ToString();
        var made = await PostAsync("/users/moderators/", FoodApp.Registration(email), moderator.Cookies);
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        AssertShape(made.Body);
        Assert.Equal(("MO", true), (Text(made.Body, "role"), made.Body.GetProperty("is_email_verified").GetBoolean()));
        Assert.Equal(before, moderator.Cookies.ToString());
        Assert.Empty(await food.App.Users.LettersAsync(email));
        Assert.Equal(made.Body.GetProperty("id").GetInt32(), (await food.SignInAsync(email)).Number);
        var taken = await PostAsync("/users/moderators/", FoodApp.Registration(email), moderator.Cookies);
        Assert.Equal((HttpStatusCode.BadRequest, true), (taken.Status, taken.Body.TryGetProperty("email", out _)));
    }

    [Fact]
    public async Task Moderators_list_users_by_role_without_moderators()
    {
        var moderator = await food.ModeratorAsync();
        var customer = await food.SomebodyAsync("/users/customers/");
        var manager = await food.SomebodyAsync("/users/managers/");
        var all = await ListAsync("/users/");
        Assert.Contains((customer.Number, "CU"), all);
        Assert.Contains((manager.Number, "RM"), all);
        Assert.DoesNotContain(all, user => user.Role == "MO");
        Assert.Equal(all.Select(user => user.Number).Order(), all.Select(user => user.Number));
        Assert.All(await ListAsync("/users/?role=rm"), user => Assert.Equal("RM", user.Role));
        // Any other value filters nothing.
        Assert.True((await ListAsync("/users/?role=RM")).Count >= all.Count);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("/users/", customer.Cookies)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/users/")).Status);

        async Task<IReadOnlyList<(int Number, string Role)>> ListAsync(string path)
        {
            var answer = await GetAsync(path, moderator.Cookies);
            Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
            return [.. answer.Body.EnumerateArray().Select(u => (u.GetProperty("id").GetInt32(), Text(u, "role")!))];
        }
    }

    [Fact]
    public async Task A_moderators_change_is_checked_as_a_whole()
    {
        var moderator = await food.ModeratorAsync();
        var user = await food.SomebodyAsync("/users/customers/");
        var path = $"/users/{user.Number}/";
        var wrong = new
        {
            role = "XX",
            is_active = "perhaps",
            is_email_verified = false,
            email = TestUsers.NewEmail(),
            user_profile = new { first_name = "Grace", birth_date = "x" },
        };
        var answer = await SendAsync(HttpMethod.Patch, path, wrong, moderator.Cookies);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            ["email", "is_active", "is_email_verified", "role", "user_profile"],
            answer.Body.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("Ada Byron", Text((await GetAsync(path)).Body.GetProperty("user_profile"), "full_name"));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, path, new { }, moderator.Cookies)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Patch, "/users/2147483647/", new { }, moderator.Cookies)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Patch, path, new { role = "MO" }, user.Cookies)).Status);

        var good = new
        {
            email = user.Email,
            role = "RM",
            is_active = true,
            is_email_verified = true,
            user_profile = new
            {
                first_name = "Grace",
                last_name = "Hopper",
                phone = "+4915112345678",
                birth_date = "1980-01-02",
            },
        };
        answer = await SendAsync(HttpMethod.Put, path, good, moderator.Cookies);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(("RM", "Grace Hopper"), (Text(answer.Body, "role"), Text(answer.Body.GetProperty("user_profile"), "full_name")));
    }

    [Fact]
    public async Task The_front_ends_origins_may_call_with_cookies_and_no_others()
    {
        foreach (
            var (origin, allowed) in new[]
            {
                ("https://ash1vt.github.io", true),
                ("http://localhost:3000", true),
                ("https://other.example.com", false),
            }
        )
        {
            var answer = await food.Adapter.SendAsync(HttpMethod.Get, "/users/current/", origin: origin);
            Assert.Equal(allowed ? origin : "", answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal(allowed ? "true" : "", answer.Header("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task A_link_of_the_replaced_service_is_no_good_and_routes_of_pictures_are_not_there()
    {
        var answer = await GetAsync("/users/Nw/verify/c7x1-0123456789abcdef/");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Email has already been verified or token is invalid", Text(answer.Body, "detail"));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Put, "/users/current/image/", new { })).Status);
    }

    private static void AssertShape(JsonElement user)
    {
        Assert.Equal(Members, user.EnumerateObject().Select(m => m.Name));
        Assert.Equal(ProfileMembers, user.GetProperty("user_profile").EnumerateObject().Select(m => m.Name));
    }

    private static string? Text(JsonElement value, string name) => value.GetProperty(name).GetString();

    private string Born(int yearsAgo) => (food.App.Clock.GetUtcNow().Year - yearsAgo).ToString(CultureInfo.InvariantCulture) + "-01-01";

    private Task<Answer> GetAsync(string path, Cookies? cookies = null) => SendAsync(HttpMethod.Get, path, null, cookies);

    private Task<Answer> PostAsync(string path, object? body, Cookies? cookies = null) => SendAsync(HttpMethod.Post, path, body, cookies);

    private Task<Answer> SendAsync(HttpMethod method, string path, object? body, Cookies? cookies = null) =>
        food.Adapter.SendAsync(method, path, body, cookies);
}
