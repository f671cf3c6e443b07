using System.Collections.Concurrent;
using FoodDelivery.V1;
using Npgsql;

namespace FoodDelivery.Users;

/// <summary>
/// The numbers that the neighbours know users by, and their roles. Nothing personal is in it. A row is never deleted: a number that was
/// given out belongs to that user for good.
/// </summary>
internal sealed class UserStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Columns = "number, user_id, role, role_is_known, registration";
    private const int MaxRemembered = 50_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, (KnownUser User, long At)> recent = new();

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        database
            .Command(
                """
                select pg_advisory_xact_lock(hashtext('food_delivery'));
                create schema if not exists food_delivery;
                create table if not exists food_delivery.users (
                    number int generated always as identity primary key, user_id uuid not null unique,
                    role smallint, role_is_known boolean not null default false, registration uuid);
                create table if not exists food_delivery.announced (
                    number int not null references food_delivery.users, role smallint not null, primary key (number, role));
                create table if not exists food_delivery.outbox (
                    id bigint generated always as identity primary key, number int not null references food_delivery.users,
                    event text not null, topic text not null);
                """
            )
            .RunAsync(cancellationToken);

    /// <summary>The user, with a new number for one who has none; at most a second old.</summary>
    public async ValueTask<KnownUser> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (recent.TryGetValue(id, out var known) && clock.GetElapsedTime(known.At) < Remembered)
            return known.User;
        var at = clock.GetTimestamp();
        var user = await GetAsync(sql => database.Command(sql, id), cancellationToken);
        if (recent.Count >= MaxRemembered)
            recent.Clear();
        recent[id] = (user, at);
        return user;
    }

    /// <summary>The same in a transaction.</summary>
    public static Task<KnownUser> GetAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellationToken) =>
        GetAsync(sql => transaction.Command(sql, id), cancellationToken);

    /// <summary>Null for a number that was not given out.</summary>
    public async Task<KnownUser?> FindAsync(int number, CancellationToken cancellationToken) =>
        await database.Command($"select {Columns} from food_delivery.users where number = $1", number).ListAsync(Read, cancellationToken)
            is [var user]
            ? user
            : null;

    /// <summary>Keeps what somebody registered for before the address is verified.</summary>
    public async Task NoteRegistrationAsync(KnownUser user, UserRole role, Guid registration, CancellationToken cancellationToken)
    {
        await database
            .Command(
                """
                update food_delivery.users
                   set registration = $2, role = case when role_is_known then role else $3 end
                 where number = $1
                """,
                user.Number,
                registration,
                (short)role
            )
            .RunAsync(cancellationToken);
        recent.TryRemove(user.Id, out _);
    }

    /// <summary>Events may be missing: until the next one of a user, the user's token says the role.</summary>
    public async Task ForgetRolesAsync(CancellationToken cancellationToken)
    {
        await database.Command("update food_delivery.users set role = null, role_is_known = false").RunAsync(cancellationToken);
        recent.Clear();
    }

    private static async Task<KnownUser> GetAsync(Func<string, NpgsqlCommand> command, CancellationToken cancellationToken)
    {
        // Looked for first: an insert that meets a row uses up a number.
        const string FindOrAdd = $"""
            with found as (select {Columns} from food_delivery.users where user_id = $1),
                 made as (
                    insert into food_delivery.users (user_id) select $1 where not exists (select 1 from found)
                    on conflict (user_id) do nothing returning {Columns})
            select * from found union all select * from made
            """;
        while (true)
        {
            // Nothing where another transaction made it since the statement began.
            if (await command(FindOrAdd).ListAsync(Read, cancellationToken) is [var user])
                return user;
        }
    }

    private static KnownUser Read(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.GetGuid(1))
        {
            Role = row.IsDBNull(2) ? null : (UserRole)row.GetInt16(2),
            RoleIsKnown = row.GetBoolean(3),
            Registration = row.IsDBNull(4) ? null : row.GetGuid(4),
        };
}
