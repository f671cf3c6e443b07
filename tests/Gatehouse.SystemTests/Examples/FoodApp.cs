using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FoodDelivery.V1;
using Gatehouse.Development.Kafka;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.Server;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Npgsql;

namespace Gatehouse.SystemTests.Examples;

/// <summary>Gatehouse with the roles of the food-delivery system, a broker, and the adapter beside it.</summary>
public sealed class FoodApp : IAsyncLifetime
{
    public const string Password = TestUsers.Password;

    private static readonly string[] Topics = ["user_order", "user_review", "user_menu", "user_restaurant"];

    public TestApp App { get; private set; } = null!;

    internal DevelopmentBroker Broker { get; } = new();

    internal AdapterProcess Adapter { get; private set; } = null!;

    internal Dictionary<string, string> Settings { get; private set; } = null!;

    internal SignedIn Admin { get; private set; } = null!;

    internal TestClient Account { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var port = GatehouseProcess.FreePort();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Grpc:Port"] = port.ToString(CultureInfo.InvariantCulture),
        };
        App = await TestApp.StartAsync(settings: settings);
        var file = Path.Combine(Root(), "deploy", "seeds", "food-delivery.jsonc");
        await using var seed = await GatehouseProcess.RunAsync(["seed", file, "--yes"], await ServeTests.SettingsAsync(App.Databases));
        Assert.Equal((0, ""), (await seed.ExitCodeAsync(), seed.Errors));
        Admin = await App.AlwaysFreshAsync(await App.TenantAdministratorAsync());
        Account = await App.ClientAsync(Admin, "events:read", "tokens:introspect", "users:read");
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:FoodDelivery"] = (await (await TestDatabases.GetAsync()).CreateEmptyAsync()).Main,
            ["Gatehouse:Authority"] = "http://localhost:8080",
            ["Gatehouse:Address"] = App.Http.BaseAddress!.AbsoluteUri,
            ["Gatehouse:Rpc"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["Gatehouse:ClientId"] = Account.ClientId,
            ["Gatehouse:ClientSecret"] = Account.Secret,
            ["FoodDelivery:KafkaServers"] = Broker.Servers,
            ["FoodDelivery:CustomerNames"] = "true",
        };
        Adapter = await AdapterProcess.StartAsync(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Adapter.DisposeAsync();
        await App.DisposeAsync();
        Broker.Dispose();
    }

    internal Task<string> ServiceTokenAsync() => App.TokenAsync(Account);

    internal static object Registration(string email, string first = "Ada", string last = "Byron", string born = "1990-12-10") =>
        new
        {
            email,
            password = Password,
            user_profile = new
            {
                first_name = first,
                last_name = last,
                phone = "+4915112345678",
                birth_date = born,
            },
        };

    /// <summary>Somebody who registered through the adapter at that path, verified the address and signed in there.</summary>
    internal async Task<(int Number, string Email, Cookies Cookies)> SomebodyAsync(string path, string first = "Ada")
    {
        var email = TestUsers.NewEmail();
        var made = await Adapter.SendAsync(HttpMethod.Post, path, Registration(email, first));
        Assert.True(made.Status == HttpStatusCode.Created, made.Text + Adapter.Output);
        var letter = await App.Users.LetterAsync(email);
        Assert.Equal(HttpStatusCode.Created, (await App.Users.ConfirmAsync(letter.LinkToken, Password)).Status);
        var (number, cookies) = await SignInAsync(email);
        return (number, email, cookies);
    }

    internal async Task<(int Number, Cookies Cookies)> SignInAsync(string email)
    {
        var cookies = new Cookies();
        var answer = await Adapter.SendAsync(HttpMethod.Post, "/tokens/", new { email, password = Password }, cookies);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text + Adapter.Output);
        var me = await Adapter.SendAsync(HttpMethod.Get, "/users/current/", cookies: cookies);
        Assert.True(me.Status == HttpStatusCode.OK, me.Text + Adapter.Output);
        return (me.Body.GetProperty("id").GetInt32(), cookies);
    }

    /// <summary>A moderator, whom an administrator of Gatehouse made one.</summary>
    internal async Task<(int Number, Cookies Cookies)> ModeratorAsync()
    {
        var user = await App.Users.SomebodyAsync();
        var role = await App.ScalarAsync<Guid>("select id from organizations.roles where name = 'moderator'");
        await App.AssertDoneAsync(HttpMethod.Put, user.RolePath(role), Admin);
        await App.QuietAsync();
        return await SignInAsync(user.Email);
    }

    /// <summary>What a neighbour in JavaScript is answered about the tokens.</summary>
    internal static async Task<IReadOnlyList<JsonElement>> AskAsync(string address, params string[] tokens)
    {
        var protos = Path.Combine(Root(), "examples", "FoodDelivery", "Protos");
        var (exitCode, output) = await NodePackages.RunAsync("Foreign", "node", ["roles.mjs", address, protos, .. tokens]);
        Assert.True(exitCode == 0, output);
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
    }

    /// <summary>And one in Python.</summary>
    internal static async Task<IReadOnlyList<JsonElement>> AskInPythonAsync(string address, params string[] tokens)
    {
        var descriptors = Path.GetTempFileName();
        try
        {
            var files = new FileDescriptorSet { File = { RolesReflection.Descriptor.ToProto() } };
            await File.WriteAllBytesAsync(descriptors, files.ToByteArray());
            using var python = NodePackages.Start("Foreign", "/usr/bin/python3", ["roles.py", address, descriptors, .. tokens]);
            var output = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            Assert.True(python.ExitCode == 0, output);
            return [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        }
        finally
        {
            File.Delete(descriptors);
        }
    }

    /// <summary>Waits until all that Gatehouse said so far was handled and all that follows from it was sent.</summary>
    internal async Task PublishedAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        settings ??= Settings;
        // An event behind all others: once its user is known here, everything before was handled.
        var last = await App.Users.SomebodyAsync();
        await using var database = NpgsqlDataSource.Create(settings["ConnectionStrings:FoodDelivery"]);
        await TestApp.EventuallyAsync(
            async () =>
            {
                await using var known = database.CreateCommand("select count(*) from food_delivery.users where user_id = $1");
                known.Parameters.Add(new NpgsqlParameter { Value = last.UserId });
                return (long)(await known.ExecuteScalarAsync())! == 1 && await WaitingAsync(settings) == 0;
            },
            "all is published",
            meanwhile: () => Adapter.Output
        );
    }

    /// <summary>How many records wait to be sent.</summary>
    internal static async Task<long> WaitingAsync(IReadOnlyDictionary<string, string> settings)
    {
        await using var database = NpgsqlDataSource.Create(settings["ConnectionStrings:FoodDelivery"]);
        await using var waiting = database.CreateCommand("select count(*) from food_delivery.outbox");
        return (long)(await waiting.ExecuteScalarAsync())!;
    }

    /// <summary>All records of the four topics, read by a neighbour in JavaScript.</summary>
    internal static async Task<IReadOnlyList<(string Topic, string Key, string Value)>> ReadAsync(string servers)
    {
        var (exitCode, output) = await NodePackages.RunAsync("Foreign", "node", ["topics.mjs", servers, .. Topics]);
        Assert.True(exitCode == 0, output);
        return
        [
            .. JsonDocument
                .Parse(output)
                .RootElement.EnumerateArray()
                .Select(r => (r.GetProperty("topic").GetString()!, r.GetProperty("key").GetString()!, r.GetProperty("value").GetString()!)),
        ];
    }

    internal static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
