using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Values;
using Gatehouse.Organizations.RoleRequests;

namespace Gatehouse.Server.Seeding;

/// <summary>
/// What new users of a <see cref="DemoFile"/> did: requests for roles, and in the audit sign-ins and failures. They say by the fact
/// <c>demo</c> that they are made up; no session stands behind them, and no event tells other services of them.
/// </summary>
internal static class DemoActivity
{
    private static readonly string[] Devices =
    [
        "Firefox on Linux",
        "Chrome on Windows",
        "Safari on iOS",
        "Chrome on Android",
        "Edge on Windows",
    ];

    /// <summary>Adds it to the plan for the users that the plan makes: users who are there keep what they have.</summary>
    public static void Plan(SeedPlan plan, SeedTenant tenant)
    {
        var made = plan.Steps.Select(step => step.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (i, user) in (tenant.Users ?? []).Index())
        {
            var path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"tenants[0].users[{i}]");
            if (!made.Contains(path))
                continue;
            var number = i + 1;
            plan.Add(path, "+ activity", (run, stop) => ActAsync(run, tenant.Name!, user, number, stop));
            if (DemoFile.RequestOf(number) is { } wanted)
                plan.Add(path, "+ request", (run, stop) => RequestAsync(run, tenant.Name!, user, wanted, stop));
        }
    }

    private static async Task<Error?> ActAsync(SeedRun run, string tenant, SeedUser user, int number, CancellationToken stop)
    {
        var id = await run.UserAsync(tenant, IdentifierOf(user), stop);
        var actor = run.Somebody(tenant) with
        {
            // Of the ranges for examples (RFC 5737).
            Network = number % 2 == 0 ? "198.51.100.0/24" : "203.0.113.0/24",
            Device = Devices[number % Devices.Length],
        };
        await run.Get<Database>()
            .InTransactionAsync(
                "seed.demo",
                tx =>
                {
                    for (var i = 0; i < number % 4; i++)
                        tx.Record(
                            AuditRecord.Of(actor, "session.started").WithFact("demo", "true") with
                            {
                                Actor = id,
                                ActorKind = "person",
                                Subject = id,
                            }
                        );
                    for (var i = 0; i < number % 7 - 4; i++)
                        tx.Record(
                            AuditRecord
                                .Of(actor, "sign-in.failed")
                                .WithFact("demo", "true")
                                .RefusedWith(SignInErrors.InvalidCredentials.Code) with
                            {
                                Subject = id,
                            }
                        );
                    return Task.FromResult(true);
                },
                stop
            );
        return null;
    }

    private static async Task<Error?> RequestAsync(
        SeedRun run,
        string tenant,
        SeedUser user,
        (string Role, string Organization) wanted,
        CancellationToken stop
    )
    {
        var id = await run.UserAsync(tenant, IdentifierOf(user), stop);
        var home = await run.OrganizationAsync(tenant, wanted.Organization, stop);
        var request = new CreateRoleRequest.Request
        {
            RoleId = (await run.RoleAsync(tenant, wanted.Role, organization: null, stop)).ToString(),
            OrganizationId = home.ToString(),
            Form = new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = "I look after the register from next month on." },
        };
        var actor = run.Somebody(tenant) with { User = new SignedInUser(id, Guid.Empty, DateTimeOffset.UnixEpoch) };
        return (await run.Get<CreateRoleRequest.Handler>().HandleAsync(Input.Of(request), actor, stop)).Error;
    }

    private static Identifier IdentifierOf(SeedUser user) =>
        Identifier.Of(Users.EmailKind, EmailAddress.Parse(user.Email, "email", new ValidationErrors())!.Canonical);
}
