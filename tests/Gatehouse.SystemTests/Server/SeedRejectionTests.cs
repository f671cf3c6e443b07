using System.Text;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary>Files that <c>gatehouse seed</c> rejects: each error has its path, and nothing is changed.</summary>
[Trait("Speed", "Slow")]
public sealed class SeedRejectionTests(RunningApp running) : IClassFixture<RunningApp>, IDisposable
{
    private const string Changed = "Nothing was changed.";

    private readonly TestApp app = running.App;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        const string File = """
            {
              "permissions": [
                { "name": "orders:read", "level": "everywhere", "description": "" },
                { "name": "a.orders:read", "level": "tenant", "description": "Orders", "path": "/orders/**", "methods": ["GET"] },
                { "name": "a.orders:list", "level": "tenant", "description": "Orders", "path": "/orders/**" },
                { "name": "a.orders:read", "level": "tenant", "description": "Orders" }
              ],
              "tenants": [
                { "name": "default", "displayName": "Another name",
                  "organizations": [
                    { "code": "North", "name": "North" },
                    { "code": "south", "name": "South", "emailDomains": ["-"], "registrationCodes": ["a b"], "related": ["west", "south"],
                      "roles": [{ "name": "auditor" }, { "name": "clerk", "permissions": ["a.orders:read"] }] },
                    { "code": "east", "name": "East", "emailDomains": ["e.example.com"] },
                    { "code": "up", "name": "Up", "emailDomains": ["E.example.com"] }
                  ],
                  "roles": [
                    { "name": "admin" }, { "name": "auditor", "permissions": [] }, { "name": "guest", "permissions": ["nothing:at-all"] }
                  ],
                  "users": [
                    { "email": "nobody", "name": "", "language": "xx", "username": "_" },
                    { "email": "ada@example.com", "name": "Ada", "passwordFrom": "NO_SUCH_VARIABLE",
                      "roles": ["clerk", "organization-administrator"],
                      "memberships": [{ "organization": "south", "roles": ["tenant-administrator"] }, { "organization": "west" }] },
                    { "email": "ADA@EXAMPLE.com", "name": "Ada" },
                    { "email": "bob@example.com", "name": "Bob", "passwordFrom": "SHORT_PASSWORD", "username": "bob" },
                    { "email": "rob@example.com", "name": "Rob", "username": "BOB" }
                  ] },
                { "name": "Second" },
                { "name": "third" }
              ]
            }
            """;

        await AssertRejectedAsync(
            File,
            """
            permissions[0].name: Use a name with a prefix, such as shop.orders:read: lower-case letters, digits and hyphens.
            permissions[0].level: Allowed values: organization, tenant, platform.
            permissions[0].description: This field is required.
            permissions[2]: Another permission has this path for one of these methods.
            permissions[3]: It is given twice.
            tenants[0].displayName: The names of the first tenant come from the settings.
            tenants[0].organizations[0].code: Use 1 to 63 lower-case letters, digits, hyphens and underscores.
            tenants[0].organizations[1].emailDomains[0]: This is not a domain, such as school.example.
            tenants[0].organizations[1].registrationCodes[0]: Use 1 to 32 letters a-z, digits, hyphens and underscores.
            tenants[0].organizations[1].related[0]: There is no organization west.
            tenants[0].organizations[1].related[1]: An organization cannot be related to itself.
            tenants[0].organizations[1].roles[0]: Another role has this name.
            tenants[0].organizations[1].roles[1].permissions: One of these permissions reaches further than the role can.
            tenants[0].organizations[3].emailDomains[0]: Another organization has this domain.
            tenants[0].roles[0].name: This name is reserved. Choose another one.
            tenants[0].roles[1]: Another role has this name.
            tenants[0].roles[2].permissions: There is no permission with one of these names.
            tenants[0].users[0].email: Enter a valid e-mail address.
            tenants[0].users[0].name: This field is required.
            tenants[0].users[0].username: Use 3–30 characters: a–z, 0–9, and . _ - between them.
            tenants[0].users[0].language: Allowed values: en, hi, es.
            tenants[0].users[1].passwordFrom: The environment variable NO_SUCH_VARIABLE is not set.
            tenants[0].users[1].roles[0]: There is no role clerk for the whole tenant.
            tenants[0].users[1].roles[1]: There is no role organization-administrator for the whole tenant.
            tenants[0].users[1].memberships[0].roles[0]: There is no role tenant-administrator for the organization south.
            tenants[0].users[1].memberships[1].organization: There is no organization west.
            tenants[0].users[2]: It is given twice.
            tenants[0].users[3].passwordFrom: Use at least 15 characters. A sentence works well.
            tenants[0].users[4]: This username is taken. Choose another.
            tenants[1].name: Use 1 to 63 lower-case letters, digits or hyphens, with no hyphen at either end.
            tenants[2].displayName: A new tenant needs one.
            """
        );
    }

    [Theory]
    [InlineData("""{ "tenant": [] }""", "tenant: This field is not supported here.")]
    [InlineData(
        """{ "tenants": [{ "name": "a", "users": [{ "mail": "a" }] }] }""",
        "tenants[0].users[0].mail: This field is not supported here."
    )]
    [InlineData("""{ "tenants": [], "tenants": [] }""", "tenants: This field appears more than once.")]
    [InlineData("""{ "tenants": {} }""", "tenants: This value must be of type array.")]
    [InlineData("""{ "tenants": [null] }""", "tenants[0]: This value must be of type object.")]
    [InlineData("""{ "tenants": [{ "name": 1 }] }""", "tenants[0].name: This value must be of type string.")]
    public async Task What_has_another_shape_is_named_by_its_path(string file, string line) => await AssertRejectedAsync(file, line);

    [Theory]
    [InlineData("", "The file is not valid JSON: line 1.")]
    [InlineData("{\n  \"tenants\": [\n  }\n", "The file is not valid JSON: line 3.")]
    [InlineData("[]", "The file holds no JSON object.")]
    [InlineData("tenants:\n  - name: a\n", "The file is not valid JSON: line 1.")]
    public async Task What_is_no_json_object_is_rejected_with_its_line(string file, string line)
    {
        await using var run = await RunAsync(Encoding.UTF8.GetBytes(file));
        Assert.Equal((1, "", line), (await run.ExitCodeAsync(), run.Output, run.Errors));
    }

    [Fact]
    public async Task What_is_no_text_or_cannot_be_read_is_said()
    {
        await using var noText = await RunAsync([(byte)'{', 0xC3, 0x28, (byte)'}']);
        await using var missing = await GatehouseProcess.RunAsync(
            ["seed", folder.FullPath + "/none"],
            await ServeTests.SettingsAsync(app.Databases)
        );
        await using var directory = await GatehouseProcess.RunAsync(
            ["seed", folder.FullPath],
            await ServeTests.SettingsAsync(app.Databases)
        );

        Assert.Equal((1, "The file is not valid UTF-8."), (await noText.ExitCodeAsync(), noText.Errors));
        Assert.Equal(1, await missing.ExitCodeAsync());
        Assert.StartsWith("Could not find file", missing.Errors, StringComparison.Ordinal);
        Assert.Equal(1, await directory.ExitCodeAsync());
        Assert.StartsWith("Access to the path", directory.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("a", "--yes", "--dry-run")]
    [InlineData("a", "b")]
    public async Task What_the_command_line_cannot_mean_is_rejected(params string[] arguments)
    {
        await using var run = await GatehouseProcess.RunAsync(["seed", .. arguments]);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.NotEqual("", run.Errors);
    }

    [Fact]
    public async Task What_is_stored_otherwise_is_rejected()
    {
        const string Permission = """{ "permissions": [{ "name": "b.x:read", "level": "tenant", "description": "X", "path": "/x" }] }""";
        await using var first = await RunAsync(Encoding.UTF8.GetBytes(Permission), "--yes");
        Assert.Equal(0, await first.ExitCodeAsync());

        await AssertRejectedAsync(
            Permission.Replace("tenant", "organization", StringComparison.Ordinal),
            "permissions[0]: The permission b.x:read is registered otherwise. Delete it first, or change the file."
        );
        await AssertRejectedAsync(
            Permission.Replace("b.x:read", "b.x:list", StringComparison.Ordinal),
            "permissions[0]: Another permission has this path for one of these methods."
        );
    }

    private async Task AssertRejectedAsync(string file, string lines)
    {
        var before = await app.FootprintAsync();
        await using var run = await RunAsync(Encoding.UTF8.GetBytes(file), "--yes");

        Assert.Equal($"{lines}\n{Changed}", run.Errors);
        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Output));
        Assert.Equal(before, await app.FootprintAsync());
    }

    private async Task<GatehouseProcess> RunAsync(byte[] file, params string[] options)
    {
        Directory.CreateDirectory(folder.FullPath);
        var path = Path.Combine(folder.FullPath, "seed.jsonc");
        await File.WriteAllBytesAsync(path, file);
        return await GatehouseProcess.RunAsync(
            ["seed", path, .. options],
            await ServeTests.SettingsAsync(app.Databases),
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["SHORT_PASSWORD"] = "short" }
        );
    }
}
