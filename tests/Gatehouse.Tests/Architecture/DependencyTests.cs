using System.Reflection;
using System.Xml.Linq;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Architecture;

public class DependencyTests
{
    // Which project may use which package. A new package needs a line here, and with it a reason in review.
    private static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["Gatehouse"] = ["Grpc.AspNetCore", "Grpc.Net.Client", "Swashbuckle.AspNetCore.SwaggerUI"],
        ["Gatehouse.Audit"] = [],
        ["Gatehouse.Client"] =
        [
            "Confluent.Kafka",
            "Grpc.Net.Client",
            "Grpc.StatusProto",
            "Microsoft.IdentityModel.JsonWebTokens",
            "Npgsql",
        ],
        ["Gatehouse.Contracts"] = ["Google.Protobuf", "Grpc.Core.Api", "Grpc.Tools"],
        ["Gatehouse.Development"] = [],
        ["Gatehouse.Files"] = ["AWSSDK.S3", "Azure.Storage.Blobs", "Google.Cloud.Storage.V1"],
        ["Gatehouse.Identity"] =
        [
            "BCrypt.Net-Next",
            "Otp.NET",
            "QRCoder",
            "SkiaSharp",
            "SkiaSharp.NativeAssets.Linux.NoDependencies",
            "libphonenumber-csharp",
            "libsodium",
        ],
        ["Gatehouse.OpenId"] = ["OpenIddict.Server.AspNetCore"],
        ["Gatehouse.Organizations"] = ["DnsClient"],
        ["Gatehouse.Webhooks"] = [],
        ["Gatehouse.Notifications"] = ["Handlebars.Net", "MailKit", "libphonenumber-csharp"],
        ["Gatehouse.Core"] =
        [
            "Dapper",
            "Microsoft.Extensions.Hosting.Abstractions",
            "Microsoft.Extensions.Options",
            "Npgsql",
            "OpenTelemetry.Exporter.OpenTelemetryProtocol",
            "OpenTelemetry.Extensions.Hosting",
            "StackExchange.Redis",
        ],
        ["Gatehouse.Encryption"] = ["Microsoft.Extensions.Caching.Memory"],
        ["Gatehouse.Messaging"] = ["Confluent.Kafka"],
        ["Gatehouse.Server"] = ["System.CommandLine"],
        ["Gatehouse.Web"] =
        [
            "Grpc.AspNetCore",
            "Grpc.AspNetCore.Server.Reflection",
            "Grpc.HealthCheck",
            "Grpc.StatusProto",
            "Microsoft.AspNetCore.OpenApi",
            "Microsoft.Security.AntiSSRF",
        ],
    };

    // The driver is behind DbSession and Transaction; these few speak to it because they deal with connections themselves or with its
    // exceptions.
    private static readonly string[] UseTheDriver =
    [
        "Gatehouse.Client/Events/",
        "Gatehouse.Core/Postgres/",
        "Gatehouse.Messaging/",
        "Gatehouse.Web/Health/",
        "Gatehouse.Server/Hosting/StartupFailure.cs",
        "Gatehouse.Development/Postgres/",
    ];

    // The same of the client of Redis: scripts are run by RedisConnection, and by nobody else.
    private static readonly string[] UseRedis =
    [
        "Gatehouse.Core/Redis/",
        "Gatehouse.Identity/Verification/RedisVerificationEntries.cs",
        "Gatehouse.Messaging/NodeSignals.cs",
        "Gatehouse.Web/Limits/RedisRateLimitStore.cs",
    ];

    private static readonly string[] SeenByExamples = ["Gatehouse.Client", "Gatehouse.Contracts"];

    [Fact]
    public void Projects_refer_downwards_only_and_modules_never_to_each_other()
    {
        Assert.Equal([], SourceTree.References("Gatehouse.Contracts", "ProjectReference"));
        Assert.Equal(["Gatehouse.Contracts"], SourceTree.References("Gatehouse.Core", "ProjectReference"));
        Assert.Equal(["Gatehouse.Contracts"], SourceTree.References("Gatehouse.Client", "ProjectReference"));
        Assert.Equal(["Gatehouse.Core"], SourceTree.References("Gatehouse.Encryption", "ProjectReference"));
        Assert.Equal(["Gatehouse.Core"], SourceTree.References("Gatehouse.Files", "ProjectReference"));
        Assert.Equal(["Gatehouse.Core"], SourceTree.References("Gatehouse.Messaging", "ProjectReference"));
        Assert.Equal(
            ["Gatehouse.Encryption", "Gatehouse.Files", "Gatehouse.Messaging"],
            SourceTree.References("Gatehouse.Web", "ProjectReference")
        );
        foreach (var module in SourceTree.Modules)
            Assert.Equal(["Gatehouse.Web"], SourceTree.References(module, "ProjectReference"));
        Assert.Equal(SourceTree.Modules, SourceTree.References("Gatehouse", "ProjectReference").Order(StringComparer.Ordinal));
        Assert.Equal(["Gatehouse.Notifications"], SourceTree.References("Gatehouse.Development", "ProjectReference"));
        Assert.Equal(["Gatehouse", "Gatehouse.Development"], SourceTree.References("Gatehouse.Server", "ProjectReference"));
    }

    [Fact]
    public void Examples_see_what_every_relying_service_may_see_and_no_more()
    {
        var projects = Directory.GetFiles(Path.Combine(Repository.Root, "examples"), "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(projects);
        foreach (var project in projects)
        {
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value);
            Assert.All(references, path => Assert.Contains(Path.GetFileNameWithoutExtension(path), SeenByExamples));
        }
    }

    [Fact]
    public void Modules_do_not_know_each_other_even_through_others()
    {
        foreach (var module in SourceTree.ModuleAssemblies)
        {
            var others = SourceTree.Modules.Where(name => name != module.GetName().Name);
            Assert.Empty(module.GetReferencedAssemblies().Select(a => a.Name!).Intersect(others, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Packages_are_used_where_they_are_allowed()
    {
        Assert.Equal(Packages.Keys.Order(StringComparer.Ordinal), SourceTree.Projects());
        foreach (var (project, allowed) in Packages)
            Assert.Equal(allowed, SourceTree.References(project, "PackageReference").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_database_driver_stays_behind_the_data_folder()
    {
        var users = SourceTree
            .Sources()
            .Where(f => f.Text.Contains("using Npgsql", StringComparison.Ordinal) || f.Text.Contains("Npgsql.", StringComparison.Ordinal));
        Assert.DoesNotContain(users, f => !UseTheDriver.Any(allowed => f.Path.StartsWith(allowed, StringComparison.Ordinal)));

        var mapped = SourceTree.Sources().Where(f => f.Text.Contains("using Dapper", StringComparison.Ordinal)).Select(f => f.Path);
        Assert.Equal(
            ["Gatehouse.Core/Postgres/DbSession.cs", "Gatehouse.Development/Postgres/EmbeddedPostgres.cs"],
            mapped.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_client_of_redis_stays_behind_its_connection()
    {
        var users = SourceTree.Sources().Where(f => f.Text.Contains("StackExchange.Redis", StringComparison.Ordinal));
        Assert.DoesNotContain(users, f => !UseRedis.Any(allowed => f.Path.StartsWith(allowed, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_stands_below_the_web_knows_nothing_of_it()
    {
        foreach (
            var project in new[]
            {
                "Gatehouse.Contracts",
                "Gatehouse.Core",
                "Gatehouse.Encryption",
                "Gatehouse.Files",
                "Gatehouse.Messaging",
            }
        )
        {
            Assert.Equal([], SourceTree.References(project, "FrameworkReference"));
            Assert.DoesNotContain(
                Assembly.Load(project).GetReferencedAssemblies(),
                a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Namespaces_depend_on_each_other_in_one_direction_only()
    {
        var uses = NamespaceGraph.Of(SourceTree.Sources().Concat(SourceTree.Pages()));

        Assert.True(uses.Count > 20, $"only {uses.Count} namespaces were found");
        Assert.Equal([], NamespaceGraph.Cycles(uses));
    }

    [Fact]
    public void Files_have_at_most_300_lines()
    {
        var tooLong = SourceTree.Sources().Where(f => f.Text.AsSpan().Count('\n') > 300).Select(f => f.Path);
        Assert.Equal([], tooLong);
    }

    [Fact]
    public void Handlers_are_sealed_and_internal_and_take_no_other_handler()
    {
        var handlers = SourceTree.ModuleAssemblies.SelectMany(a => a.GetTypes()).Where(t => t.Name == "Handler").ToList();
        Assert.NotEmpty(handlers);
        foreach (var handler in handlers)
        {
            Assert.True(handler is { IsSealed: true, IsNestedAssembly: true }, $"{handler} must be internal sealed");
            Assert.True(
                handler.DeclaringType is { IsAbstract: true, IsSealed: true, IsVisible: false },
                $"{handler} must stand in the static class of its slice"
            );
            Assert.DoesNotContain(Takes(handler), t => t.Name == "Handler");
        }
    }

    [Fact]
    public void Only_the_judge_of_new_passwords_makes_an_accepted_one()
    {
        var makers = SourceTree
            .Sources()
            .Where(f => f.Text.Contains("new AcceptedPassword(", StringComparison.Ordinal))
            .Select(f => f.Path);
        Assert.Equal(["Gatehouse.Identity/Passwords/NewPasswords.cs"], makers);
    }

    [Fact]
    public void Nothing_inside_a_module_takes_the_container()
    {
        var takers = SourceTree
            .ModuleAssemblies.SelectMany(a => a.GetTypes())
            .Where(t => t.Namespace is { } space && space.StartsWith("Gatehouse.", StringComparison.Ordinal))
            .Where(t => Takes(t).Any(p => p == typeof(IServiceProvider)));
        Assert.Empty(takers);
    }

    private static IEnumerable<Type> Takes(Type type) =>
        type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .SelectMany(c => c.GetParameters())
            .Select(p => p.ParameterType);
}
