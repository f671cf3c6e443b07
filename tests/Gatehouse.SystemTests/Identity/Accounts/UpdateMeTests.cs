using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

public sealed class UpdateMeTests(RunningApp running)
{
    private static readonly string[] Changeable =
    [
        "name",
        "givenName",
        "familyName",
        "title",
        "website",
        "links",
        "birthDate",
        "about",
        "languages",
        "preferredLanguage",
        "username",
        "publicFields",
    ];

    private static readonly string[] OneEach =
    [
        """{"about":"one"}""",
        """{"languages":["hi"]}""",
        """{"name":"Two"}""",
        """{"preferredLanguage":"hi"}""",
    ];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_person_changes_the_own_details_and_what_is_left_out_stays()
    {
        var person = await app.Users.SomebodyAsync();
        var before = (await app.Users.MeAsync(person.Tokens)).Body;
        Assert.Equal(JsonValueKind.Null, before.GetProperty("about").ValueKind);
        Assert.Equal(("[]", "en"), (before.GetProperty("languages").GetRawText(), before.GetProperty("preferredLanguage").GetString()));

        var first = await PatchAsync(
            person,
            """{"name":" Ada   Byron ","about":"I count.\r\nOn engines\rtoo. ","languages":["EN","pt-br","ZH-HANT-tw","en"]}"""
        );
        Assert.Equal(HttpStatusCode.OK, first.Status);
        var second = await PatchAsync(person, """{"preferredLanguage":"hi","about":null}""");

        Assert.Equal((await app.Users.MeAsync(person.Tokens)).Text, second.Text);
        Assert.Equal("Ada Byron", second.Body.GetProperty("name").GetString());
        Assert.Equal("I count.\nOn engines\ntoo.", second.Body.GetProperty("about").GetString());
        Assert.Equal("""["en","pt-BR","zh-Hant-TW"]""", second.Body.GetProperty("languages").GetRawText());
        Assert.Equal("hi", second.Body.GetProperty("preferredLanguage").GetString());
        foreach (var member in new[] { "id", "email", "emailVerified", "hasPassword", "createdAt" })
            Assert.Equal(before.GetProperty(member).GetRawText(), second.Body.GetProperty(member).GetRawText());
    }

    [Fact]
    public async Task Empty_clears_what_may_be_empty()
    {
        var person = await app.Users.SomebodyAsync();
        await PatchAsync(person, """{"about":"x","languages":["hi"]}""");
        Assert.True(await HasProfileAsync(person));

        var cleared = await PatchAsync(person, """{"about":"","languages":[]}""");

        Assert.Equal(JsonValueKind.Null, cleared.Body.GetProperty("about").ValueKind);
        Assert.Equal(0, cleared.Body.GetProperty("languages").GetArrayLength());
        Assert.False(await HasProfileAsync(person));
        foreach (var body in new[] { """{"name":""}""", """{"name":"  "}""" })
            Assert.Equal(["name: request.required"], (await PatchAsync(person, body)).Errors);
    }

    [Fact]
    public async Task Names_title_links_and_birth_date_are_kept_encrypted_and_cleared_by_an_empty_value()
    {
        var person = await app.Users.SomebodyAsync();
        var set = await PatchAsync(
            person,
            """
            {"givenName":" Ada ","familyName":"Byron King","title":"Analyst","website":"https://www.example.com/ada",
             "birthDate":"1990-02-28",
             "links":["https://one.example.com","","http://two.example.com/x?y=1","https://one.example.com"]}
            """
        );

        Assert.Equal(HttpStatusCode.OK, set.Status);
        Assert.Equal(
            ("Ada", "Byron King", "Analyst", "https://www.example.com/ada", "1990-02-28"),
            (Text("givenName"), Text("familyName"), Text("title"), Text("website"), Text("birthDate"))
        );
        Assert.Equal("""["https://one.example.com","http://two.example.com/x?y=1"]""", set.Body.GetProperty("links").GetRawText());
        var today = app.Clock.GetUtcNow();
        var years = today.Year - 1990 - (today.Month < 2 || (today.Month == 2 && today.Day < 28) ? 1 : 0);
        Assert.Equal(years, set.Body.GetProperty("age").GetInt32());
        Assert.False(
            await app.ScalarAsync<bool>(
                "select position(convert_to('1990', 'UTF8') in profile) > 0 from identity.users where id = $1",
                person.UserId
            )
        );

        var cleared = await PatchAsync(person, """{"givenName":"","familyName":" ","title":"","website":"","links":[],"birthDate":""}""");

        foreach (var member in new[] { "givenName", "familyName", "title", "website", "birthDate", "age" })
            Assert.True(cleared.Body.GetProperty(member).ValueKind == JsonValueKind.Null, member);
        Assert.Equal(0, cleared.Body.GetProperty("links").GetArrayLength());
        Assert.False(await HasProfileAsync(person));

        string? Text(string member) => set.Body.GetProperty(member).GetString();
    }

    [Theory]
    [InlineData("""{"birthDate":"2900-01-01"}""", "birthDate: identity.birth-date-invalid")]
    [InlineData("""{"birthDate":"1800-01-01"}""", "birthDate: identity.birth-date-invalid")]
    [InlineData("""{"birthDate":"2001-02-29"}""", "birthDate: identity.birth-date-invalid")]
    [InlineData("""{"birthDate":"28.2.1990"}""", "birthDate: identity.birth-date-invalid")]
    [InlineData("""{"birthDate":19900228}""", "birthDate: request.wrong-type")]
    [InlineData("""{"website":"javascript:alert(1)"}""", "website: identity.url-invalid")]
    [InlineData("""{"website":"www.example.com"}""", "website: identity.url-invalid")]
    [InlineData("""{"website":"//www.example.com"}""", "website: identity.url-invalid")]
    [InlineData("""{"website":"https://user:secret@www.example.com"}""", "website: identity.url-invalid")]
    [InlineData("""{"website":"https://exa mple.com"}""", "website: identity.url-invalid")]
    [InlineData("""{"links":["https://one.example.com","ftp://two.example.com"]}""", "links[1]: identity.url-invalid")]
    [InlineData("""{"givenName":"\u200B"}""", "givenName: identity.name-invalid")]
    [InlineData("""{"title":"a\nb"}""", "title: request.control-character")]
    [InlineData("""{"age":3}""", "age: request.unknown-member")]
    public async Task What_is_no_name_date_or_address_is_rejected_beside_its_field(string body, string error)
    {
        var person = await app.Users.SomebodyAsync();

        var answer = await PatchAsync(person, body);

        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, Assert.Single(answer.Errors)));
    }

    [Fact]
    public async Task A_change_of_what_was_read_before_is_rejected_when_it_was_changed_since()
    {
        var person = await app.Users.SomebodyAsync();
        var read = await app.Users.MeAsync(person.Tokens);
        var tag = read.Header("ETag");
        Assert.Matches("^\"[0-9a-f]{16}\"$", tag);
        // Signing in elsewhere changes nothing that the owner edits.
        await app.Users.SignInAsync(person.Email);
        Assert.Equal(tag, (await app.Users.MeAsync(person.Tokens)).Header("ETag"));

        var changed = await PatchAsync(person, """{"title":"Analyst"}""", tag);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(tag, changed.Header("ETag"));
        var stale = await PatchAsync(person, """{"title":"Countess"}""", tag);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "request.precondition-failed"), (stale.Status, stale.Code));
        Assert.Equal("Analyst", (await app.Users.MeAsync(person.Tokens)).Body.GetProperty("title").GetString());

        Assert.Equal(
            HttpStatusCode.OK,
            (await PatchAsync(person, """{"title":"Countess"}""", $"\"other\", {changed.Header("ETag")}")).Status
        );
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(person, """{"title":"Analyst"}""", "*")).Status);
    }

    [Fact]
    public async Task Mails_follow_the_preferred_language()
    {
        var person = await app.Users.SomebodyAsync();
        await PatchAsync(person, """{"preferredLanguage":"es"}""");

        await app.Users.AskResetAsync(person.Email, ("Accept-Language", "hi"));

        Assert.Contains("Hola", (await app.Users.LetterAsync(person.Email, 2)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"about":"a\u0000b"}""", "about: request.control-character")]
    [InlineData("""{"about":"a\tb"}""", "about: request.control-character")]
    [InlineData("""{"about":"a\u001bb"}""", "about: request.control-character")]
    [InlineData("""{"about":"a\u0085b"}""", "about: request.control-character")]
    [InlineData("""{"about":"a\fb"}""", "about: request.control-character")]
    [InlineData("""{"about":"a\u2028b"}""", "about: request.control-character")]
    [InlineData("""{"about":"a\ud800b"}""", "about: request.invalid-text")]
    [InlineData("""{"about":7}""", "about: request.wrong-type")]
    [InlineData("""{"name":"a\nb"}""", "name: request.control-character")]
    [InlineData("""{"name":"a\u202eb"}""", "name: identity.name-invalid")]
    [InlineData("""{"preferredLanguage":"fr"}""", "preferredLanguage: request.unknown-value")]
    [InlineData("""{"preferredLanguage":"EN"}""", "preferredLanguage: request.unknown-value")]
    [InlineData("""{"languages":"en"}""", "languages: request.wrong-type")]
    [InlineData("""{"languages":["en",1]}""", "languages[1]: request.wrong-type")]
    [InlineData(
        """{"languages":["en","english language","hi","x"]}""",
        "languages[1]: identity.language-invalid, languages[3]: identity.language-invalid"
    )]
    [InlineData("""{"languages":["en",null]}""", "languages[1]: request.wrong-type")]
    [InlineData("""{"languages":["aa","ab","ae","af","ak","am","an","ar","as","av","ay"]}""", "languages: identity.too-many-languages")]
    [InlineData(
        """{"name":"","about":"\t","languages":["x y"],"preferredLanguage":"xx","other":1}""",
        "other: request.unknown-member, about: request.control-character, name: request.required, "
            + "languages[0]: identity.language-invalid, preferredLanguage: request.unknown-value"
    )]
    public async Task Bad_input_is_named_and_changes_nothing(string body, string faults)
    {
        var person = await app.Users.SomebodyAsync();
        var before = (await app.Users.MeAsync(person.Tokens)).Text;

        var refused = await PatchAsync(person, body);

        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), (refused.Status, refused.Code));
        Assert.Equal(faults.Split(", ").Order(StringComparer.Ordinal), refused.Errors.Order(StringComparer.Ordinal));
        Assert.Equal(before, (await app.Users.MeAsync(person.Tokens)).Text);
    }

    [Fact]
    public async Task About_holds_500_characters_of_any_script()
    {
        var person = await app.Users.SomebodyAsync();
        var full = string.Concat(Enumerable.Repeat("😀", 499)) + "é";

        Assert.Equal(
            full,
            (await PatchAsync(person, JsonSerializer.Serialize(new { about = full }))).Body.GetProperty("about").GetString()
        );
        Assert.Equal(["about: request.too-long"], (await PatchAsync(person, JsonSerializer.Serialize(new { about = full + "!" }))).Errors);
    }

    [Fact]
    public async Task Nothing_else_of_the_row_can_be_reached()
    {
        var person = await app.Users.SomebodyAsync();
        var columns = await app.ScalarAsync<string[]>(
            "select array_agg(column_name::text) from information_schema.columns where table_schema = 'identity' and table_name = 'users'"
        );
        var names = columns
            .Concat(columns.Select(Camel))
            .Concat((await app.Users.MeAsync(person.Tokens)).Body.EnumerateObject().Select(member => member.Name))
            .Concat(["email", "emailVerified", "hasPassword", "password", "roles", "isAdmin", "tenantId", "userId", "Name", "NAME"])
            .Except(Changeable, StringComparer.Ordinal)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Assert.Contains("password_hash", names);
        var before = await RowAsync(person);

        foreach (var name in names)
        {
            var refused = await PatchAsync(
                person,
                JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = "x", ["about"] = "y" })
            );
            Assert.Equal([$"{name}: request.unknown-member"], refused.Errors);
        }

        Assert.Equal(before, await RowAsync(person));
    }

    [Fact]
    public async Task The_event_carries_old_and_new_values_of_what_changed_sealed()
    {
        var person = await app.Users.SomebodyAsync();
        await PatchAsync(person, """{"about":"Canary of saffron","languages":["hi","ta"],"name":"Ada"}""");
        await PatchAsync(person, """{"about":"","languages":["ta"],"name":"Grace"}""");

        var changes = new List<UserChangesV1>();
        for (var offset = 0; offset < 2; offset++)
        {
            var data = await app.ScalarAsync<string>(
                """
                select data::text from runtime.events where key = $1 and type = 'user.updated.v1' order by subject_version offset $2 limit 1
                """,
                person.UserId,
                offset
            );
            var message = JsonSerializer.Deserialize(data, EventJson.Default.UserUpdatedV1)!;
            Assert.Equal(person.UserId, message.UserId);
            changes.Add((await app.Services.GetRequiredService<IUserKeys>().OpenAsync(message.Personal, CancellationToken.None))!);
        }

        // The name was Ada before.
        Assert.Equal("about=|Canary of saffron languages=|hi,ta", Text(changes[0]));
        Assert.Equal("about=Canary of saffron| languages=hi,ta|ta name=Ada|Grace", Text(changes[1]));
        Assert.Equal(
            "name, about, languages",
            await app.ScalarAsync<string>(
                """
                select facts::json ->> 'changed' from audit.records where action = 'user.updated' and subject = $1 order by id desc limit 1
                """,
                person.UserId
            )
        );
        Assert.Empty(await app.PlacesOfAsync("Canary of saffron"));
        Assert.Empty(await app.PlacesOfAsync("hi,ta"));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("saffron", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_event_names_every_member_that_can_be_changed()
    {
        var person = await app.Users.SomebodyAsync();
        var username = "ada-" + RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 12);
        var changed = await PatchAsync(
            person,
            $$"""
            {"name":"Grace","givenName":"Ada","familyName":"Byron","title":"Analyst","website":"https://one.example.com",
             "links":["https://two.example.com"],"birthDate":"1990-02-28","about":"I count.","languages":["hi"],
             "preferredLanguage":"hi","username":"{{username}}","publicFields":["age"]}
            """
        );
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);

        var data = await app.ScalarAsync<string>(
            "select data::text from runtime.events where key = $1 and type = 'user.updated.v1'",
            person.UserId
        );
        var message = JsonSerializer.Deserialize(data, EventJson.Default.UserUpdatedV1)!;
        var changes = (await app.Services.GetRequiredService<IUserKeys>().OpenAsync(message.Personal, CancellationToken.None))!;
        Assert.Equal(Changeable.Order(StringComparer.Ordinal), changes.New.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("", username), (changes.Old["username"], changes.New["username"]));
    }

    [Fact]
    public async Task Of_many_who_change_at_once_what_they_read_together_one_does()
    {
        var person = await app.Users.SomebodyAsync();
        var tag = (await app.Users.MeAsync(person.Tokens)).Header("ETag");

        var answers = await Task.WhenAll("ABCD".Select(title => PatchAsync(person, $$"""{"title":"{{title}}"}""", tag)));

        var done = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(3, answers.Count(answer => answer.Code == "request.precondition-failed"));
        Assert.Equal(done.Text, (await app.Users.MeAsync(person.Tokens)).Text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"Ada","about":" ","languages":[],"preferredLanguage":"en"}""")]
    [InlineData("""{"name":null,"about":null,"languages":null,"preferredLanguage":null}""")]
    public async Task What_changes_nothing_is_no_event(string body)
    {
        var person = await app.Users.SomebodyAsync();
        var before = await RowAsync(person);

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(person, body)).Status);

        Assert.Equal(before, await RowAsync(person));
        Assert.Equal(
            0L,
            await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and type = 'user.updated.v1'", person.UserId)
        );
    }

    [Fact]
    public async Task Parallel_changes_of_different_members_are_all_kept()
    {
        var person = await app.Users.SomebodyAsync();

        await Task.WhenAll(OneEach.Select(body => PatchAsync(person, body)));

        var me = (await app.Users.MeAsync(person.Tokens)).Body;
        Assert.Equal(
            "one hi Two hi",
            $"{me.GetProperty("about").GetString()} {me.GetProperty("languages")[0].GetString()} {me.GetProperty("name").GetString()} "
                + $"{me.GetProperty("preferredLanguage").GetString()}"
        );
        Assert.Equal(
            4L,
            await app.ScalarAsync<long>(
                "select count(distinct subject_version) from runtime.events where key = $1 and type = 'user.updated.v1'",
                person.UserId
            )
        );
    }

    [Fact]
    public async Task Only_the_owner_changes_an_account()
    {
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await PatchAsync(ben, """{"name":"Ben"}""");

        Assert.Equal("Ada", (await app.Users.MeAsync(ada.Tokens)).Body.GetProperty("name").GetString());
        using var anonymous = new HttpRequestMessage(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(new { name = "Eve" }) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SendAsync(anonymous)).Status);
    }

    private static string Text(UserChangesV1 changes)
    {
        Assert.Equal(changes.Old.Keys.Order(StringComparer.Ordinal), changes.New.Keys.Order(StringComparer.Ordinal));
        return string.Join(' ', changes.New.Keys.Order(StringComparer.Ordinal).Select(n => $"{n}={changes.Old[n]}|{changes.New[n]}"));
    }

    private static string Camel(string column) =>
        JsonNamingPolicy.CamelCase.ConvertName(string.Concat(column.Split('_').Select(p => char.ToUpperInvariant(p[0]) + p[1..])));

    private async Task<Answer> PatchAsync(SignedIn person, string body, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/me");
        request.Headers.Add(person.Tokens.Header.Name, person.Tokens.Header.Value);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await app.Users.SendAsync(request);
    }

    private Task<string> RowAsync(SignedIn person) =>
        app.ScalarAsync<string>("select u::text from identity.users u where id = $1", person.UserId);

    private Task<bool> HasProfileAsync(SignedIn person) =>
        app.ScalarAsync<bool>("select profile is not null from identity.users where id = $1", person.UserId);
}
