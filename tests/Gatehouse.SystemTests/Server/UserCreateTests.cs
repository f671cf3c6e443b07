using System.Net;
using System.Text;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse user create</c> as a process, beside a running server.</summary>
[Collection<Undisturbed>]
[Trait("Speed", "Slow")]
public sealed class UserCreateTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task An_operator_creates_a_user_whose_address_counts_as_verified()
    {
        var email = TestUsers.NewEmail();
        await using var run = await RunAsync(
            ["--email", email, "--name", "Katherine Johnson", "--username", "Kathy", "--language", "es", "--password-stdin"],
            TestUsers.Password + "\n"
        );

        var id = await IdAsync(run);
        Assert.Equal(
            "Katherine Johnson,Kathy,kathy,es,true",
            await app.ScalarAsync<string>(
                """
                select concat_ws(',', name, username, username_key, language, (email_verified_at is not null)::text) from identity.users
                 where id = $1
                """,
                id
            )
        );
        Assert.Equal(
            "confirmed",
            await app.KeyScalarAsync<string>(
                "select case when provisional then 'provisional' else 'confirmed' end from keys.subject_keys where subject_id = $1",
                id
            )
        );
        await app.QuietAsync();
        Assert.Equal(
            "user.registered.v1 1 operator,user.verified.v1 2 operator",
            await app.ScalarAsync<string>(
                """
                select string_agg(concat_ws(' ', type, subject_version, coalesce(data::jsonb ->> 'origin', data::jsonb ->> 'method')), ','
                                  order by subject_version)
                  from runtime.events where key = $1
                """,
                id
            )
        );
        Assert.Empty(await app.Users.LettersAsync(email));
        Assert.Empty(await app.PlacesOfAsync(email));
        await AssertSignsInAsync("kathy", TestUsers.Password);

        // To the running server the person has an account.
        await app.Users.RegisterAsync(email.ToUpperInvariant());
        Assert.Equal("You already have a Gatehouse account", (await app.Users.LetterAsync(email)).Subject);
    }

    [Fact]
    public async Task A_phone_number_takes_the_place_of_the_address()
    {
        var number = TestUsers.NewPhone();
        await using var run = await RunAsync(
            ["--phone", $"{number[..3]} {number[3..]}", "--name", "Dorothy", "--password-stdin"],
            TestUsers.Password
        );

        await IdAsync(run);
        await AssertSignsInAsync(number, TestUsers.Password);
        await app.QuietAsync();
        Assert.Empty(await app.Users.LettersAsync(number));
    }

    [Fact]
    public async Task Without_a_password_the_account_has_none()
    {
        await using var run = await RunAsync(["--email", TestUsers.NewEmail(), "--name", "Dorothy"]);

        var id = await IdAsync(run);
        Assert.Equal(
            "en",
            await app.ScalarAsync<string>(
                "select language from identity.users where id = $1 and password_hash is null and username is null",
                id
            )
        );
    }

    [Theory]
    [InlineData("a tall bridge over calm water", "a tall bridge over calm water")]
    [InlineData("a tall bridge over calm water\r\n", "a tall bridge over calm water")]
    [InlineData(" पानी के ऊपर एक ऊँचा पुल \n", " पानी के ऊपर एक ऊँचा पुल ")]
    public async Task The_password_is_what_stands_on_standard_input_without_its_last_line_break(string input, string password)
    {
        var email = TestUsers.NewEmail();
        await using var run = await RunAsync(["--email", email, "--name", "Mary", "--password-stdin"], input);

        await IdAsync(run);
        await AssertSignsInAsync(email, password);
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_nothing_is_stored()
    {
        var before = await app.FootprintAsync();

        await using var run = await RunAsync(
            ["--email", "nobody", "--name", "\t", "--username", "_", "--password-stdin"],
            "iloveyou12345678\n"
        );

        await AssertRejectedAsync(
            run,
            """
            The user was not created:
              email: Enter a valid e-mail address.
              name: Control characters are not allowed.
              username: Use 3–30 characters: a–z, 0–9, and . _ - between them.
              password: This password is too common. Choose another.
            """
        );
        Assert.Equal(before, await app.FootprintAsync());
    }

    [Theory]
    [InlineData("", "password: This field is required.")]
    [InlineData("short", "password: Use at least 15 characters. A sentence works well.")]
    [InlineData(
        "my name is Ada, remember",
        "password: Your password must not contain your name, your e-mail address or the name of this service."
    )]
    [InlineData("a line\0without end", "password: This text contains an incomplete Unicode character.")]
    public async Task A_password_that_cannot_be_used_is_rejected_in_words(string input, string words)
    {
        await using var run = await RunAsync(["--email", TestUsers.NewEmail(), "--name", "Remember Ada", "--password-stdin"], input);

        await AssertRejectedAsync(run, "The user was not created:\n  " + words);
    }

    [Fact]
    public async Task Input_without_end_is_a_password_too_long_and_what_is_no_text_is_said()
    {
        string[] arguments = ["user", "create", "--email", TestUsers.NewEmail(), "--name", "Ada", "--password-stdin"];
        var settings = await ServeTests.SettingsAsync(app.Databases);

        await using var endless = await GatehouseProcess.RunAsync(
            arguments,
            settings,
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("पुल", 5_000)))
        );
        await using var noText = await GatehouseProcess.RunAsync(arguments, settings, [0xC3, 0x28, .. "a tall bridge over calm water"u8]);

        await AssertRejectedAsync(endless, "The user was not created:\n  password: Use at most 128 characters.");
        await AssertRejectedAsync(noText, "The password on standard input is not valid UTF-8.");
    }

    [Fact]
    public async Task A_taken_address_or_username_is_rejected_in_words()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisteredUserAsync(email, "annie");
        var before = await app.FootprintAsync();

        await using var address = await RunAsync(["--email", email.ToUpperInvariant(), "--name", "Annie"]);
        await using var username = await RunAsync(["--email", TestUsers.NewEmail(), "--name", "Annie", "--username", "ANNIE"]);

        await AssertRejectedAsync(address, "The user was not created: An account with this e-mail address already exists. Sign in.");
        await AssertRejectedAsync(username, "The user was not created: This username is taken. Choose another.");
        Assert.Equal(before, await app.FootprintAsync());
    }

    [Fact]
    public async Task Two_at_once_for_one_address_make_one_user()
    {
        var email = TestUsers.NewEmail();
        string[] arguments = ["--email", email, "--name", "Grace"];
        var settings = await ServeTests.SettingsAsync(app.Databases);

        await using var first = GatehouseProcess.Start(["user", "create", .. arguments], settings);
        await using var second = GatehouseProcess.Start(["user", "create", .. arguments], settings);

        Assert.Equal([0, 1], new[] { await first.ExitCodeAsync(), await second.ExitCodeAsync() }.Order());
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from identity.users where name = 'Grace'"));
    }

    [Fact]
    public async Task The_first_user_may_come_before_the_first_start()
    {
        var settings = await ServeTests.SettingsAsync(await (await TestDatabases.GetAsync()).CreateEmptyAsync());
        string[] arguments = ["user", "create", "--email", "ada@example.com", "--name", "Ada"];

        await using var forbidden = await GatehouseProcess.RunAsync([.. arguments, "--set", "Database:MigrateAtStart=false"], settings);
        await using var run = await GatehouseProcess.RunAsync(arguments, settings);

        Assert.Equal((1, ""), (await forbidden.ExitCodeAsync(), forbidden.Output));
        Assert.Contains("gatehouse migrate", forbidden.Errors, StringComparison.Ordinal);
        await IdAsync(run);
        await using var source = NpgsqlDataSource.Create(settings["Database:ConnectionString"]!);
        await using var command = source.CreateCommand("select count(*) from identity.users");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("--name", "Ada")]
    [InlineData("--email", "ada@example.com")]
    [InlineData("--email", "ada@example.com", "--phone", "+447400123456", "--name", "Ada")]
    [InlineData("--email", "ada@example.com", "--name", "Ada", "--password", "a tall bridge over calm water")]
    public async Task What_the_command_cannot_mean_is_answered_with_help(params string[] arguments)
    {
        await using var run = await GatehouseProcess.RunAsync(["user", "create", .. arguments]);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.NotEqual("", run.Errors);
        Assert.Contains(
            "The e-mail address or phone number counts as verified",
            run.Output.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task In_development_mode_it_brings_its_own_database_where_no_server_runs()
    {
        using var place = new TemporaryFolder();
        string[] arguments = ["user", "create", "--dev", "--data", place.FullPath, "--email", "ada@example.com", "--name", "Ada"];

        await using var alone = await GatehouseProcess.RunAsync(arguments);

        await IdAsync(alone);
    }

    private async Task<GatehouseProcess> RunAsync(string[] arguments, string? input = null) =>
        await GatehouseProcess.RunAsync(
            ["user", "create", .. arguments],
            await ServeTests.SettingsAsync(app.Databases),
            input is null ? null : Encoding.UTF8.GetBytes(input)
        );

    // The id stands alone on standard output, so that a script can take it.
    private static async Task<Guid> IdAsync(GatehouseProcess run)
    {
        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        return Guid.ParseExact(run.Output, "D");
    }

    private static async Task AssertRejectedAsync(GatehouseProcess run, string words) =>
        Assert.Equal((1, "", words), (await run.ExitCodeAsync(), run.Output, run.Errors));

    private async Task AssertSignsInAsync(string identifier, string password)
    {
        var answer = await app.Users.PostAsync("/v1/sessions", new { identifier, password });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }
}
