using System.Net;
using Gatehouse.Identity.Passwords;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>What people type: spaces that look alike, names that show nothing, members left empty, usernames of somebody who runs the
/// service.</summary>
public sealed class TypedTextTests(RunningApp running)
{
    private const string Typed = "a tall bridge over calm water";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData('\u00a0')]
    [InlineData('\u2003')]
    [InlineData('\u202f')]
    [InlineData('\u3000')]
    public async Task Every_space_of_a_passphrase_is_an_ordinary_one(char space)
    {
        var email = TestUsers.NewEmail();
        var other = Typed.Replace(' ', space);
        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = other,
            }
        );
        Assert.Equal(
            HttpStatusCode.Created,
            (await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code)).Status
        );

        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, Typed)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(email, other)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(email, other + space)).Status);
    }

    [Fact]
    public async Task A_hash_of_an_earlier_version_opens_by_what_was_typed_then_and_is_made_anew()
    {
        var person = await app.Users.SomebodyAsync();
        var former = Typed.Replace(' ', '\u00a0');
        var hash = HashOf(former);
        await app.ExecuteAsync("update identity.users set password_hash = $1 where id = $2", hash, person.UserId);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SignInAsync(person.Email, Typed)).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, former)).Status);

        Assert.NotEqual(hash, await app.ScalarAsync<string>("select password_hash from identity.users where id = $1", person.UserId));
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, Typed)).Status);
        var renewed = await app.ScalarAsync<string>("select password_hash from identity.users where id = $1", person.UserId);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(person.Email, former)).Status);
        Assert.Equal(renewed, await app.ScalarAsync<string>("select password_hash from identity.users where id = $1", person.UserId));
    }

    [Theory]
    [InlineData("a wrong guess of somebody")]
    [InlineData("a\u00a0wrong guess of somebody")]
    public async Task A_failure_is_the_same_work_with_an_account_and_without(string guess)
    {
        var person = await app.Users.SomebodyAsync();
        using var known = new TraceOf();
        using var unknown = new TraceOf();

        await app.Users.SignInAsync(person.Email, guess, known.Header);
        await app.Users.SignInAsync(TestUsers.NewEmail(), guess, unknown.Header);

        Assert.Equal(unknown.HashWork(), known.HashWork());
        Assert.NotEqual(0, known.HashWork());
    }

    [Theory]
    [InlineData("\u3164")]
    [InlineData("\u115f\u1160")]
    [InlineData("\uffa0 \u3164")]
    [InlineData("\u2800")]
    [InlineData("\u034f")]
    [InlineData("\u200d")]
    [InlineData("\ufe0f")]
    [InlineData("\U00013441")]
    [InlineData("\U00013442\U00013441")]
    [InlineData("\U0001D159")]
    [InlineData("\u17b4")]
    [InlineData("\u180b")]
    public async Task A_name_that_shows_nothing_is_refused(string name) =>
        Assert.Contains(
            "name: identity.name-invalid",
            (
                await app.Users.PostAsync(
                    "/v1/registrations",
                    new
                    {
                        email = TestUsers.NewEmail(),
                        name,
                        password = TestUsers.Password,
                    }
                )
            ).Errors
        );

    [Theory]
    [InlineData("한글")]
    [InlineData("नाम")]
    [InlineData("ㄱ\u3164")]
    public async Task A_name_that_shows_something_is_taken(string name) =>
        Assert.Equal(
            HttpStatusCode.Accepted,
            (
                await app.Users.PostAsync(
                    "/v1/registrations",
                    new
                    {
                        email = TestUsers.NewEmail(),
                        name,
                        password = TestUsers.Password,
                    }
                )
            ).Status
        );

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u3000 \u00a0")]
    public async Task An_empty_optional_member_is_none(string empty)
    {
        var email = TestUsers.NewEmail();
        var started = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
                username = empty,
            }
        );
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var verified = await app.Users.PostAsync(
            $"/v1/registrations/{started.RegistrationId}/verify",
            new
            {
                code = (await app.Users.LetterAsync(email)).Code,
                username = empty,
                transport = empty,
                remember = empty,
            }
        );
        Assert.Equal(HttpStatusCode.Created, verified.Status);
        var tokens = verified.Tokens();

        using var change = new HttpRequestMessage(HttpMethod.Patch, "/v1/me")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { about = "Bridges.", preferredLanguage = empty }),
        };
        change.Headers.Add(tokens.Header.Name, tokens.Header.Value);
        var changed = await app.Users.SendAsync(change);
        Assert.Equal(
            ("Bridges.", "en"),
            (changed.Body.GetProperty("about").GetString(), changed.Body.GetProperty("preferredLanguage").GetString())
        );

        // Where an empty text has a meaning of its own, it keeps it; what must be there is missing.
        using var clear = new HttpRequestMessage(HttpMethod.Patch, "/v1/me")
        {
            Content = System.Net.Http.Json.JsonContent.Create(
                new
                {
                    about = empty,
                    birthDate = empty,
                    website = empty,
                    title = empty,
                    languages = new[] { empty },
                    links = new[] { empty },
                }
            ),
        };
        clear.Headers.Add(tokens.Header.Name, tokens.Header.Value);
        var cleared = (await app.Users.SendAsync(clear)).Body;
        foreach (var (member, none) in new[] { ("about", "null"), ("birthDate", "null"), ("languages", "[]"), ("links", "[]") })
            Assert.Equal((member, none), (member, cleared.GetProperty(member).GetRawText()));
        Assert.Contains(
            "name: request.required",
            (
                await app.Users.PostAsync(
                    "/v1/registrations",
                    new
                    {
                        email,
                        name = empty,
                        password = TestUsers.Password,
                    }
                )
            ).Errors
        );
    }

    [Fact]
    public async Task A_password_of_spaces_is_a_password_and_not_none()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        var link = (await app.Users.LetterAsync(email)).LinkToken;

        Assert.Equal("identity.password-wrong", (await app.Users.ConfirmAsync(link, "   ")).Code);
    }

    [Fact]
    public async Task A_username_of_spaces_is_none_on_the_page_too()
    {
        using var browser = new Browser(app);
        var answer = await browser.FillAsync(
            "/sign-up",
            "/sign-up",
            ("name", "Ada"),
            ("email", TestUsers.NewEmail()),
            ("username", "  "),
            ("password", TestUsers.Password)
        );

        Assert.StartsWith("/sign-up/code?id=", answer.Location(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("Support")]
    [InlineData("postmaster")]
    [InlineData("no-reply")]
    [InlineData("web.master")]
    [InlineData("gatehouse")]
    [InlineData("Gate-House")]
    public async Task A_username_of_who_runs_the_service_is_not_free(string username)
    {
        Assert.False((await app.Users.GetAsync("/v1/usernames/" + username)).Body.GetProperty("available").GetBoolean());
        var answer = await app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email = TestUsers.NewEmail(),
                name = "Ada",
                password = TestUsers.Password,
                username,
            }
        );
        Assert.Equal((HttpStatusCode.Conflict, "identity.username-taken"), (answer.Status, answer.Code));

        // Nor by a second choice, when the first was taken meanwhile.
        var email = TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email);
        var second = await app.Users.PostAsync(
            $"/v1/registrations/{started.RegistrationId}/verify",
            new { code = (await app.Users.LetterAsync(email)).Code, username }
        );
        Assert.Equal("identity.username-taken", second.Code);
    }

    [Fact]
    public async Task A_setting_reserves_more_usernames()
    {
        await using var own = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Registration:ReservedUsernames"] = "ceo,Board-Room",
                ["Tenant:DisplayName"] = "Example Bank",
            }
        );

        foreach (var name in new[] { "ceo", "boardroom", "example.bank", "admin" })
            Assert.False((await own.Users.GetAsync("/v1/usernames/" + name)).Body.GetProperty("available").GetBoolean());
        foreach (var name in new[] { "gatehouse", "ceos" })
            Assert.True((await own.Users.GetAsync("/v1/usernames/" + name)).Body.GetProperty("available").GetBoolean());
    }

    // As a version hashed it that did not know of other spaces.
    private static string HashOf(string former)
    {
        Span<byte> hash = stackalloc byte[Sodium.HashSize];
        var bytes = System.Text.Encoding.UTF8.GetBytes(former);
        Assert.Equal(0, Sodium.Hash(hash, bytes, (ulong)bytes.Length, passes: 2, memory: 19456 * 1024, Sodium.Argon2Id));
        return System.Text.Encoding.ASCII.GetString(hash[..hash.IndexOf((byte)0)]);
    }
}
