using FoodDelivery.V1;

namespace FoodDelivery.Topics;

/// <summary>Which event goes to which topic. The name of the event is the key of its records.</summary>
internal static class FoodEvents
{
    public const string CustomerCreated = "CustomerCreatedEvent";
    public const string CustomerUpdated = "CustomerUpdatedEvent";
    private const string Review = "user_review";

    /// <summary>The event of somebody who has the role for the first time, and its topics.</summary>
    public static (string Event, IReadOnlyList<string> Topics) Created(UserRole role) =>
        role switch
        {
            UserRole.Customer => (CustomerCreated, ["user_order", Review]),
            UserRole.Courier => ("CourierCreatedEvent", ["user_order", Review]),
            UserRole.RestaurantManager => ("RestaurantManagerCreatedEvent", ["user_restaurant", "user_menu", "user_order"]),
            UserRole.Moderator => ("ModeratorCreatedEvent", ["user_restaurant", "user_order"]),
            _ => throw new ArgumentOutOfRangeException(nameof(role)),
        };

    public static IReadOnlyList<string> UpdatedTopics { get; } = [Review];

    /// <summary>Whether the record is <c>{id, full_name, image_url}</c>, and not <c>{id}</c> alone.</summary>
    public static bool CarriesName(string name, string topic) => topic == Review && name is CustomerCreated or CustomerUpdated;
}
