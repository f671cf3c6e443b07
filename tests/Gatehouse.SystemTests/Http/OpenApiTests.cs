using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>The document is the contract: it is kept in docs/, so that a change of it is seen in review.</summary>
public sealed class OpenApiTests(RunningApp running)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_stored_document_is_what_the_server_says()
    {
        var served = JsonSerializer.Serialize((await DocumentAsync()).RootElement, Indented) + "\n";
        var file = Path.Combine(Root(), "docs", "openapi.v1.json");
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
            await File.WriteAllTextAsync(file, served);
        else
            Assert.True(
                File.Exists(file) && served == await File.ReadAllTextAsync(file),
                "docs/openapi.v1.json is stale: run the tests once with WRITE_DOCS=1 and commit it."
            );
    }

    [Fact]
    public async Task Every_operation_is_described_and_every_refusal_is_a_problem()
    {
        using var document = await DocumentAsync();
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (var (name, operation) in Operations(document))
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("summary").GetString()), name);
            Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("operationId").GetString()), name);
            var responses = operation.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(responses, r => r.Name[0] == '2');
            Assert.Contains(responses, r => r.Name == "429");
            Assert.Contains(responses, r => r.Name == "503");
            Assert.All(
                responses.Where(r => r.Name is not ("204" or "304")),
                r =>
                {
                    if (name is "post /oauth2/revoke" && r.Name == "200")
                        return;
                    var media = Assert.Single(r.Value.GetProperty("content").EnumerateObject());
                    // OAuth 2.0 has a form of its own for what it rejects.
                    var isOwn = name.Contains("/oauth2/", StringComparison.Ordinal) && r.Name is ("400" or "401" or "403" or "413");
                    var answer = name switch
                    {
                        "get /v1/live" or "get /v1/operations/{id}/events" => "text/event-stream",
                        "get /v1/me/export/{id}" => "application/zip",
                        _ => "application/json",
                    };
                    Assert.Equal(r.Name[0] == '2' || isOwn ? answer : "application/problem+json", media.Name);
                    Assert.True(media.Value.TryGetProperty("schema", out _), $"{name} {r.Name}");
                }
            );
        }
    }

    [Fact]
    public async Task Every_request_names_its_members_and_which_are_required()
    {
        using var document = await DocumentAsync();
        var bodies = 0;
        foreach (var (name, operation) in Operations(document))
        {
            if (!operation.TryGetProperty("requestBody", out var body) || name.Contains("/oauth2/", StringComparison.Ordinal))
                continue;
            bodies++;
            // A reason may be given or not.
            Assert.Equal(
                name
                    is not (
                        "post /v1/users/{id}/disable"
                        or "post /v1/clients/{id}/disable"
                        or "post /v1/clients/{id}/secrets"
                        or "post /v1/webhooks/{id}/secret"
                    ),
                body.TryGetProperty("required", out var required) && required.GetBoolean()
            );
            // A picture has no members.
            if (!body.GetProperty("content").TryGetProperty("application/json", out var json))
                continue;
            var schema = Resolve(document, json.GetProperty("schema"));
            // A change may leave everything as it is, what is set has defaults, and the refresh token may come in a cookie.
            Assert.Equal(
                name.StartsWith("patch ", StringComparison.Ordinal)
                    || name
                        is "post /v1/tokens/refresh"
                            or "post /v1/me/email/confirm"
                            or "post /v1/me/reauthenticate"
                            or "post /v1/users/lookup"
                            or "post /v1/permissions/check"
                            or "put /v1/roles/{id}/registration"
                            or "put /v1/tenants/{id}/terms"
                            or "post /v1/users/{id}/disable"
                            or "post /v1/clients/{id}/disable"
                            or "post /v1/clients/{id}/secrets"
                            or "post /v1/webhooks/{id}/secret",
                !schema.TryGetProperty("required", out var members) || members.GetArrayLength() == 0
            );
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean(), $"{name}: unknown members are refused");
            Assert.All(
                schema.GetProperty("properties").EnumerateObject(),
                p => Assert.True(p.Value.TryGetProperty("description", out _), $"{name}: {p.Name} is not described")
            );
        }

        Assert.NotEqual(0, bodies);
    }

    [Fact]
    public async Task Schemas_carry_the_name_of_their_slice_and_every_answer_says_what_it_always_holds()
    {
        using var document = await DocumentAsync();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();

        Assert.DoesNotContain(schemas, s => s.Name is "Request" or "Response" || char.IsDigit(s.Name[^1]));
        foreach (
            var operation in new[]
            {
                "RegisterUser",
                "SignIn",
                "ResendCode",
                "CheckUsername",
                "RequestPasswordReset",
                "ResendPasswordReset",
                "RequestSignInCode",
                "ResendSignInCode",
            }
        )
        {
            var response = schemas.Single(s => s.Name == operation + "Response").Value;
            Assert.NotEmpty(response.GetProperty("required").EnumerateArray());
        }

        var problem = schemas.Single(s => s.Name == "Problem").Value;
        Assert.Equal(
            ["type", "title", "status", "detail", "code", "traceId"],
            problem.GetProperty("required").EnumerateArray().Select(m => m.GetString())
        );
        Assert.False(
            problem.TryGetProperty("additionalProperties", out var more) && !more.GetBoolean(),
            "problems bring facts of their own"
        );
        Assert.DoesNotContain(
            "\"oneOf\":[{\"type\":\"null\"}",
            document.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement schema) =>
        schema.TryGetProperty("properties", out var members) ? members.EnumerateObject() : default;

    [Fact]
    public async Task No_member_has_two_types_and_none_that_a_request_requires_may_be_null()
    {
        using var document = await DocumentAsync();
        foreach (var schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            var required = schema.Value.TryGetProperty("required", out var names)
                ? names.EnumerateArray().Select(r => r.GetString()!).ToHashSet(StringComparer.Ordinal)
                : [];
            foreach (var member in Members(schema.Value).Where(m => m.Value.TryGetProperty("type", out _)))
            {
                var type = member.Value.GetProperty("type");
                var types =
                    type.ValueKind == JsonValueKind.String
                        ? [type.GetString()]
                        : type.EnumerateArray().Select(t => t.GetString()).ToArray();
                Assert.Single(types, t => t != "null");
                Assert.False(
                    schema.Name.EndsWith("Request", StringComparison.Ordinal)
                        && required.Contains(member.Name)
                        && types.Contains("null", StringComparer.Ordinal),
                    $"{schema.Name}.{member.Name}"
                );
            }
        }
    }

    [Fact]
    public async Task Headers_that_are_understood_are_named()
    {
        using var document = await DocumentAsync();
        foreach (var (name, operation) in Operations(document))
        {
            var parameters = operation.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray().ToList() : [];
            var headers = parameters.Where(p => p.GetProperty("in").GetString() == "header").Select(p => p.GetProperty("name").GetString());
            var expected = name switch
            {
                "post /v1/registrations"
                or "post /v1/tenants"
                or "post /v1/organizations"
                or "post /v1/roles"
                or "post /v1/verifications"
                or "post /v1/me/email"
                or "post /v1/me/phone"
                or "post /v1/user-creations" => "Gatehouse-Tenant, Idempotency-Key",
                "post /v1/password-resets" or "post /v1/sign-in-codes" => "Gatehouse-Tenant, Gatehouse-Device, Idempotency-Key",
                "post /v1/sessions"
                or "post /v1/passkey-sessions"
                or "post /v1/me/password"
                or "post /v1/sign-in-codes/confirm"
                or "post /v1/sign-in-codes/{id}/verify" => "Gatehouse-Tenant, Gatehouse-Device",
                "get /v1/live" or "get /v1/operations/{id}/events" => "Last-Event-ID, Gatehouse-Tenant",
                _ when name.Contains("/.well-known/", StringComparison.Ordinal) => "",
                _ => "Gatehouse-Tenant",
            };
            Assert.Equal(expected, string.Join(", ", headers));
        }
    }

    // What they reject with 401 is what they were given to sign in with.
    private static readonly string[] SignIn =
    [
        "post /v1/sessions",
        "post /v1/passkey-sessions",
        "post /v1/tokens/refresh",
        "post /oauth2/token",
        "post /oauth2/introspect",
        "post /oauth2/revoke",
        "post /oauth2/par",
        "post /oauth2/device",
        "get /oauth2/userinfo",
        "post /oauth2/userinfo",
    ];

    [Fact]
    public async Task Operations_that_need_a_signed_in_person_say_so()
    {
        using var document = await DocumentAsync();
        var secured = Operations(document).Where(o => o.Operation.TryGetProperty("security", out _)).Select(o => o.Name).ToList();

        Assert.Contains("get /v1/me", secured);
        Assert.Contains("patch /v1/me", secured);
        Assert.DoesNotContain("post /v1/sessions", secured);
        Assert.All(
            Operations(document),
            o =>
                Assert.Equal(
                    secured.Contains(o.Name, StringComparer.Ordinal),
                    o.Operation.GetProperty("responses").TryGetProperty("401", out _) && !SignIn.Contains(o.Name, StringComparer.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Only_operations_of_the_public_surface_are_in_it()
    {
        using var document = await DocumentAsync();

        Assert.Equal(
            [
                "/.well-known/jwks.json",
                "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration",
                "/oauth2/device",
                "/oauth2/introspect",
                "/oauth2/par",
                "/oauth2/revoke",
                "/oauth2/token",
                "/oauth2/userinfo",
                "/v1/audit",
                "/v1/audit/figures",
                "/v1/audit/verify",
                "/v1/audit/{id}",
                "/v1/challenges/{id}",
                "/v1/challenges/{id}/passkey-options",
                "/v1/challenges/{id}/send",
                "/v1/clients",
                "/v1/clients/{id}",
                "/v1/clients/{id}/disable",
                "/v1/clients/{id}/enable",
                "/v1/clients/{id}/secrets",
                "/v1/clients/{id}/secrets/{secretId}",
                "/v1/email-changes/undo",
                "/v1/events",
                "/v1/files/download-urls",
                "/v1/files/upload-urls",
                "/v1/jobs",
                "/v1/jobs/{id}",
                "/v1/jobs/{id}/cancel",
                "/v1/jobs/{id}/retry",
                "/v1/live",
                "/v1/me",
                "/v1/me/activity",
                "/v1/me/applications",
                "/v1/me/applications/{id}",
                "/v1/me/close",
                "/v1/me/close/undo",
                "/v1/me/email",
                "/v1/me/email/confirm",
                "/v1/me/email/resend",
                "/v1/me/export",
                "/v1/me/export/{id}",
                "/v1/me/factors",
                "/v1/me/factors/{factor}",
                "/v1/me/factors/{factor}/confirm",
                "/v1/me/organization",
                "/v1/me/passkeys",
                "/v1/me/passkeys/options",
                "/v1/me/passkeys/{id}",
                "/v1/me/password",
                "/v1/me/phone",
                "/v1/me/phone/confirm",
                "/v1/me/phone/pending",
                "/v1/me/phone/resend",
                "/v1/me/photo",
                "/v1/me/reauthenticate",
                "/v1/me/recovery-codes",
                "/v1/me/terms",
                "/v1/me/totp",
                "/v1/me/totp/confirm",
                "/v1/notifications/sendgrid-events",
                "/v1/notifications/twilio-status",
                "/v1/operations/{id}",
                "/v1/operations/{id}/cancel",
                "/v1/operations/{id}/events",
                "/v1/organizations",
                "/v1/organizations/{id}",
                "/v1/organizations/{id}/deactivate",
                "/v1/organizations/{id}/domains",
                "/v1/organizations/{id}/domains/{domain}",
                "/v1/organizations/{id}/members",
                "/v1/organizations/{id}/members/{userId}",
                "/v1/organizations/{id}/reactivate",
                "/v1/organizations/{id}/registration-codes",
                "/v1/organizations/{id}/registration-codes/{code}",
                "/v1/organizations/{id}/related",
                "/v1/organizations/{id}/related/{otherId}",
                "/v1/passkey-options",
                "/v1/passkey-sessions",
                "/v1/password-resets",
                "/v1/password-resets/{id}/complete",
                "/v1/password-resets/{id}/resend",
                "/v1/permissions",
                "/v1/permissions/check",
                "/v1/permissions/mine",
                "/v1/permissions/{name}",
                "/v1/profiles/{username}",
                "/v1/registrations",
                "/v1/registrations/confirm",
                "/v1/registrations/{id}/resend",
                "/v1/registrations/{id}/verify",
                "/v1/role-requests",
                "/v1/role-requests/{id}",
                "/v1/role-requests/{id}/review",
                "/v1/roles",
                "/v1/roles/{id}",
                "/v1/roles/{id}/registration",
                "/v1/sessions",
                "/v1/sessions/{id}",
                "/v1/sign-in-codes",
                "/v1/sign-in-codes/confirm",
                "/v1/sign-in-codes/{id}/resend",
                "/v1/sign-in-codes/{id}/verify",
                "/v1/sign-ins/report",
                "/v1/tenants",
                "/v1/tenants/{id}",
                "/v1/tenants/{id}/disable",
                "/v1/tenants/{id}/domains",
                "/v1/tenants/{id}/domains/{domain}",
                "/v1/tenants/{id}/domains/{domain}/verify",
                "/v1/tenants/{id}/enable",
                "/v1/tenants/{id}/settings",
                "/v1/tenants/{id}/terms",
                "/v1/terms",
                "/v1/tokens/refresh",
                "/v1/user-creations",
                "/v1/usernames/{name}",
                "/v1/users",
                "/v1/users/by-initial",
                "/v1/users/lookup",
                "/v1/users/{id}",
                "/v1/users/{id}/disable",
                "/v1/users/{id}/enable",
                "/v1/users/{id}/erase",
                "/v1/users/{id}/failed-attempts",
                "/v1/users/{id}/password-reset",
                "/v1/users/{id}/photo",
                "/v1/users/{id}/second-factors/reset",
                "/v1/users/{id}/sessions",
                "/v1/users/{userId}/roles",
                "/v1/users/{userId}/roles/{roleId}",
                "/v1/verifications",
                "/v1/verifications/{id}/resend",
                "/v1/webhooks",
                "/v1/webhooks/{id}",
                "/v1/webhooks/{id}/deliveries",
                "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver",
                "/v1/webhooks/{id}/disable",
                "/v1/webhooks/{id}/enable",
                "/v1/webhooks/{id}/ping",
                "/v1/webhooks/{id}/secret",
            ],
            document.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)
        );
    }

    private async Task<JsonDocument> DocumentAsync() =>
        JsonDocument.Parse(await running.App.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonDocument document) =>
        from path in document.RootElement.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.ValueKind == JsonValueKind.Object && operation.Value.TryGetProperty("responses", out _)
        select ($"{operation.Name} {path.Name}", operation.Value);

    private static JsonElement Resolve(JsonDocument document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }
}
