using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Web.Health;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Admin;

/// <summary>The installation in the console: its health, and what was given up and waits for somebody.</summary>
internal static class SystemPages
{
    public const string HealthPath = ConsoleHome.Path + "/health";
    public const string DeliveriesPath = ConsoleHome.Path + "/deliveries";
    public const string RetryPath = DeliveriesPath + "/retry";
    public const string SkipPath = DeliveriesPath + "/skip";

    public static readonly ConsoleEntry Deliveries = new()
    {
        Path = DeliveriesPath,
        Text = "page.console.deliveries",
        Group = ConsoleGroup.System,
        Permission = SystemPermissions.Read,
        InWholeTenant = true,
        Order = 9,
    };

    public static readonly ConsoleEntry Health = new()
    {
        Path = HealthPath,
        Text = "page.console.health",
        Group = ConsoleGroup.System,
        Permission = SystemPermissions.Read,
        InWholeTenant = true,
        Order = 10,
    };

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(HealthPath, ShowHealthAsync).RequirePermission(SystemPermissions.Read);
        pages.MapGet(DeliveriesPath, ShowDeliveriesAsync).RequirePermission(SystemPermissions.Read);
        pages.MapPost(RetryPath, RetryAsync).RequirePermission(SystemPermissions.Write).FormOf(DeliveriesPath);
        pages
            .MapGet(
                SkipPath,
                (string? name, string? reason, MessageCatalog texts, HttpContext http) => http.ConfirmAsync(Skip(name, reason, texts, http))
            )
            .RequirePermission(SystemPermissions.Write);
        pages.MapPost(SkipPath, SkipAsync).RequirePermission(SystemPermissions.Write).FormOf(DeliveriesPath);
    }

    private static async Task<IResult> ShowHealthAsync(HealthChecks checks, TimeProvider clock, HttpContext http) =>
        http.Page<HealthPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(HealthPage.Report)] = await checks.ReportAsync(http.RequestAborted),
                [nameof(HealthPage.At)] = clock.GetUtcNow(),
            }
        );

    private static async Task<IResult> ShowDeliveriesAsync(GivenUp givenUp, Backlog backlog, HttpContext http) =>
        http.Page<DeliveriesPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(DeliveriesPage.Deliveries)] = await givenUp.DeliveriesAsync(http.RequestAborted),
                [nameof(DeliveriesPage.Jobs)] = await givenUp.JobsAsync(http.RequestAborted),
                [nameof(DeliveriesPage.Backlog)] = await backlog.ReadAsync(http.RequestAborted),
            }
        );

    private static async Task<IResult> RetryAsync(Database database, MessageCatalog texts, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (name, reason, isJob) = (form["name"].ToString(), form["reason"].ToString(), form["of"] == "job");
        var count = await database.InTransactionAsync(
            "system.retry",
            async tx =>
            {
                var retried = isJob ? await GivenUp.RetryJobsAsync(tx, name, reason) : await GivenUp.RetryDeliveriesAsync(tx, name, reason);
                Record(tx, isJob ? "job.retried" : "delivery.retried", name, retried, http);
                return retried;
            },
            http.RequestAborted
        );
        return http.Tell(Say(texts, http, "page.console.deliveries.retried", count), DeliveriesPath);
    }

    private static async Task<IResult> SkipAsync(string? name, string? reason, Database database, MessageCatalog texts, HttpContext http) =>
        await http.ActAsync(
            Skip(name, reason, texts, http),
            _ =>
                database.InTransactionAsync<Outcome<int>>(
                    "system.skip",
                    async tx =>
                    {
                        var skipped = await GivenUp.SkipDeliveriesAsync(tx, name ?? "", reason ?? "");
                        Record(tx, "delivery.skipped", name ?? "", skipped, http);
                        return skipped;
                    },
                    http.RequestAborted
                ),
            count => Say(texts, http, "page.console.deliveries.skipped", count)
        );

    // Nothing of that name is no act, and what was typed into an address stands in no record.
    private static void Record(Transaction tx, string action, string name, int count, HttpContext http)
    {
        if (count > 0)
            tx.Record(
                AuditRecord
                    .Of(http.Actor(), action)
                    .WithFact("of", name)
                    .WithFact("count", count.ToString(global::System.Globalization.CultureInfo.InvariantCulture))
            );
    }

    private static Confirmation Skip(string? name, string? reason, MessageCatalog texts, HttpContext http)
    {
        string Text(string key) => texts.Text(key, http.Language());
        return new Confirmation
        {
            Question = Text("page.console.deliveries.ask-skip"),
            About = [new(Text("page.console.deliveries.subscriber"), name), new(Text("page.console.deliveries.reason"), reason)],
            Effects = [Text("page.console.deliveries.effect-skip"), Text("page.console.deliveries.effect-next")],
            Act = Text("page.console.deliveries.skip"),
            Path = Address(SkipPath, name, reason),
            Back = DeliveriesPath,
            Entry = DeliveriesPath,
            AsksPassword = true,
        };
    }

    internal static string Address(string path, string? name, string? reason) =>
        path + QueryString.Create([KeyValuePair.Create("name", name), KeyValuePair.Create("reason", reason)]);

    private static string Say(MessageCatalog texts, HttpContext http, string key, int count) =>
        texts.Text(key, http.Language(), TextInput.Limits(("count", count)));
}
