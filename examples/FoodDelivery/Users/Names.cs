namespace FoodDelivery.Users;

internal static class Names
{
    /// <summary>First, space, last; null for neither.</summary>
    public static string? Full(string? first, string? last) => $"{first} {last}".Trim() is { Length: > 0 } full ? full : null;
}
