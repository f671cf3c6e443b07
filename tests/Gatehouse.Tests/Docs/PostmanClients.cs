using System.Text.Json.Nodes;
using static Gatehouse.Tests.Docs.PostmanFlow;

namespace Gatehouse.Tests.Docs;

/// <summary>The operations on service accounts, as a user without roles meets them, and theirs, as nobody does.</summary>
internal static class PostmanClients
{
    private const string Special = " without the permission";
    private const string Unknown = " as an unknown client";

    public static PostmanStep[] Steps =>
        [
            Step("ListClients", 403, Special),
            Step("CreateClient", 403, Special, body: new JsonObject { ["name"] = "Till", ["scopes"] = new JsonArray("users:read") }),
            Step("GetClient", 403, Special, path: ["{{userId}}"]),
            Step("UpdateClient", 403, Special, path: ["{{userId}}"], body: new JsonObject { ["name"] = "Till" }),
            Step("DisableClient", 403, Special, path: ["{{userId}}"], body: new JsonObject { ["reason"] = "Leaked" }),
            Step("EnableClient", 403, Special, path: ["{{userId}}"]),
            Step("CreateSecret", 403, Special, path: ["{{userId}}"], body: new JsonObject { ["days"] = 365 }),
            Step("DeleteSecret", 403, Special, path: ["{{userId}}", "{{userId}}"]),
            Step("DeleteClient", 403, Special, path: ["{{userId}}"]),
            Step("DescribeAuthorizationServer", 200, ""),
            Step("IssueToken", 401, Unknown, body: Credentials("grant_type", "client_credentials")),
            Step("IntrospectToken", 401, Unknown, body: Credentials("token", "{{accessToken}}")),
            Step("RevokeToken", 401, Unknown, body: Credentials("token", "{{accessToken}}")),
            Step("PushAuthorizationRequest", 401, Unknown, body: Credentials("response_type", "code")),
            Step("AuthorizeDevice", 401, Unknown, body: Credentials("scope", "openid")),
            Step("ListApplications", 200, ""),
            Step("RemoveApplication", 404, " that has no access", path: ["{{userId}}"]),
            Step("GetUserInfo", 401, " without a token"),
            Step("PostUserInfo", 401, " without a token"),
        ];

    private static JsonObject Credentials(string name, string value) =>
        new()
        {
            [name] = value,
            ["client_id"] = "gc_unknown",
            ["client_secret"] = "gcs_unknown",
        };
}
