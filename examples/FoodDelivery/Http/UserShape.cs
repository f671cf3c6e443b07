using System.Text.Json;
using System.Text.Json.Nodes;
using FoodDelivery.Roles;
using FoodDelivery.Users;
using FoodDelivery.V1;
using Gatehouse.Client;
using Microsoft.Extensions.Options;

namespace FoodDelivery.Http;

/// <summary>The one form in which users are answered.</summary>
internal sealed class UserShape(IOptions<AdapterOptions> options)
{
    /// <summary>For users themselves and for moderators. <c>last_login</c> is when the account was created, as it always was.</summary>
    /// <param name="number">Null while there is none.</param>
    /// <param name="role">The role.</param>
    /// <param name="user">As Gatehouse's API answers it.</param>
    public JsonObject Full(int? number, UserRole? role, JsonElement user)
    {
        var (first, last) = (Text(user, "givenName"), Text(user, "familyName"));
        return new JsonObject
        {
            ["id"] = number,
            ["email"] = Text(user, "email"),
            ["role"] = FoodRoles.CodeOf(role),
            ["last_login"] = Text(user, "createdAt"),
            ["is_active"] = Text(user, "status") is null or "active",
            ["is_email_verified"] = user.TryGetProperty("emailVerified", out var verified) && verified.GetBoolean(),
            [Profile.Name] = new JsonObject
            {
                ["first_name"] = first,
                ["last_name"] = last,
                ["full_name"] = Names.Full(first, last) ?? Text(user, "name"),
                ["phone"] = Text(user, "phoneNumber"),
                ["image_url"] = options.Value.PictureUrl,
                ["birth_date"] = Text(user, "birthDate"),
            },
        };
    }

    /// <summary>What everybody may see: no address, no number, no dates.</summary>
    public JsonObject Card(KnownUser known, GatehouseUser user) =>
        new()
        {
            ["id"] = known.Number,
            ["email"] = null,
            ["role"] = FoodRoles.CodeOf(known.Role),
            ["last_login"] = null,
            ["is_active"] = !user.IsDisabled,
            ["is_email_verified"] = user.EmailVerified,
            [Profile.Name] = new JsonObject
            {
                ["first_name"] = user.GivenName,
                ["last_name"] = user.FamilyName,
                ["full_name"] = Names.Full(user.GivenName, user.FamilyName) ?? user.Name,
                ["phone"] = null,
                ["image_url"] = options.Value.PictureUrl,
                ["birth_date"] = null,
            },
        };

    public static string? Text(JsonElement user, string name) =>
        user.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
