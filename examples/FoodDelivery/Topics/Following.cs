using FoodDelivery.Roles;
using FoodDelivery.Users;
using FoodDelivery.V1;
using Gatehouse.Client;
using Gatehouse.Contracts.Events;
using Npgsql;

namespace FoodDelivery.Topics;

/// <summary>What Gatehouse's events mean here. Everything is written in the transaction that marks the event as handled.</summary>
internal static class Following
{
    public static void Add(GatehouseEventsBuilder events)
    {
        events.Consumer = "food-delivery";
        events.StoreInPostgres(services => services.GetRequiredService<NpgsqlDataSource>());
        events.KeepOrderOfSubject = true;
        events.PollInterval = TimeSpan.FromMilliseconds(500);
        events.On<UserRegisteredV1>(RegisteredAsync);
        events.On<UserRolesChangedV1>(RolesChangedAsync);
        events.On<UserUpdatedV1>(UpdatedAsync);
        events.OnCursorExpired(
            (services, cancellationToken) => services.GetRequiredService<UserStore>().ForgetRolesAsync(cancellationToken)
        );
    }

    // Whoever registered for a role has it from here on. Others may have been given one meanwhile, of which the event is still to come: what
    // their tokens say is newer.
    private static async Task RegisteredAsync(ReceivedEvent<UserRegisteredV1> received, CancellationToken cancellationToken)
    {
        var user = await UserStore.GetAsync(received.Transaction, received.Data.UserId, cancellationToken);
        if (user.RoleIsKnown)
            return;
        if (FoodRoles.Of(received.Data.Roles ?? []) is { } role)
            await SetAsync(received, user, role, cancellationToken);
        else
            await received
                .Transaction.Command("update food_delivery.users set role = null where number = $1", user.Number)
                .RunAsync(cancellationToken);
    }

    private static async Task RolesChangedAsync(ReceivedEvent<UserRolesChangedV1> received, CancellationToken cancellationToken)
    {
        var user = await UserStore.GetAsync(received.Transaction, received.Data.UserId, cancellationToken);
        await SetAsync(received, user, FoodRoles.Of(received.Data.Roles), cancellationToken);
    }

    private static async Task UpdatedAsync(ReceivedEvent<UserUpdatedV1> received, CancellationToken cancellationToken)
    {
        var user = await UserStore.GetAsync(received.Transaction, received.Data.UserId, cancellationToken);
        if (user is { RoleIsKnown: true, Role: UserRole.Customer })
            await received.Services.GetRequiredService<Outbox>().UpdatedAsync(received.Transaction, user.Number, cancellationToken);
    }

    private static async Task SetAsync<TEvent>(
        ReceivedEvent<TEvent> received,
        KnownUser user,
        UserRole? role,
        CancellationToken cancellationToken
    )
        where TEvent : class, IEvent
    {
        await received
            .Transaction.Command(
                "update food_delivery.users set role = $2, role_is_known = true where number = $1",
                user.Number,
                (short?)role
            )
            .RunAsync(cancellationToken);
        if (role is { } held)
            await received.Services.GetRequiredService<Outbox>().AnnounceAsync(received.Transaction, user.Number, held, cancellationToken);
    }
}
