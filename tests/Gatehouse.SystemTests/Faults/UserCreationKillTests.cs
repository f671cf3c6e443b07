using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Identity.Accounts;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.UserCreation;
using Npgsql;

namespace Gatehouse.SystemTests.Faults;

/// <summary>
/// <c>kill -9</c> between the request to create a user by code and its result: whatever was answered with 202 becomes a user exactly once,
/// and its operation says so.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class UserCreationKillTests
{
    private static readonly string[] Points =
    [
        "user-creation.start.commit start 1",
        "user-creation.start.commit stop 1",
        "operation.begin.commit stop 1",
        "user-creation.run start 1",
        "user-creation.run.commit start 1",
        "user-creation.run.commit stop 1",
        "job.users.create stop 1",
    ];

    [Fact]
    public async Task A_kill_between_the_answer_and_the_result_neither_loses_nor_doubles_a_user()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        using var folder = new TemporaryFolder();
        var begun = new List<Begun>();
        await using (var before = await TestApp.StartAsync(databases))
        {
            var admin = await before.TenantAdministratorAsync();
            foreach (var _ in Points)
                begun.Add(await before.BegunAsync(TestUsers.NewEmail(), admin));
        }

        await using var database = NpgsqlDataSource.Create(databases.Main + ";Maximum Pool Size=1");
        // A job begins when its request was answered, and the test says so: otherwise none would hear the answer.
        await ExecuteAsync(
            database,
            """
            create function public.late() returns trigger language plpgsql as
            'begin if new.kind = ''users.create'' then new.run_at = ''2999-01-01''; end if; return new; end';
            create trigger late before insert on runtime.jobs for each row execute function public.late()
            """
        );
        var accepted = new List<(Begun Begun, string Path)>();
        foreach (var (point, one) in Points.Zip(begun))
        {
            if (await CreateUntilKilledAsync(point, databases, database, folder.FullPath, one) is { } path)
                accepted.Add((one, path));
            // The next process is to die of its own request.
            await ExecuteAsync(database, "update runtime.jobs set run_at = '2999-01-01' where kind = 'users.create'");
        }

        await ExecuteAsync(database, "update runtime.jobs set run_at = '2000-01-01' where kind = 'users.create'");
        var clock = new ShiftableClock();
        await using var app = await TestApp.StartAsync(databases, clock);
        await app.QuietAsync();
        var by = (await app.Users.SignInAsync(begun[0].By.Email)).SignedIn(begun[0].By.Email);
        Assert.Equal(Points.Length - 2, accepted.Count);
        foreach (var (one, path) in accepted)
        {
            var user = await app.EndAsync(path, by).UserAsync();
            Assert.Equal(one.Contact, (await app.GetAsync($"/v1/users/{user}", by)).Body.GetProperty("email").GetString());
        }

        // What was committed without an answer is done, too; what was not, is not.
        var operations = Points.Length - 1L;
        Assert.Equal(operations, await app.ScalarAsync<long>("select count(*) from runtime.operations"));
        Assert.Equal(operations, await app.ScalarAsync<long>("select count(*) from runtime.operations where state = 'succeeded'"));
        Assert.Equal(
            operations,
            await app.ScalarAsync<long>(
                "select count(*) from identity.verifications where purpose = 'user-creation' and completed_at is not null"
            )
        );
        Assert.Equal(operations + 1, await app.ScalarAsync<long>("select count(*) from identity.users"));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from runtime.jobs"));
        Assert.Equal(
            "",
            await app.ScalarAsync<string>(
                """
                select coalesce(string_agg(u.id || ': ' || coalesce(e.told, ''), '; '), '') from identity.users u left join (
                       select key, string_agg(type || ' ' || subject_version, ', ' order by subject_version) as told
                         from runtime.events where type in ('user.registered.v1', 'user.verified.v1') group by key) e on e.key = u.id
                 where e.told is distinct from 'user.registered.v1 1, user.verified.v1 2'
                """
            )
        );
        clock.Advance(TimeSpan.FromMinutes(31));
        await app.RunRecurringAsync<ReconcileUserKeys>();
        Assert.Equal(
            await app.ScalarAsync<string>("select string_agg(id::text, ' ' order by id) from identity.users"),
            await app.KeyScalarAsync<string>(
                "select string_agg(subject_id::text, ' ' order by subject_id) from keys.subject_keys where expires_at is null"
            )
        );
    }

    /// <returns>The path of the operation; null if the answer was lost.</returns>
    private static async Task<string?> CreateUntilKilledAsync(
        string point,
        (string Main, string Keys) databases,
        NpgsqlDataSource database,
        string folder,
        Begun begun
    )
    {
        await using var server = GatehouseProcess.Start(
            ["serve", "--dev", "--port", "0", "--data", folder],
            TestApp.Settings(databases.Main, databases.Keys),
            killAt: point
        );
        var path = await server.FindAddressAsync() is { } address ? await CreateAsync(address, begun) : null;
        if (path is not null)
            await ExecuteAsync(
                database,
                """
                update runtime.jobs set run_at = '2000-01-01'
                 where number = (select max(number) from runtime.jobs where kind = 'users.create')
                """
            );
        var exitCode = await server.ExitCodeAsync();
        Assert.True(exitCode == GatehouseProcess.Killed, $"{point}: ended with {exitCode}: {server.Output} {server.Errors}");
        return path;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> CreateAsync(Uri address, Begun begun)
    {
        using var http = new HttpClient { BaseAddress = address };
        try
        {
            using var signedIn = await http.PostAsJsonAsync(
                "/v1/sessions",
                new { identifier = begun.By.Email, password = TestUsers.Password }
            );
            var token = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("tokens").GetProperty("accessToken");
            using var request = new HttpRequestMessage(HttpMethod.Post, CreationCalls.Path)
            {
                Content = JsonContent.Create(
                    new
                    {
                        verificationId = begun.Id,
                        code = begun.Code,
                        name = "Grace",
                        sendEmail = false,
                    }
                ),
            };
            request.Headers.Authorization = new("Bearer", token.GetString());
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return answer.Headers.Location!.OriginalString;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
