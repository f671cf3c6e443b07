using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Identity.Closing;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;
using Npgsql;

namespace Gatehouse.SystemTests.Faults;

/// <summary>
/// <c>kill -9</c> at each step of erasing a user: before the commit nothing has happened, after it everything happens, and other services
/// are told once.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ErasureKillTests
{
    private const string Ask = "user.erase.commit";
    private const string Expire = "user.erase-closed.commit";
    private const string Told = "select count(*) from runtime.events where key = $1 and type = 'user.erased.v1'";

    /// <summary>After the commit, in their order. Each death leaves the job to the next process.</summary>
    private static readonly string[] OfJob =
    [
        "keys.destroy start 1",
        "keys.destroy stop 1",
        "file.release-all.commit stop 1",
        "file.remove-all start 1",
        "file.remove-all.commit stop 1",
    ];

    [Fact]
    public async Task A_kill_at_any_step_leaves_a_user_who_is_or_one_who_is_gone_and_is_told_of_once()
    {
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        using var folder = new TemporaryFolder();
        await using var database = NpgsqlDataSource.Create(databases.Main + ";Maximum Pool Size=2");
        await using var keys = NpgsqlDataSource.Create(databases.Keys + ";Maximum Pool Size=1");
        SignedIn administrator;
        SignedIn asked;
        SignedIn closed;
        await using (var before = await TestApp.StartAsync(databases))
        {
            administrator = await before.TenantAdministratorAsync();
            asked = await WithPhotoAsync(before);
            closed = await WithPhotoAsync(before);
            Assert.Equal(HttpStatusCode.OK, (await before.Users.SendAsync(HttpMethod.Post, "/v1/me/close", closed.Tokens)).Status);
            await before.QuietAsync();
            // A mail that waits when its recipient is erased.
            await ExecuteAsync(
                database,
                """
                create function public.late() returns trigger language plpgsql as
                'begin if new.kind = ''notifications.send-mail'' then new.run_at = ''2999-01-01''; end if; return new; end';
                create trigger late before insert on runtime.jobs for each row execute function public.late()
                """
            );
            await before.Users.PostAsync("/v1/me/email", new { email = TestUsers.NewEmail() }, asked.Tokens.Header);
            await before.QuietAsync();
        }

        await ServeUntilKilledAsync(Ask + " start 1", Erase);
        Assert.True(await IsThereAsync(asked.UserId) && await HasKeyAsync(asked.UserId), "before the commit nothing has happened");
        Assert.Equal(0L, await ScalarAsync<long>(database, Told, asked.UserId));
        await ServeUntilKilledAsync(Ask + " stop 1", Erase);
        Assert.False(await IsThereAsync(asked.UserId), "the commit is the erasure");
        foreach (var point in OfJob)
        {
            // What the dead held is free at once: nobody waits for its lease here.
            await ExecuteAsync(database, "update runtime.jobs set leased_by = null, leased_until = null");
            await ServeUntilKilledAsync(point);
            Assert.Equal(
                1L,
                await ScalarAsync<long>(
                    database,
                    $"select count(*) from runtime.jobs where kind = '{FinishErasing.Kind}' and state = 'ready'"
                )
            );
        }

        Assert.False(await HasKeyAsync(asked.UserId), "the key is destroyed");

        // The time of the other one is over: nobody asks for it.
        await ExecuteAsync(database, "update identity.users set erase_at = '2000-01-01' where closed_at is not null");
        foreach (var edge in new[] { "start", "stop" })
        {
            await ExecuteAsync(
                database,
                """
                update runtime.jobs set leased_by = null, leased_until = null;
                update runtime.schedules set next_run_at = '2000-01-01' where name = 'identity.erase-closed'
                """
            );
            await ServeUntilKilledAsync($"{Expire} {edge} 1");
            Assert.Equal(edge == "start", await IsThereAsync(closed.UserId));
        }

        // The last, clean start.
        await ExecuteAsync(database, "update runtime.jobs set run_at = '2000-01-01', leased_by = null, leased_until = null");
        await using var app = await TestApp.StartAsync(databases);
        await app.QuietAsync();
        foreach (var user in new[] { asked.UserId, closed.UserId })
        {
            Assert.Equal(1L, await ScalarAsync<long>(database, Told, user));
            Assert.False(await IsThereAsync(user) || await HasKeyAsync(user), "the user is gone");
            Assert.Empty(Photos.InFolder(user));
            Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.files where user_id = $1", user));
            Assert.Equal(
                1L,
                await app.ScalarAsync<long>("select count(*) from audit.records where action = 'user.erased' and subject = $1", user)
            );
        }

        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from runtime.jobs"));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from runtime.parked"));
        Assert.True(
            await app.ScalarAsync<bool>(
                """
                select bool_and(data::json ->> 'reason' = 'recipient-deleted') from runtime.events where type = 'notification.failed.v1'
                """
            ),
            "the mail that waited is dropped"
        );

        async Task ServeUntilKilledAsync(string point, Func<Uri, Task>? act = null)
        {
            await using var server = GatehouseProcess.Start(
                ["serve", "--dev", "--port", "0", "--data", folder.FullPath],
                TestApp.Settings(databases.Main, databases.Keys),
                killAt: point
            );
            if (act is not null && await server.FindAddressAsync() is { } address)
                await act(address);
            var exitCode = await server.ExitCodeAsync();
            Assert.True(exitCode == GatehouseProcess.Killed, $"{point}: ended with {exitCode}: {server.Output} {server.Errors}");
        }

        Task Erase(Uri address) => EraseAsync(address, administrator, asked.UserId);

        async Task<bool> IsThereAsync(Guid user) =>
            await ScalarAsync<bool>(database, "select exists (select from identity.users where id = $1)", user);

        async Task<bool> HasKeyAsync(Guid user) =>
            await ScalarAsync<bool>(keys, "select exists (select from keys.subject_keys where subject_id = $1)", user);
    }

    private static async Task<SignedIn> WithPhotoAsync(TestApp app)
    {
        var user = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(user, TestPictures.RedAndBlue(60, 60))).Status);
        Assert.NotEmpty(Photos.InFolder(user.UserId));
        return user;
    }

    /// <summary>The answer is lost with the server.</summary>
    private static async Task EraseAsync(Uri address, SignedIn administrator, Guid user)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var signedIn = await http.PostAsJsonAsync(
            "/v1/sessions",
            new { identifier = administrator.Email, password = TestUsers.Password }
        );
        var tokens = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("tokens");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/users/{user}/erase")
        {
            Content = JsonContent.Create(new { reason = "requested" }),
        };
        request.Headers.Authorization = new("Bearer", tokens.GetProperty("accessToken").GetString());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.SendAsync(request));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
