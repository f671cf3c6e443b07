using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Npgsql;

namespace Gatehouse.SystemTests.Upgrade;

/// <summary>
/// Today's program on the databases of the build 332d788, the last before the audit had its own schema, as <c>make-fixture</c> dumped them.
/// </summary>
public sealed class UpgradedApp : IAsyncLifetime
{
    private const string Name = "332d788";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Upgrade");

    private JsonElement secrets;

    public TestApp App { get; private set; } = null!;

    public string Password => secrets.GetProperty("password").GetString()!;

    public DateTimeOffset TakenAt => secrets.GetProperty("takenAt").GetDateTimeOffset();

    public async ValueTask InitializeAsync()
    {
        secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, Name + ".json"))).RootElement;
        var databases = await (await TestDatabases.GetAsync()).CreateEmptyAsync();
        await RestoreAsync(databases.Main, await File.ReadAllTextAsync(Path.Combine(Folder, Name + ".main.sql")));
        await RestoreAsync(databases.Keys, await File.ReadAllTextAsync(Path.Combine(Folder, Name + ".keys.sql")));

        // Two times are the database's own, whose clock does not go back to the dump with the program's: without this an ended session
        // would look as if it had ended long ago, when no access token of it can be good any more. The leases of the node that is gone are
        // the database's own, too; they have run out.
        await RestoreAsync(
            databases.Main,
            $"""
            update identity.sessions
               set rotated_at = rotated_at + (now() - '{TakenAt:O}'), ended_at = ended_at + (now() - '{TakenAt:O}')
            """
        );

        // Held, so that no code ends and no wait runs out however long the tests take.
        var clock = new ShiftableClock();
        clock.Advance(TakenAt + TimeSpan.FromSeconds(5) - clock.GetUtcNow());
        clock.Hold();
        App = await TestApp.StartAsync(
            databases,
            clock,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Keys:Master"] = secrets.GetProperty("masterKey").GetString() }
        );
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    /// <summary>A secret of somebody or something: <c>Of("ada", "refresh")</c>.</summary>
    public string Of(string whose, string what) => secrets.GetProperty(whose).GetProperty(what).GetString()!;

    public Guid IdOf(string whose) => secrets.GetProperty(whose).GetProperty("id").GetGuid();

    public TokenPair TokensOf(string whose) =>
        new(secrets.GetProperty(whose).GetProperty("session").GetGuid(), Of(whose, "access"), Of(whose, "refresh"));

    /// <summary>The browser that held these cookies.</summary>
    internal Browser BrowserWith(JsonElement cookies)
    {
        var browser = new Browser(App);
        foreach (var cookie in cookies.EnumerateObject())
            browser.SetCookie(cookie.Name, cookie.Value.GetString()!);
        return browser;
    }

    internal JsonElement Secret(string whose) => secrets.GetProperty(whose);

    private static async Task RestoreAsync(string database, string script)
    {
        // A dump changes settings of its session, so that is not given back to a pool.
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand(script);
        await command.ExecuteNonQueryAsync();
    }
}
