using System.Net;
using Gatehouse.Identity.Passwords;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

[Collection<AccountsOnTwoNodes>]
public sealed class ConfirmByCodeTests(TwoNodes nodes)
{
    private readonly TestApp app = nodes.First;

    [Fact]
    public async Task Parallel_guesses_on_two_nodes_count_each_and_only_five_are_judged()
    {
        var (id, code) = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => nodes[i].Users.VerifyAsync(id, TestUsers.WrongCode(code))));

        Assert.Equal(5, answers.Count(a => a.Code == "identity.code-wrong"));
        Assert.Equal(19, answers.Count(a => a.Code == "identity.too-many-attempts"));
        Assert.Equal(
            [0, 1, 2, 3, 4],
            answers.Where(a => a.Code == "identity.code-wrong").Select(a => a.Body.GetProperty("attemptsRemaining").GetInt32()).Order()
        );
        Assert.Equal("identity.too-many-attempts", (await app.Users.VerifyAsync(id, code)).Code);
        Assert.Equal(0, await app.ScalarAsync<short>("select attempts_remaining from identity.verifications where id = $1", id));
    }

    [Fact]
    public async Task Parallel_correct_submits_on_two_nodes_make_one_user()
    {
        var (id, code) = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => nodes[i].Users.VerifyAsync(id, code)));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(a => a.Code == "identity.registration-completed"));
        Assert.Equal(1L, await UsersOfAsync(id));
        await app.QuietAsync();
        var user = answers.Single(a => a.Status == HttpStatusCode.Created).Body.GetProperty("user").GetProperty("id").GetGuid();
        // Registered, verified, signed in: each once.
        Assert.Equal(3L, await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1", user));
    }

    [Fact]
    public async Task Two_flows_of_one_address_proved_at_once_make_one_user()
    {
        var email = TestUsers.NewEmail();
        var (first, firstCode) = await StartAsync(email);
        var (second, secondCode) = await StartAsync(email, letter: 2);

        var answers = await Task.WhenAll(nodes[0].Users.VerifyAsync(first, firstCode), nodes[1].Users.VerifyAsync(second, secondCode));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Single(answers, a => (a.Status, a.Code) == (HttpStatusCode.Conflict, "identity.email-taken"));
        Assert.Equal(1L, await UsersOfAsync(first));
    }

    [Fact]
    public async Task A_code_works_in_its_own_flow_only_and_not_in_another_of_the_address()
    {
        var email = TestUsers.NewEmail();
        var (first, firstCode) = await StartAsync(email);
        var (second, secondCode) = await StartAsync(email, letter: 2);

        Assert.Equal("identity.code-wrong", (await app.Users.VerifyAsync(second, Different(firstCode, secondCode))).Code);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(first, firstCode)).Status);
    }

    [Fact]
    public async Task A_username_taken_meanwhile_is_named_and_another_goes_with_the_same_code()
    {
        var email = TestUsers.NewEmail();
        var (id, code) = await StartAsync(email, username: "meanwhile");
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail(), "Meanwhile");

        var taken = await app.Users.VerifyAsync(id, code);
        Assert.Equal((HttpStatusCode.Conflict, "identity.username-taken"), (taken.Status, taken.Code));
        Assert.Equal("identity.username-taken", (await app.Users.VerifyAsync(id, code, "MEANWHILE")).Code);
        Assert.Equal(0L, await UsersOfAsync(id));

        var other = await app.Users.VerifyAsync(id, code, "Mean.While");
        Assert.Equal(HttpStatusCode.Created, other.Status);
        Assert.Equal("Mean.While", other.Body.GetProperty("user").GetProperty("username").GetString());
    }

    [Fact]
    public async Task One_of_two_people_who_prove_at_once_gets_the_username()
    {
        var (first, firstCode) = await StartAsync(username: "contested");
        var (second, secondCode) = await StartAsync(username: "contested");

        var answers = await Task.WhenAll(nodes[0].Users.VerifyAsync(first, firstCode), nodes[1].Users.VerifyAsync(second, secondCode));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Single(answers, a => a.Code == "identity.username-taken");
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from identity.users where username_key = 'contested'"));
    }

    [Fact]
    public async Task Who_restarts_a_registration_for_the_address_of_another_gets_no_password_in()
    {
        const string theirs = "an attacker waits behind the hedge";
        var email = TestUsers.NewEmail();
        var (own, _) = await StartAsync(email);
        var ownCode = (await app.Users.LetterAsync(email)).Code;

        // The attacker starts again while the owner waits, so the newest mail belongs to the attacker's flow.
        var attack = await app.Users.RegisterAsync(email, "Mallory", theirs);
        var attackCode = (await app.Users.LetterAsync(email, 2)).Code;
        Assert.Equal("identity.code-wrong", (await app.Users.VerifyAsync(own, Different(attackCode, ownCode))).Code);

        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(own, ownCode)).Status);
        Assert.Equal("identity.email-taken", (await app.Users.VerifyAsync(attack.RegistrationId, attackCode)).Code);
        Assert.True(await OpensAsync(own, TestUsers.Password));
        Assert.False(await OpensAsync(own, theirs));
    }

    private async Task<(Guid Id, string Code)> StartAsync(string? email = null, int letter = 1, string? username = null)
    {
        email ??= TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email, username: username);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        return (started.RegistrationId, (await app.Users.LetterAsync(email, letter)).Code);
    }

    // One in a million times two codes are equal, and then the foreign one would be right.
    private static string Different(string foreign, string own) => foreign == own ? TestUsers.WrongCode(own) : foreign;

    private Task<long> UsersOfAsync(Guid registration) =>
        app.ScalarAsync<long>(
            "select count(*) from identity.identifiers i join identity.verifications r on r.target_index = i.blind_index where r.id = $1",
            registration
        );

    private async Task<bool> OpensAsync(Guid registration, string password)
    {
        var hash = await app.ScalarAsync<string>(
            """
            select u.password_hash from identity.users u join identity.identifiers i on i.user_id = u.id
              join identity.verifications r on r.target_index = i.blind_index where r.id = $1
            """,
            registration
        );
        var typed = PasswordInput.Parse(password, "password", new Gatehouse.Core.Results.ValidationErrors())!;
        return (
            await app
                .Services.GetRequiredService<PasswordHasher>()
                .VerifyAsync(new PasswordHash(hash), typed, "test", CancellationToken.None)
        ).Value;
    }
}
