namespace Gatehouse.SystemTests.Organizations.Access;

/// <summary>
/// What each operation answers to each of: nobody, a user without roles, an administrator of another organization, one of the organization,
/// one of another tenant, one of the tenant, one of the platform. Ok is any other answer than 401, 403 and 404. They are called in this
/// order, so what takes something away stands behind what needs it.
/// </summary>
internal static class AccessMatrix
{
    private const string Everybody = "ok ok ok ok ok ok ok";
    private const string SignedIn = "401 ok ok ok ok ok ok";
    private const string OfOrganization = "401 403 404 ok 404 ok ok";
    private const string Lists = "401 403 ok ok ok ok ok";
    private const string OfTenant = "401 403 403 403 404 ok ok";
    private const string OwnTenant = "401 403 403 403 ok ok ok";
    private const string OfPlatform = "401 403 403 403 403 403 ok";

    public static IReadOnlyList<Row> Rows { get; } =
    [
        new("POST /v1/registrations", Everybody),
        new("POST /v1/registrations/{id}/verify", Everybody),
        new("POST /v1/registrations/confirm", Everybody),
        new("POST /v1/registrations/{id}/resend", "404 404 404 404 404 404 404"),
        new("GET /v1/usernames/{name}", Everybody),
        new("POST /v1/sessions", Everybody),
        new("POST /v1/tokens/refresh", Everybody),
        new("POST /v1/sign-in-codes", Everybody),
        new("POST /v1/sign-in-codes/confirm", Everybody),
        new("POST /v1/sign-in-codes/{id}/verify", Everybody),
        new("POST /v1/sign-in-codes/{id}/resend", "404 404 404 404 404 404 404"),
        new("POST /v1/password-resets", Everybody),
        new("POST /v1/password-resets/{id}/resend", "404 404 404 404 404 404 404"),
        new("POST /v1/password-resets/{id}/complete", Everybody),
        new("POST /v1/notifications/sendgrid-events", "404 404 404 404 404 404 404"),
        new("POST /v1/notifications/twilio-status", "404 404 404 404 404 404 404"),
        new("GET /v1/me", SignedIn),
        new("PATCH /v1/me", SignedIn),
        new("PUT /v1/me/photo", "401 415 415 415 415 415 415"),
        new("DELETE /v1/me/photo", SignedIn),
        new("POST /v1/files/upload-urls", SignedIn)
        {
            Body = """{"fileName":"cv.pdf","contentType":"application/pdf","size":3,"purpose":"document"}""",
        },
        new("POST /v1/files/download-urls", "401 400 400 400 400 400 400") { Body = """{"keys":["users/none"]}""" },
        new("GET /v1/me/activity", SignedIn),
        new("POST /v1/me/organization", SignedIn),
        new("POST /v1/me/reauthenticate", SignedIn),
        new("GET /v1/me/applications", SignedIn),
        new("DELETE /v1/me/applications/{id}", "401 404 404 404 404 404 404"),
        new("GET /v1/sessions", SignedIn),
        new("DELETE /v1/sessions/{id}", "401 404 404 404 404 404 404"),
        new("GET /v1/permissions/mine", SignedIn),
        new("POST /v1/permissions/check", SignedIn) { Body = """{"permission":"users:read"}""" },
        new("GET /v1/events", OwnTenant),
        new("GET /v1/operations/{id}", "401 404 404 404 404 404 404"),
        new("POST /v1/operations/{id}/cancel", "401 404 404 404 404 404 404"),
        new("GET /v1/operations/{id}/events", "401 404 404 404 404 404 404"),
        new("GET /v1/live", SignedIn),
        new("GET /v1/jobs", OfPlatform),
        new("GET /v1/jobs/{id}", "401 403 403 403 403 403 404"),
        new("POST /v1/jobs/{id}/retry", "401 403 403 403 403 403 404"),
        new("POST /v1/jobs/{id}/cancel", "401 403 403 403 403 403 404"),
        new("GET /v1/users", Lists),
        new("GET /v1/users/by-initial", Lists),
        new("POST /v1/users/lookup", Lists),
        new("POST /v1/users", "401 403 403 403 ok ok ok"),
        new("POST /v1/verifications", "401 403 403 403 ok ok ok"),
        new("POST /v1/verifications/{id}/resend", "401 403 403 403 404 404 404"),
        new("POST /v1/user-creations", "401 403 403 403 ok ok ok"),
        new("GET /v1/users/{id}", OfOrganization),
        new("PATCH /v1/users/{id}", OfOrganization) { Body = """{"name":"Ada"}""" },
        new("PUT /v1/users/{id}/photo", "401 403 415 415 415 415 415"),
        new("DELETE /v1/users/{id}/photo", OfOrganization),
        new("GET /v1/users/{id}/sessions", OfOrganization),
        new("POST /v1/users/{id}/disable", OfOrganization),
        new("POST /v1/users/{id}/enable", OfOrganization),
        new("POST /v1/users/{id}/password-reset", OfOrganization),
        new("DELETE /v1/users/{id}/sessions", OfOrganization),
        new("DELETE /v1/users/{id}/failed-attempts", OfOrganization),
        new("GET /v1/users/{userId}/roles", "401 403 ok ok 404 ok ok"),
        new("PUT /v1/users/{userId}/roles/{roleId}", OfOrganization) { Query = "?organization={organization}" },
        new("DELETE /v1/users/{userId}/roles/{roleId}", OfOrganization) { Query = "?organization={organization}" },
        new("GET /v1/roles", Lists),
        new("POST /v1/roles", OfOrganization) { Body = """{"name":"guide","organizationId":"{organization}"}""" },
        new("GET /v1/roles/{id}", OfOrganization),
        new("GET /v1/roles/{id}/registration", OfOrganization),
        new("PUT /v1/roles/{id}/registration", OfOrganization) { Body = """{"state":"closed"}""" },
        new("PATCH /v1/roles/{id}", OfOrganization) { Body = """{"permissions":["members:write"]}""" },
        new("POST /v1/role-requests", "401 ok ok ok 404 ok ok") { Body = """{"roleId":"{role}","organizationId":"{organization}"}""" },
        new("GET /v1/role-requests", SignedIn),
        new("GET /v1/role-requests/{id}", "401 404 404 ok 404 ok ok"),
        new("POST /v1/role-requests/{id}/review", OfOrganization) { Body = """{"state":"under-review"}""" },
        new("DELETE /v1/roles/{id}", OfOrganization),
        new("GET /v1/permissions", Lists),
        new("POST /v1/permissions", OfPlatform) { Body = """{"name":"shop.orders:read","level":"tenant","description":"See orders."}""" },
        new("DELETE /v1/permissions/{name}", OfPlatform),
        new("GET /v1/tenants", "401 403 403 403 ok ok ok"),
        new("POST /v1/tenants", OfPlatform),
        new("GET /v1/tenants/{id}", OfTenant),
        new("PATCH /v1/tenants/{id}", OfPlatform) { Body = """{"displayName":"Other"}""" },
        new("POST /v1/tenants/{id}/disable", OfPlatform),
        new("POST /v1/tenants/{id}/enable", OfPlatform),
        new("GET /v1/tenants/{id}/settings", OfTenant),
        new("PATCH /v1/tenants/{id}/settings", OfTenant) { Body = """{"defaultLanguage":"es"}""" },
        new("GET /v1/audit", OwnTenant),
        new("GET /v1/audit/figures", OwnTenant),
        new("GET /v1/audit/verify", OwnTenant),
        new("GET /v1/audit/{id}", "401 403 403 403 404 404 404"),
        new("POST /v1/tenants/{id}/domains", OfTenant) { Body = """{"domain":"school.example"}""" },
        new("GET /v1/tenants/{id}/domains", OfTenant),
        new("GET /v1/tenants/{id}/domains/{domain}", OfTenant),
        new("POST /v1/tenants/{id}/domains/{domain}/verify", OfTenant),
        new("DELETE /v1/tenants/{id}/domains/{domain}", OfTenant),
        new("GET /v1/organizations", Lists),
        new("POST /v1/organizations", "401 403 403 403 ok ok ok"),
        new("GET /v1/organizations/{id}", OfOrganization),
        new("PATCH /v1/organizations/{id}", OfOrganization) { Body = """{"name":"North"}""" },
        new("GET /v1/organizations/{id}/members", OfOrganization),
        new("PUT /v1/organizations/{id}/members/{userId}", OfOrganization),
        new("GET /v1/organizations/{id}/related", OfOrganization),
        new("PUT /v1/organizations/{id}/related/{otherId}", "401 403 404 404 404 ok ok"),
        new("DELETE /v1/organizations/{id}/related/{otherId}", "401 403 404 404 404 ok ok"),
        new("GET /v1/organizations/{id}/domains", OfOrganization),
        new("POST /v1/organizations/{id}/domains", OfTenant) { Body = """{"domain":"school.example"}""" },
        new("DELETE /v1/organizations/{id}/domains/{domain}", OfTenant),
        new("GET /v1/organizations/{id}/registration-codes", OfOrganization),
        new("POST /v1/organizations/{id}/registration-codes", OfOrganization) { Body = """{"code":"north"}""" },
        new("DELETE /v1/organizations/{id}/registration-codes/{code}", OfOrganization),
        new("DELETE /v1/organizations/{id}/members/{userId}", OfOrganization),
        new("POST /v1/organizations/{id}/deactivate", OfTenant),
        new("POST /v1/organizations/{id}/reactivate", OfTenant),
        new("GET /v1/clients", OwnTenant),
        new("POST /v1/clients", OwnTenant) { Body = """{"name":"Till","scopes":["users:read"]}""" },
        new("GET /v1/clients/{id}", OfTenant),
        new("PATCH /v1/clients/{id}", OfTenant) { Body = """{"name":"Till"}""" },
        new("POST /v1/clients/{id}/disable", OfTenant),
        new("POST /v1/clients/{id}/enable", OfTenant),
        new("POST /v1/clients/{id}/secrets", OfTenant),
        new("DELETE /v1/clients/{id}/secrets/{secretId}", "401 403 403 403 404 ok 404"),
        new("DELETE /v1/clients/{id}", "401 403 403 403 404 ok 404"),
        new("GET /v1/webhooks", Lists),
        new("POST /v1/webhooks", "401 403 403 403 ok ok ok") { Body = """{"address":"https://a.invalid","events":["user.*"]}""" },
        new("GET /v1/webhooks/{id}", OfOrganization),
        new("PATCH /v1/webhooks/{id}", OfOrganization) { Body = """{"description":"Till"}""" },
        new("GET /v1/webhooks/{id}/deliveries", OfOrganization),
        new("POST /v1/webhooks/{id}/ping", OfOrganization),
        new("POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver", "401 403 404 404 404 404 404"),
        new("POST /v1/webhooks/{id}/secret", OfOrganization),
        new("POST /v1/webhooks/{id}/disable", OfOrganization),
        new("POST /v1/webhooks/{id}/enable", OfOrganization),
        new("DELETE /v1/webhooks/{id}", "401 403 404 ok 404 404 404"),
        new("DELETE /v1/sessions", SignedIn),
    ];

    /// <param name="Operation">Method and path.</param>
    /// <param name="Results">The answers.</param>
    public sealed record Row(string Operation, string Results)
    {
        public const string Empty = "{}";

        public string Body { get; init; } = Empty;

        public string Query { get; init; } = "";

        public IReadOnlyList<string> Expected => Results.Split(' ');
    }
}
