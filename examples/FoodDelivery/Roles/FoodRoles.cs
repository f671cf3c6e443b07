using FoodDelivery.V1;

namespace FoodDelivery.Roles;

/// <summary>The four roles, by the names that they have in Gatehouse (deploy/seeds/food-delivery.jsonc) and by their codes.</summary>
internal static class FoodRoles
{
    private static readonly (UserRole Role, string Name, string Code)[] All =
    [
        (UserRole.Moderator, "moderator", "MO"),
        (UserRole.RestaurantManager, "restaurant-manager", "RM"),
        (UserRole.Courier, "courier", "CO"),
        (UserRole.Customer, "customer", "CU"),
    ];

    /// <summary>The one that counts for who has several: the neighbours know one. Null for none.</summary>
    public static UserRole? Of(IEnumerable<string> names)
    {
        var held = names.ToHashSet(StringComparer.Ordinal);
        return Array.FindIndex(All, entry => held.Contains(entry.Name)) is var found and >= 0 ? All[found].Role : null;
    }

    public static bool IsOne(string name) => Array.Exists(All, entry => entry.Name == name);

    public static string NameOf(UserRole role) => Array.Find(All, entry => entry.Role == role).Name;

    public static string? CodeOf(UserRole? role) => role is null ? null : Array.Find(All, entry => entry.Role == role).Code;

    /// <summary>Null for a code that there is not.</summary>
    public static UserRole? OfCode(string? code) =>
        Array.FindIndex(All, entry => entry.Code == code) is var found and >= 0 ? All[found].Role : null;
}
