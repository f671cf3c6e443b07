using System.Text.Json.Nodes;
using static Gatehouse.Tests.Docs.PostmanFlow;

namespace Gatehouse.Tests.Docs;

/// <summary>The operations on organizations, as a user without roles meets them: any id will do.</summary>
internal static class PostmanOrganizations
{
    public static PostmanStep[] Steps =>
        [
            Step(
                "CreateOrganization",
                403,
                " without the permission",
                body: new JsonObject { ["code"] = "north", ["name"] = "North School" }
            ),
            Step("ListOrganizations", 403, " without the permission"),
            Step("GetOrganization", 403, " without the permission", path: ["{{userId}}"]),
            Step(
                "UpdateOrganization",
                403,
                " without the permission",
                path: ["{{userId}}"],
                body: new JsonObject { ["name"] = "North School" }
            ),
            Step("DeactivateOrganization", 403, " without the permission", path: ["{{userId}}"]),
            Step("ReactivateOrganization", 403, " without the permission", path: ["{{userId}}"]),
            Step("ListMembers", 403, " without the permission", path: ["{{userId}}"]),
            Step("AddMember", 403, " without the permission", path: ["{{userId}}", "{{userId}}"]),
            Step("RemoveMember", 403, " without the permission", path: ["{{userId}}", "{{userId}}"]),
            Step("ListRelatedOrganizations", 403, " without the permission", path: ["{{userId}}"]),
            Step("RelateOrganizations", 403, " without the permission", path: ["{{userId}}", "{{userId}}"]),
            Step("UnrelateOrganizations", 403, " without the permission", path: ["{{userId}}", "{{userId}}"]),
            Step("ListEmailDomains", 403, " without the permission", path: ["{{userId}}"]),
            Step(
                "AddEmailDomain",
                403,
                " without the permission",
                path: ["{{userId}}"],
                body: new JsonObject { ["domain"] = "school.example" }
            ),
            Step("RemoveEmailDomain", 403, " without the permission", path: ["{{userId}}", "school.example"]),
            Step("ListRegistrationCodes", 403, " without the permission", path: ["{{userId}}"]),
            Step(
                "AddRegistrationCode",
                403,
                " without the permission",
                path: ["{{userId}}"],
                body: new JsonObject { ["code"] = "north-2026" }
            ),
            Step("RemoveRegistrationCode", 403, " without the permission", path: ["{{userId}}", "north-2026"]),
            Step(
                "CreateRoleRequest",
                201,
                "",
                body: new JsonObject { ["roleId"] = TenantAdministrator },
                after: ["pm.collectionVariables.set('requestId', pm.response.json().id);"]
            ),
            Step("ListRoleRequests", 200, ""),
            Step("GetRoleRequest", 200, "", path: ["{{requestId}}"]),
            Step(
                "ReviewRoleRequest",
                403,
                " without the permission",
                path: ["{{requestId}}"],
                body: new JsonObject { ["state"] = "approved" }
            ),
        ];
}
