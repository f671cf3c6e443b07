using System.Globalization;
using System.Net;
using Gatehouse.Audit;
using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Notifications;
using Npgsql;

namespace Gatehouse.SystemTests.Core.Postgres;

/// <summary>
/// Each module touches its own schema only: PostgreSQL plans every statement that a module issues, and checks its rights, under a role that
/// has the module's rights and no others. Exempt is Gatehouse.Core, which owns the database: migrations, partitions and the watch over it.
/// </summary>
public sealed class SchemaRightsTests(SchemaRightsTests.Flows flows) : IClassFixture<SchemaRightsTests.Flows>
{
    private static readonly Dictionary<string, string> Schemas = new(StringComparer.Ordinal)
    {
        ["Gatehouse.Audit"] = "audit",
        ["Gatehouse.Organizations"] = "organizations",
        ["Gatehouse.OpenId"] = "openid",
        ["Gatehouse.Webhooks"] = "webhooks",
        ["Gatehouse.Identity"] = "identity",
        ["Gatehouse.Messaging"] = "runtime",
        ["Gatehouse.Notifications"] = "notifications",
        ["Gatehouse.Web"] = "runtime",
        // The mailbox of development mode keeps its mail where the notifications are.
        ["Gatehouse.Development"] = "notifications",
    };

    // The contract: what a module may do outside of its own schema.
    private static readonly (string Module, string Right)[] Shared =
    [
        // A refresh is one statement together with its record (IAuditStatement).
        ("Gatehouse.Identity", "usage on schema audit"),
        ("Gatehouse.Identity", "insert on audit.records"),
        // What is ordered by transaction ids shares the epochs.
        ("Gatehouse.Audit", "usage on schema runtime"),
        ("Gatehouse.Audit", "select on runtime.log_epochs"),
        // A key store without keys beside a log that was written is not the one of this installation.
        ("Gatehouse.Encryption", "usage on schema runtime"),
        ("Gatehouse.Encryption", "select on runtime.log_epochs"),
    ];

    private static IEnumerable<string> Names => Schemas.Keys.Union(Shared.Select(shared => shared.Module));

    public static TheoryData<string, string> Crossings =>
        new()
        {
            { "Gatehouse.Identity", "select count(*) from audit.records" },
            { "Gatehouse.Identity", "select count(*) from notifications.suppressions" },
            { "Gatehouse.Identity", "delete from runtime.jobs" },
            { "Gatehouse.Notifications", "select count(*) from identity.users" },
            { "Gatehouse.Notifications", "select count(*) from audit.records" },
            { "Gatehouse.Audit", "select count(*) from identity.users" },
            { "Gatehouse.Audit", "select count(*) from runtime.events" },
            { "Gatehouse.Messaging", "update identity.users set name = name" },
            { "Gatehouse.Web", "select count(*) from identity.sessions" },
        };

    public static TheoryData<string> Modules => [.. Names];

    public static TheoryData<string, string> SharedRights => [.. Shared.Select(shared => (shared.Module, shared.Right))];

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task Every_statement_of_a_module_gets_by_with_the_rights_of_the_module(string module)
    {
        var statements = Flows.Of(module);
        Assert.NotEmpty(statements);
        Assert.Equal([], await flows.DeniedAsync(module, statements));
    }

    [Fact]
    public void Nobody_else_talks_to_the_databases()
    {
        var issuers = IssuedStatements.All.ToLookup(
            statement => statement.Database.EndsWith("_keys", StringComparison.Ordinal),
            s => s.Issuer
        );
        string[] exempt = ["Gatehouse.Core", "Gatehouse.SystemTests"];

        Assert.Equal([], issuers[false].Except(Names).Except(exempt));
        Assert.Equal([], issuers[true].Except(["Gatehouse.Encryption", "Gatehouse.Web"]).Except(exempt));
    }

    [Theory]
    [MemberData(nameof(Crossings))]
    public async Task A_statement_that_crosses_is_noticed_and_denied(string module, string crossing)
    {
        await flows
            .App.Services.GetRequiredService<Database>()
            .QueryAsync(db => db.ExecuteAsync(crossing + " where false"), CancellationToken.None);

        var noticed = Assert.Single(IssuedStatements.All, statement => statement.Text == crossing + " where false");
        Assert.Equal("Gatehouse.SystemTests", noticed.Issuer);
        Assert.Single(await flows.DeniedAsync(module, [noticed]));
    }

    [Theory]
    [MemberData(nameof(SharedRights))]
    public async Task Each_right_of_the_contract_is_needed(string module, string right) =>
        Assert.NotEmpty(await flows.DeniedAsync(module, Flows.Of(module), without: right));

    /// <summary>What users and mail servers do, once each; the tests that ran before have their part in it too.</summary>
    public sealed class Flows : IAsyncLifetime
    {
        private readonly SendGridApp mailing = new();
        private NpgsqlDataSource database = null!;

        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await TestApp.StartAsync();
            await mailing.InitializeAsync();
            database = NpgsqlDataSource.Create(App.Databases.Main + ";Pooling=false");
            foreach (var module in Names)
                await App.ExecuteAsync($"create role {Role(module)}");
            foreach (var (module, schema) in Schemas)
                await App.ExecuteAsync(
                    $"""
                    grant usage on schema {schema} to {Role(module)};
                    grant select, insert, update, delete on all tables in schema {schema} to {Role(module)};
                    grant usage on all sequences in schema {schema} to {Role(module)}
                    """
                );
            foreach (var (module, right) in Shared)
                await App.ExecuteAsync($"grant {right} to {Role(module)}");

            await UseAccountsAsync();
            await SendMailAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await database.DisposeAsync();
            await mailing.DisposeAsync();
            await App.DisposeAsync();
        }

        /// <summary>What the module said to the main database. Listening and notifying need no right.</summary>
        internal static IReadOnlyCollection<IssuedStatement> Of(string module) =>
            [
                .. IssuedStatements.All.Where(statement =>
                    statement.Issuer == module
                    && !statement.Database.EndsWith("_keys", StringComparison.Ordinal)
                    && statement.Text.Split(' ')[0] is not ("listen" or "notify")
                ),
            ];

        /// <summary>Those of the statements that the module's role may not run.</summary>
        internal async Task<IReadOnlyList<string>> DeniedAsync(
            string module,
            IEnumerable<IssuedStatement> statements,
            string? without = null
        )
        {
            var denied = new List<string>();
            await using var connection = await database.OpenConnectionAsync();
            foreach (var statement in statements)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await using var batch = new NpgsqlBatch(connection);
                if (without is not null)
                    batch.BatchCommands.Add(new($"revoke {without} from {Role(module)}"));
                batch.BatchCommands.Add(new($"set local role {Role(module)}"));
                var explain = new NpgsqlBatchCommand("explain " + statement.Text);
                foreach (var parameter in statement.Parameters)
                    explain.Parameters.Add(parameter.Clone());
                batch.BatchCommands.Add(explain);
                try
                {
                    await batch.ExecuteNonQueryAsync();
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
                {
                    denied.Add($"{e.MessageText}: {statement.Text}");
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
                {
                    // A partition of the time of another test.
                }
            }

            return denied;
        }

        private static string Role(string module) => module["Gatehouse.".Length..].ToLower(CultureInfo.InvariantCulture) + "_only";

        private async Task UseAccountsAsync()
        {
            var users = App.Users;
            await users.GetAsync("/v1/usernames/ada");
            var ada = await users.SomebodyAsync(username: "ada");
            var (reset, letter) = await App.ResetMailAsync("ada", ada.Email);
            Assert.Equal(HttpStatusCode.NoContent, (await users.ResetByCodeAsync(reset, letter.ResetCode)).Status);
            await users.RegisterAsync(ada.Email);
            await users.ResendAsync((await users.RegisterAsync(TestUsers.NewEmail())).RegistrationId);
            await users.SignInAsync("ada");
            var here = (await users.SignInAsync("ada", Resetting.NewPassword)).Tokens();
            var there = (await users.SignInAsync("ada", Resetting.NewPassword)).Tokens();
            await users.MeAsync(here);
            await users.SendAsync(HttpMethod.Get, "/v1/me/activity", here);
            await users.SendAsync(HttpMethod.Get, "/v1/sessions", here);
            Assert.Equal(HttpStatusCode.OK, (await users.RefreshAsync(there.Refresh)).Status);
            await users.SendAsync(HttpMethod.Delete, "/v1/sessions/" + there.SessionId, here);
            await App.RunRecurringAsync<SealRecords>();
            await App.QuietAsync();
        }

        private async Task SendMailAsync()
        {
            var email = TestUsers.NewEmail();
            var mail = await mailing.SentAsync(email);
            await mailing.ReportAsync(mailing.Report(mail, "dropped"));
            await mailing.App.Users.RegisterAsync(email);
            await mailing.App.QuietAsync();
        }
    }
}
