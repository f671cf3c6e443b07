using System.Text.Json.Nodes;
using static Gatehouse.Tests.Docs.PostmanFlow;

namespace Gatehouse.Tests.Docs;

/// <summary>The operations on roles and permissions, as a user without roles meets them: any id will do.</summary>
internal static class PostmanRoles
{
    public static PostmanStep[] Steps =>
        [
            Step("ListRoles", 403, " without the permission"),
            Step("GetRole", 403, " without the permission", path: [TenantAdministrator]),
            Step(
                "CreateRole",
                403,
                " without the permission",
                body: new JsonObject
                {
                    ["name"] = "courier",
                    ["labels"] = new JsonObject { ["en"] = "Courier" },
                    ["permissions"] = new JsonArray(),
                }
            ),
            Step(
                "UpdateRole",
                403,
                " without the permission",
                path: ["{{userId}}"],
                body: new JsonObject { ["permissions"] = new JsonArray() }
            ),
            Step("GetRoleRegistration", 403, " without the permission", path: ["{{userId}}"]),
            Step(
                "SetRoleRegistration",
                403,
                " without the permission",
                path: ["{{userId}}"],
                body: new JsonObject { ["state"] = "open", ["minimumAge"] = 18 }
            ),
            Step("DeleteRole", 403, " without the permission", path: ["{{userId}}"]),
            Step("ListPermissions", 403, " without the permission"),
            Step(
                "RegisterPermission",
                403,
                " without the permission",
                body: new JsonObject
                {
                    ["name"] = "shop.orders:read",
                    ["level"] = "organization",
                    ["description"] = "See orders.",
                    ["path"] = "/orders/**",
                    ["methods"] = new JsonArray("GET"),
                }
            ),
            Step("DeletePermission", 403, " without the permission", path: ["shop.orders:read"]),
            Step("CheckPermission", 200, "", body: new JsonObject { ["path"] = "/orders/17", ["method"] = "GET" }),
        ];
}
