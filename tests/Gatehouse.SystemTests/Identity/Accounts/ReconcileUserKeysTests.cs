using Gatehouse.Encryption;
using Gatehouse.Identity.Accounts;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Accounts;

[Collection<MovedTime>]
public sealed class ReconcileUserKeysTests(RunningApp running)
{
    private const string State = """
        select coalesce((select case when provisional then 'provisional' else 'confirmed' end from keys.subject_keys where subject_id = $1),
                        'gone')
        """;

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_stop_between_key_and_user_leaves_neither_a_key_without_user_nor_a_user_without_key()
    {
        var user = (await app.Users.RegisteredUserAsync(TestUsers.NewEmail())).Body.GetProperty("user").GetProperty("id").GetGuid();
        await app.KeyScalarAsync<int>(
            """
            with changed as (update keys.subject_keys set provisional = true where subject_id = $1 returning 1) select count(*)::int
              from changed
            """,
            user
        );
        var orphan = Guid.CreateVersion7(app.Clock.GetUtcNow());
        var tenant = await app.ScalarAsync<Guid>("select tenant_id from identity.users where id = $1", user);
        await app.Services.GetRequiredService<SubjectKeys>().CreateForPersonAsync(tenant, orphan, CancellationToken.None);

        // A transaction in progress may still need its key.
        await app.RunRecurringAsync<ReconcileUserKeys>();
        Assert.Equal(("provisional", "provisional"), await StatesAsync(user, orphan));

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await app.RunRecurringAsync<ReconcileUserKeys>();
        Assert.Equal(("confirmed", "gone"), await StatesAsync(user, orphan));
    }

    [Fact]
    public async Task Two_proofs_of_one_address_leave_one_person_key()
    {
        var email = TestUsers.NewEmail();
        var first = (await app.Users.RegisterAsync(email)).RegistrationId;
        var firstCode = (await app.Users.LetterAsync(email)).Code;
        var second = (await app.Users.RegisterAsync(email)).RegistrationId;
        var secondCode = (await app.Users.LetterAsync(email, 2)).Code;
        var before = await PersonKeysAsync();

        await Task.WhenAll(app.Users.VerifyAsync(first, firstCode), app.Users.VerifyAsync(second, secondCode));
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await app.RunRecurringAsync<ReconcileUserKeys>();

        Assert.Equal(before + 1, await PersonKeysAsync());
    }

    private Task<long> PersonKeysAsync() => app.KeyScalarAsync<long>("select count(*) from keys.subject_keys where expires_at is null");

    private async Task<(string, string)> StatesAsync(Guid one, Guid other) =>
        (await app.KeyScalarAsync<string>(State, one), await app.KeyScalarAsync<string>(State, other));
}
