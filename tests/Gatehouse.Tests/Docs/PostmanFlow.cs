using System.Text.Json.Nodes;

namespace Gatehouse.Tests.Docs;

/// <summary>One request of the Postman collection: what it sends and what it expects; the rest is in the OpenAPI document.</summary>
internal sealed record PostmanStep
{
    public required string Folder { get; init; }

    public required string Name { get; init; }

    /// <summary>Null for the development inbox, which is no operation of the API.</summary>
    public string? Operation { get; init; }

    public required int Status { get; init; }

    /// <summary>What stands for the parameters of the path.</summary>
    public string[] Path { get; init; } = [];

    public string Query { get; init; } = "";

    public JsonObject? Body { get; init; }

    public string[] Before { get; init; } = [];

    /// <summary>Lines of the test script behind the check of the status.</summary>
    public string[] After { get; init; } = [];
}

/// <summary>
/// The requests in an order in which a fresh development server answers each as expected: every operation of the API at least once.
/// </summary>
internal static class PostmanFlow
{
    private static readonly string[] KeepTokens =
    [
        "const { accessToken, refreshToken, sessionId } = pm.response.json().tokens;",
        "pm.collectionVariables.set('accessToken', accessToken);",
        "pm.collectionVariables.set('refreshToken', refreshToken);",
        "pm.collectionVariables.set('sessionId', sessionId);",
        "pm.collectionVariables.set('userId', pm.response.json().user.id);",
    ];

    // The first tenant and the built-in role have the same ids in every installation.
    private const string FirstTenant = "00000000-0001-7000-8000-000000000001";
    internal const string TenantAdministrator = "00000000-0002-7000-8000-000000000002";

    private static readonly string[] RetryAfter = ["pm.test('Retry-After says when', () => pm.response.to.have.header('Retry-After'));"];

    /// <summary>Variables and the values they begin with.</summary>
    public static IReadOnlyList<(string Name, string Value)> Variables { get; } =
    [
        ("baseUrl", "http://localhost:8080"),
        .. new[]
        {
            "email",
            "otherEmail",
            "changedEmail",
            "username",
            "password",
            "newPassword",
            "signInCodeId",
            "ceremonyId",
            "registrationId",
            "code",
            "token",
            "resetId",
            "accessToken",
            "refreshToken",
            "sessionId",
            "userId",
            "requestId",
            "polls",
        }.Select(name => (name, "")),
    ];

    public static IReadOnlyList<PostmanStep> Steps { get; } =
    [
        .. In(
            "1 Discovery",
            Step(
                "DescribeIssuer",
                200,
                before:
                [
                    "const run = pm.variables.replaceIn('{{$randomUUID}}');",
                    "pm.collectionVariables.set('email', `ada.${run}@example.com`);",
                    "pm.collectionVariables.set('otherEmail', `grace.${run}@example.com`);",
                    "pm.collectionVariables.set('changedEmail', `augusta.${run}@example.com`);",
                    "pm.collectionVariables.set('username', `ada-${run.slice(0, 8)}`);",
                    "pm.collectionVariables.set('password', `umbrella ${run} kettle`);",
                    "pm.collectionVariables.set('newPassword', `lantern ${run} gravel`);",
                ]
            ),
            Step("ListSigningKeys", 200)
        ),
        .. In(
            "2 Registration by code",
            Step("CheckUsername", 200, path: ["{{username}}"]),
            Step("GetTerms", 404, " where there are none"),
            Register("{{email}}", username: "{{username}}"),
            Step("ResendCode", 429, " too soon", path: ["{{registrationId}}"], after: RetryAfter),
            Mail("the registration code", "{{email}}", "is your", "code", @"\d{6}"),
            Step("ConfirmByCode", 201, path: ["{{registrationId}}"], body: new JsonObject { ["code"] = "{{code}}" }, after: KeepTokens)
        ),
        .. In(
            "3 Account",
            Step(
                "GetMe",
                200,
                after: ["pm.test('the address is verified', () => pm.expect(pm.response.json().emailVerified).to.be.true);"]
            ),
            Step("UpdateMe", 200, body: new JsonObject { ["about"] = "Counts with engines." }),
            Step("GetProfile", 200, path: ["{{username}}"]),
            Step("AcceptTerms", 404, " where there are none", body: new JsonObject { ["version"] = "2026-11" }),
            Step("ListActivity", 200, query: "?limit=20"),
            Step("Reauthenticate", 204, body: new JsonObject { ["password"] = "{{password}}" }),
            Step("ChangeEmail", 202, body: new JsonObject { ["email"] = "{{changedEmail}}" }),
            Step("ResendEmailChange", 429, " too soon", after: RetryAfter),
            Step("ConfirmEmailChange", 422, " with a wrong code", body: new JsonObject { ["code"] = "000000" }),
            Step("CancelEmailChange", 204),
            Step(
                "UndoEmailChange",
                404,
                " by an unknown link",
                body: new JsonObject { ["token"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }
            ),
            Step("ChangePhone", 202, body: new JsonObject { ["phoneNumber"] = "+447400123456" }),
            Step("ResendPhoneChange", 429, " too soon", after: RetryAfter),
            Step("ConfirmPhoneChange", 422, " with a wrong code", body: new JsonObject { ["code"] = "000000" }),
            Step("CancelPhoneChange", 204),
            Step("RemovePhone", 404, " without one"),
            Step("StartExport", 202),
            Step("DownloadExport", 404, " that is not there", path: ["00000000-0000-7000-8000-000000000000"]),
            Step(
                "ChangePassword",
                400,
                " with a wrong current one",
                body: new JsonObject { ["currentPassword"] = "not the password", ["newPassword"] = "{{newPassword}}" }
            )
        ),
        .. In(
            "3 Passkeys",
            Step("ListPasskeys", 200),
            Step("CreatePasskeyOptions", 200, after: ["pm.collectionVariables.set('ceremonyId', pm.response.json().ceremonyId);"]),
            Step(
                "AddPasskey",
                422,
                " without an authenticator",
                body: new JsonObject
                {
                    ["ceremonyId"] = "{{ceremonyId}}",
                    ["name"] = "Phone",
                    ["credential"] = new JsonObject { ["id"] = "AAAA" },
                }
            ),
            Step("RenamePasskey", 404, " that is not there", path: ["{{userId}}"], body: new JsonObject { ["name"] = "Laptop" }),
            Step("RemovePasskey", 404, " that is not there", path: ["{{userId}}"])
        ),
        .. In(
            "3 Files",
            Step("SetMyPhoto", 415, " without a picture"),
            Step("RemoveMyPhoto", 204),
            Step(
                "CreateUploadUrl",
                200,
                body: new JsonObject
                {
                    ["fileName"] = "cv.pdf",
                    ["contentType"] = "application/pdf",
                    ["size"] = 3,
                    ["purpose"] = "document",
                }
            ),
            Step("CreateDownloadUrls", 400, " of no file", body: new JsonObject { ["keys"] = new JsonArray("users/none") }),
            Step("SetUserPhoto", 403, " without the permission", path: ["{{userId}}"]),
            Step("RemoveUserPhoto", 403, " without the permission", path: ["{{userId}}"])
        ),
        .. In(
            "3 Second factors",
            Step("ListFactors", 200),
            Step("EnrollTotp", 200),
            Step("ConfirmTotp", 422, " with a wrong code", body: new JsonObject { ["code"] = "000000" }),
            Step("RemoveTotp", 204, " before it was confirmed"),
            Step("MakeRecoveryCodes", 409, " without a second factor"),
            Step("EnrollSentCode", 409, " without a phone number", path: ["sms"]),
            Step("ConfirmSentCode", 404, " that was not begun", path: ["sms"], body: new JsonObject { ["code"] = "000000" }),
            Step("RemoveSentCode", 404, " that is not there", path: ["sms"]),
            Step("SendChallengeCode", 404, " of no challenge", path: ["{{userId}}"], body: new JsonObject { ["factor"] = "sms" }),
            Step(
                "ReportSignIn",
                404,
                " by an unknown link",
                body: new JsonObject { ["token"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }
            ),
            Step("AskForPasskey", 404, " of no challenge", path: ["{{userId}}"]),
            Step(
                "AnswerChallenge",
                404,
                " that is not there",
                path: ["{{userId}}"],
                body: new JsonObject { ["factor"] = "totp", ["code"] = "000000" }
            )
        ),
        .. In(
            "4 Permissions",
            Step("GetMyPermissions", 200),
            Step("ListUserRoles", 403, " without the permission", path: ["{{userId}}"]),
            Step("AssignRole", 403, " without the permission", path: ["{{userId}}", TenantAdministrator]),
            Step("RevokeRole", 403, " without the permission", path: ["{{userId}}", TenantAdministrator]),
            Step(
                "SwitchOrganization",
                404,
                " to one of which the user is no member",
                body: new JsonObject { ["organizationId"] = FirstTenant }
            ),
            Step("ListTenants", 403, " without the permission"),
            Step("GetTenant", 403, " without the permission", path: [FirstTenant]),
            Step(
                "CreateTenant",
                403,
                " without the permission",
                body: new JsonObject { ["name"] = "example", ["displayName"] = "Example" }
            ),
            Step("UpdateTenant", 403, " without the permission", path: [FirstTenant], body: new JsonObject { ["displayName"] = "Example" }),
            Step("DisableTenant", 403, " without the permission", path: [FirstTenant]),
            Step("EnableTenant", 403, " without the permission", path: [FirstTenant]),
            Step("GetTenantSettings", 403, " without the permission", path: [FirstTenant]),
            Step(
                "UpdateTenantSettings",
                403,
                " without the permission",
                path: [FirstTenant],
                body: new JsonObject { ["registration"] = "closed", ["defaultLanguage"] = "es" }
            ),
            Step("GetTenantTerms", 403, " without the permission", path: [FirstTenant]),
            Step(
                "SetTenantTerms",
                403,
                " without the permission",
                path: [FirstTenant],
                body: new JsonObject
                {
                    ["version"] = "2026-11",
                    ["links"] = new JsonObject { ["en"] = "https://www.example.com/terms" },
                }
            ),
            Step("ListDomains", 403, " without the permission", path: [FirstTenant]),
            Step(
                "AddDomain",
                403,
                " without the permission",
                path: [FirstTenant],
                body: new JsonObject { ["domain"] = "accounts.school.example" }
            ),
            Step("GetDomain", 403, " without the permission", path: [FirstTenant, "accounts.school.example"]),
            Step("VerifyDomain", 403, " without the permission", path: [FirstTenant, "accounts.school.example"]),
            Step("RemoveDomain", 403, " without the permission", path: [FirstTenant, "accounts.school.example"])
        ),
        .. In("5 Roles and permissions", PostmanRoles.Steps),
        .. In("5 Organizations", PostmanOrganizations.Steps),
        .. In("5 Audit", PostmanAudit.Steps),
        .. In("5 Events", Step("ListEvents", 403, " without the permission", query: "?types=user.registered.v1&limit=20")),
        .. In("5 Operations and jobs", PostmanOperations.Steps),
        .. In("5 Service accounts", PostmanClients.Steps),
        .. In("5 Webhooks", PostmanWebhooks.Steps),
        .. In(
            "5 Administration of users",
            Step("ListUsers", 403, " without the permission", query: "?q=ada&status=active"),
            Step("ListUsersByInitial", 403, " without the permission"),
            Step("LookUpUsers", 403, " without the permission", body: new JsonObject { ["usernames"] = new JsonArray("{{username}}") }),
            Step(
                "CreateUser",
                403,
                " without the permission",
                body: new JsonObject { ["email"] = "{{otherEmail}}", ["name"] = "Grace Hopper" }
            ),
            Step(
                "StartVerification",
                403,
                " without the permission",
                body: new JsonObject { ["purpose"] = "user-creation", ["email"] = "{{otherEmail}}" }
            ),
            Step("ResendVerification", 403, " without the permission", path: ["{{userId}}"]),
            Step(
                "CreateUserByCode",
                403,
                " without the permission",
                body: new JsonObject
                {
                    ["verificationId"] = "{{userId}}",
                    ["code"] = "123456",
                    ["name"] = "Grace Hopper",
                }
            ),
            Step("GetUser", 403, " without the permission", path: ["{{userId}}"]),
            Step("UpdateUser", 403, " without the permission", path: ["{{userId}}"], body: new JsonObject { ["name"] = "Ada" }),
            Step("DisableUser", 403, " without the permission", path: ["{{userId}}"]),
            Step("EraseUser", 403, " without the permission", path: ["{{userId}}"], body: new JsonObject { ["reason"] = "test" }),
            Step("EnableUser", 403, " without the permission", path: ["{{userId}}"]),
            Step("ListUserSessions", 403, " without the permission", path: ["{{userId}}"]),
            Step("EndUserSessions", 403, " without the permission", path: ["{{userId}}"]),
            Step("ForcePasswordReset", 403, " without the permission", path: ["{{userId}}"]),
            Step(
                "ResetSecondFactors",
                403,
                " without the permission",
                path: ["{{userId}}"],
                body: new JsonObject { ["reason"] = "Lost the phone" }
            ),
            Step("ClearFailedAttempts", 403, " without the permission", path: ["{{userId}}"])
        ),
        .. In(
            "6 Sessions",
            Step("ListSessions", 200, query: "?limit=20"),
            Step("RefreshSession", 200, body: new JsonObject { ["refreshToken"] = "{{refreshToken}}" }, after: KeepTokens),
            Step("EndSession", 204, path: ["{{sessionId}}"]),
            Step("GetMe", 401, " after sign-out"),
            SignIn("{{password}}", 201),
            Step("EndAllSessions", 204)
        ),
        .. In(
            "7 Password reset",
            Step(
                "RequestPasswordReset",
                202,
                body: new JsonObject { ["identifier"] = "{{email}}" },
                after: ["pm.collectionVariables.set('resetId', pm.response.json().resetId);"]
            ),
            Step("ResendPasswordReset", 429, " too soon", path: ["{{resetId}}"], after: RetryAfter),
            Mail("the reset code", "{{email}}", "password reset", "code", @"\d{8}"),
            Step(
                "CompletePasswordReset",
                204,
                path: ["{{resetId}}"],
                body: new JsonObject { ["code"] = "{{code}}", ["password"] = "{{newPassword}}" }
            ),
            SignIn("{{password}}", 401, ", the former one"),
            SignIn("{{newPassword}}", 201)
        ),
        .. In(
            "8 Registration by link",
            Register("{{otherEmail}}"),
            Mail("the registration link", "{{otherEmail}}", "is your", "token", @"(?<=token=)[\w-]+"),
            Step("ConfirmByLink", 201, body: new JsonObject { ["token"] = "{{token}}", ["password"] = "{{password}}" }, after: KeepTokens),
            Step("EndAllSessions", 204, " of the other account")
        ),
        .. In(
            "9 Sign-in codes",
            Step(
                "RequestSignInCode",
                202,
                body: new JsonObject { ["identifier"] = "{{email}}" },
                after: ["pm.collectionVariables.set('signInCodeId', pm.response.json().signInCodeId);"]
            ),
            Step("ResendSignInCode", 429, " too soon", path: ["{{signInCodeId}}"], after: RetryAfter),
            Mail("the sign-in code", "{{email}}", "sign-in code", "code", @"\d{6}"),
            Step("SignInByCode", 201, path: ["{{signInCodeId}}"], body: new JsonObject { ["code"] = "{{code}}" }, after: KeepTokens),
            Step("EndAllSessions", 204, " begun by code"),
            Step("RequestSignInCode", 202, " of the other account", body: new JsonObject { ["identifier"] = "{{otherEmail}}" }),
            Mail("the sign-in link", "{{otherEmail}}", "sign-in code", "token", @"(?<=token=)[\w-]+"),
            Step("SignInByLink", 201, body: new JsonObject { ["token"] = "{{token}}" }, after: KeepTokens),
            Step("EndAllSessions", 204, " begun by link")
        ),
        .. In(
            "9 Sign-in with a passkey",
            Step("RequestPasskey", 200, after: ["pm.collectionVariables.set('ceremonyId', pm.response.json().ceremonyId);"]),
            Step(
                "SignInWithPasskey",
                401,
                " without an authenticator",
                body: new JsonObject
                {
                    ["ceremonyId"] = "{{ceremonyId}}",
                    ["credential"] = new JsonObject { ["id"] = "AAAA" },
                }
            )
        ),
        .. In(
            "9 Closing the account",
            SignIn("{{newPassword}}", 201, " to close the account"),
            Step("ReopenAccount", 409, " while it is open"),
            Step("CloseAccount", 200),
            SignIn("{{newPassword}}", 201, " of the closed account"),
            Step("ReopenAccount", 204)
        ),
        .. In(
            "10 Reports",
            Step("ReceiveSendGridEvents", 404, " where SendGrid is not set up"),
            Step("ReceiveTwilioStatus", 404, " where Twilio is not set up")
        ),
    ];

    /// <summary>The token that requests of a signed-in user carry.</summary>
    public const string Token = "{{accessToken}}";

    private static IEnumerable<PostmanStep> In(string folder, params PostmanStep[] steps) =>
        steps.Select(step => step with { Folder = folder });

    // The name of a request is the summary of its operation and what is special here.
    internal static PostmanStep Step(
        string operation,
        int status,
        string special = "",
        string[]? path = null,
        string query = "",
        JsonObject? body = null,
        string[]? before = null,
        string[]? after = null
    ) =>
        new()
        {
            Folder = "",
            Name = special,
            Operation = operation,
            Status = status,
            Path = path ?? [],
            Query = query,
            Body = body,
            Before = before ?? [],
            After = after ?? [],
        };

    private static PostmanStep Register(string email, string? username = null)
    {
        var body = new JsonObject
        {
            ["email"] = email,
            ["name"] = "Ada Lovelace",
            ["password"] = "{{password}}",
        };
        if (username is not null)
            body["username"] = username;
        return Step(
            "RegisterUser",
            202,
            username is null ? " of another address" : "",
            body: body,
            after: ["pm.collectionVariables.set('registrationId', pm.response.json().registrationId);"]
        );
    }

    private static PostmanStep SignIn(string password, int status, string special = "") =>
        Step(
            "SignInWithPassword",
            status,
            special,
            body: new JsonObject { ["identifier"] = "{{email}}", ["password"] = password },
            after: status == 201 ? KeepTokens : []
        );

    // Mail is sent after the answer: the request repeats itself until it is there.
    private static PostmanStep Mail(string what, string to, string subject, string variable, string found) =>
        new()
        {
            Folder = "",
            Name = $"Read {what} in the development inbox",
            Status = 200,
            Query = $"/inbox/messages?to={to}",
            After =
            [
                $"const mail = pm.response.json().find((one) => /{subject}/.test(one.subject));",
                "const polls = mail ? 0 : Number(pm.collectionVariables.get('polls')) + 1;",
                "pm.collectionVariables.set('polls', polls);",
                "pm.test('the mail comes', () => pm.expect(polls).to.be.below(120));",
                "if (mail) {",
                $"  pm.collectionVariables.set('{variable}', mail.text.match(/{found}/)[0]);",
                "} else if (polls < 120) {",
                "  pm.execution.setNextRequest(pm.info.requestName);",
                "  setTimeout(() => {}, 250);",
                "}",
            ],
        };
}
