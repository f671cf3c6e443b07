using Gatehouse.Client;
using Gatehouse.Contracts.Events;
using Gatehouse.Messaging;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Rpc;
using Npgsql;

namespace Gatehouse.SystemTests.Client;

/// <summary>A relying service that was away for long. Moves time, so it has an application of its own.</summary>
public sealed class LongStopTests
{
    [Fact]
    public async Task A_service_that_was_stopped_for_an_hour_handles_all_of_it_once_and_knows_who_signed_out()
    {
        await using var rpc = new RpcApp();
        await rpc.InitializeAsync();
        await using var database = NpgsqlDataSource.Create((await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main);
        var copies = new Copies(database);
        await copies.CreateAsync();
        var account = await LocalClient.AccountAsync(rpc);
        var known = new List<Guid>();
        await using (await StartAsync())
        {
            known.Add((await rpc.App.Users.SomebodyAsync()).UserId);
            await CopiedAsync("it is handled");
        }

        for (var quarter = 0; quarter < 4; quarter++)
        {
            rpc.App.Clock.Advance(TimeSpan.FromMinutes(15));
            known.Add((await rpc.App.Users.SomebodyAsync()).UserId);
            await rpc.App.RunRecurringAsync<Housekeeping>();
        }

        var gone = await rpc.App.Users.SomebodyAsync();
        known.Add(gone.UserId);
        await rpc.App.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", gone.Tokens);
        await using var again = await StartAsync();

        await CopiedAsync("nothing is lost");
        var all = await copies.ReadAsync();
        Assert.Equal(all.Distinct().Count(), all.Count);
        Assert.False(await again.AcceptsAsync(gone.Tokens.Access));

        Task<LocalClient> StartAsync() =>
            LocalClient.StartAsync(
                rpc,
                add: builder =>
                    builder.AddEvents(events =>
                    {
                        events.PollInterval = TimeSpan.FromMilliseconds(100);
                        events.StoreInPostgres(database);
                        events.On<UserRegisteredV1>(Copies.CopyAsync);
                    }),
                account: account
            );

        Task CopiedAsync(string what) => TestApp.EventuallyAsync(async () => !known.Except(await copies.ReadAsync()).Any(), what);
    }
}
