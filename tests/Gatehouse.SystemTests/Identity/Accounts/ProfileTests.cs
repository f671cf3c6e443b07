using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Identity.Credentials;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>Usernames that change, and what others see of a user.</summary>
public sealed class ProfileTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_former_username_is_reserved_for_its_owner_who_may_take_it_back()
    {
        var (owner, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var (first, second) = (NewName(), NewName());
        Assert.Equal(HttpStatusCode.OK, (await RenameAsync(owner, first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await RenameAsync(owner, second)).Status);

        Assert.Equal((HttpStatusCode.Conflict, "identity.username-taken"), Rejection(await RenameAsync(other, first.ToUpperInvariant())));
        Assert.Equal((HttpStatusCode.Conflict, "identity.username-taken"), Rejection(await RenameAsync(other, second)));
        Assert.False((await app.Users.GetAsync("/v1/usernames/" + first)).Body.GetProperty("available").GetBoolean());
        Assert.Equal(
            (HttpStatusCode.Conflict, "identity.username-taken"),
            Rejection(await app.Users.RegisterAsync(TestUsers.NewEmail(), username: first))
        );
        Assert.Equal((HttpStatusCode.NotFound, "identity.profile-not-found"), Rejection(await CardAsync(other, first)));

        var back = await RenameAsync(owner, first);

        Assert.Equal((HttpStatusCode.OK, first), (back.Status, back.Body.GetProperty("username").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await CardAsync(other, first)).Status);
        Assert.Equal((HttpStatusCode.NotFound, "identity.profile-not-found"), Rejection(await CardAsync(other, second)));
        Assert.Equal(
            "username",
            await app.ScalarAsync<string>(
                """
                select facts::json ->> 'changed' from audit.records where action = 'user.updated' and subject = $1 order by id desc limit 1
                """,
                owner.UserId
            )
        );
    }

    [Fact]
    public async Task A_former_username_is_free_for_all_after_thirty_days()
    {
        await using var own = await TestApp.StartAsync();
        var owner = await own.Users.SomebodyAsync();
        var (first, second) = (NewName(), NewName());
        await RenameAsync(owner, first, own);
        await RenameAsync(owner, second, own);

        own.Clock.Advance(TimeSpan.FromDays(29));
        await own.RunRecurringAsync<PurgeContacts>();
        Assert.False((await own.Users.GetAsync("/v1/usernames/" + first)).Body.GetProperty("available").GetBoolean());
        own.Clock.Advance(TimeSpan.FromDays(1));
        await own.RunRecurringAsync<PurgeContacts>();
        Assert.True((await own.Users.GetAsync("/v1/usernames/" + first)).Body.GetProperty("available").GetBoolean());
    }

    [Fact]
    public async Task Other_capitals_reserve_nothing_and_three_former_names_are_the_most()
    {
        var owner = await app.Users.SomebodyAsync();
        var name = NewName();
        await RenameAsync(owner, name);
        Assert.Equal(
            char.ToUpperInvariant(name[0]) + name[1..],
            (await RenameAsync(owner, char.ToUpperInvariant(name[0]) + name[1..])).Body.GetProperty("username").GetString()
        );
        for (var change = 0; change < 3; change++)
            Assert.Equal(HttpStatusCode.OK, (await RenameAsync(owner, NewName())).Status);

        Assert.Equal((HttpStatusCode.Conflict, "identity.username-changed-too-often"), Rejection(await RenameAsync(owner, NewName())));
        // Going back frees a place.
        Assert.Equal(HttpStatusCode.OK, (await RenameAsync(owner, name)).Status);
    }

    [Theory]
    [InlineData("ab", "username: identity.username-invalid")]
    [InlineData("a..b", "username: identity.username-invalid")]
    [InlineData("аdmin-user", "username: identity.username-invalid")]
    [InlineData(" ", "username: request.required")]
    public async Task What_is_no_username_is_rejected(string name, string error)
    {
        var answer = await RenameAsync(await app.Users.SomebodyAsync(), name);

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, Assert.Single(answer.Errors)));
    }

    [Fact]
    public async Task Names_of_who_runs_the_service_are_nobodys() =>
        Assert.Equal(
            (HttpStatusCode.Conflict, "identity.username-taken"),
            Rejection(await RenameAsync(await app.Users.SomebodyAsync(), "Postmaster"))
        );

    [Fact]
    public async Task Of_many_who_want_one_name_at_once_one_gets_it()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Users.SomebodyAsync()));
        var holder = people[0];
        var (wanted, next) = (NewName(), NewName());
        await RenameAsync(holder, wanted);

        // The holder gives it up while the others ask for it: reserved, it is nobody's.
        var answers = await Task.WhenAll(people.Select(person => RenameAsync(person, person == holder ? next : wanted)));
        Assert.Equal(HttpStatusCode.OK, answers[0].Status);
        Assert.All(answers[1..], answer => Assert.Equal((HttpStatusCode.Conflict, "identity.username-taken"), Rejection(answer)));

        var free = NewName();
        answers = await Task.WhenAll(people.Select(person => RenameAsync(person, free)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => Rejection(answer) == (HttpStatusCode.Conflict, "identity.username-taken")));
    }

    [Fact]
    public async Task The_card_shows_what_its_owner_lets_others_see_and_contact_data_only_if_asked_to()
    {
        var (owner, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var name = NewName();
        await PatchAsync(
            owner,
            new
            {
                username = name,
                title = "Analyst",
                about = "I count.",
                birthDate = "1990-02-28",
                website = "https://example.com/ada",
                links = Links,
                languages = Tongues,
            }
        );

        var card = (await CardAsync(other, name.ToUpperInvariant())).Body;
        Assert.Equal((name, "Analyst", "I count."), (Text(card, "username"), Text(card, "title"), Text(card, "about")));
        Assert.Equal(("https://example.com/ada", 1, 1), (Text(card, "website"), Count(card, "links"), Count(card, "languages")));
        foreach (var hidden in new[] { "email", "phoneNumber", "age" })
            Assert.Equal(JsonValueKind.Null, card.GetProperty(hidden).ValueKind);
        foreach (var never in new[] { "id", "birthDate", "givenName", "createdAt" })
            Assert.False(card.TryGetProperty(never, out _), never);

        var saved = await PatchAsync(owner, new { publicFields = EmailAndAge });
        Assert.Equal("""["age","email"]""", saved.Body.GetProperty("publicFields").GetRawText());
        card = (await CardAsync(other, name)).Body;
        Assert.Equal(owner.Email, Text(card, "email"));
        Assert.Equal(JsonValueKind.Number, card.GetProperty("age").ValueKind);
        foreach (var hidden in new[] { "name", "title", "about", "website", "phoneNumber" })
            Assert.Equal(JsonValueKind.Null, card.GetProperty(hidden).ValueKind);
        Assert.Equal((0, 0), (Count(card, "links"), Count(card, "languages")));

        await PatchAsync(owner, new { publicFields = Array.Empty<string>() });
        card = (await CardAsync(other, name)).Body;
        Assert.Equal((name, JsonValueKind.Null), (Text(card, "username"), card.GetProperty("email").ValueKind));
        Assert.Equal(["publicFields: request.unknown-value"], (await PatchAsync(owner, new { publicFields = Unknown })).Errors);
    }

    [Fact]
    public async Task The_card_has_the_photo_unless_it_is_hidden_and_then_the_picture_that_stands_for_anybody()
    {
        var (owner, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var name = NewName();
        await RenameAsync(owner, name);
        Assert.Equal(Photos.Nobody, Text((await CardAsync(other, name)).Body, "picture"));

        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(owner, TestPictures.RedAndBlue(60, 60))).Status);
        var (status, type, _) = await app.ReadAsync(Text((await CardAsync(other, name)).Body, "picture")!);
        Assert.Equal((200, "image/jpeg"), (status, type));

        await PatchAsync(owner, new { publicFields = EmailAndAge });
        Assert.Equal(Photos.Nobody, Text((await CardAsync(other, name)).Body, "picture"));
        Assert.NotEqual(Photos.Nobody, await app.PictureAsync(owner));
    }

    [Fact]
    public async Task Without_a_session_nobody_sees_a_card_and_unknown_disabled_and_closed_users_look_alike()
    {
        var (owner, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var name = NewName();
        await RenameAsync(owner, name);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.GetAsync("/v1/profiles/" + name)).Status);
        var unknown = await CardAsync(other, NewName());
        var malformed = await CardAsync(other, "a..b");
        await app.ExecuteAsync("update identity.users set disabled_at = now() where id = $1", owner.UserId);
        var disabled = await CardAsync(other, name);
        await app.ExecuteAsync("update identity.users set disabled_at = null where id = $1", owner.UserId);
        Assert.Equal(HttpStatusCode.OK, (await CardAsync(other, name)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close", owner)).Status);
        var closed = await CardAsync(other, name);

        foreach (var answer in new[] { unknown, malformed, disabled, closed })
            Assert.Equal((HttpStatusCode.NotFound, "identity.profile-not-found"), Rejection(answer));
    }

    private static readonly string[] Links = ["https://one.example.com"];
    private static readonly string[] Tongues = ["hi"];
    private static readonly string[] EmailAndAge = ["email", "age", "email"];
    private static readonly string[] Unknown = ["name", "password"];

    private static string NewName() => "ada-" + RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 12);

    private static (HttpStatusCode Status, string? Code) Rejection(Answer answer) => (answer.Status, answer.Code);

    private static string? Text(JsonElement card, string member) => card.GetProperty(member).GetString();

    private static int Count(JsonElement card, string member) => card.GetProperty(member).GetArrayLength();

    private Task<Answer> RenameAsync(SignedIn person, string name, TestApp? at = null) => PatchAsync(person, new { username = name }, at);

    private async Task<Answer> PatchAsync(SignedIn person, object body, TestApp? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(body) };
        request.Headers.Add(person.Tokens.Header.Name, person.Tokens.Header.Value);
        return await (at ?? app).Users.SendAsync(request);
    }

    private Task<Answer> CardAsync(SignedIn person, string name) =>
        app.Users.SendAsync(HttpMethod.Get, "/v1/profiles/" + name, person.Tokens.Header);
}
