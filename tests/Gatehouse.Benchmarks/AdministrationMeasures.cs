using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>
/// What administrators wait for, with few and with many users: pages of the list, a search, a look-up, a permission check and the console's
/// list. One after the other, because an administrator asks once; the users are rows made by the database.
/// </summary>
internal sealed class AdministrationMeasures(
    Func<IReadOnlyDictionary<string, string>, Task<ServerProcess>> start,
    Func<string[], string, Task> command,
    NpgsqlDataSource database,
    Figures figures,
    bool quick
)
{
    private const string Email = "bench-administrator@example.com";
    private const int PageSize = 50;

    // Whole pages, with what the other modules show on them.
    private static readonly string[] Pages =
    [
        "/admin",
        "/admin/users",
        "/admin/users?sort=name",
        "/admin/users/{user}",
        "/admin/users/{user}/sessions",
        "/admin/users/{user}/access",
        "/admin/users/{user}/activity",
        "/admin/organizations",
        "/admin/roles",
        "/admin/role-requests",
        "/admin/tenants",
        "/admin/domains",
        "/admin/settings",
        "/admin/audit",
        "/admin/events",
        "/admin/deliveries",
        "/admin/health",
    ];

    private static readonly Dictionary<string, string> Unlimited = new(StringComparer.Ordinal)
    {
        // One administrator asks more often than a person could.
        ["GATEHOUSE__RATELIMITS__APPLYINDEVELOPMENT"] = "false",
    };

    public async Task MeasureAsync()
    {
        var few = await MeasureAsync(10_000, few: null);
        await MeasureAsync(quick ? 100_000 : 1_000_000, few);
    }

    private async Task<Dictionary<string, TimeSpan>> MeasureAsync(int users, Dictionary<string, TimeSpan>? few)
    {
        var loading = await FillAsync(users);
        await using var server = await start(Unlimited);
        if (few is null)
            await command(
                ["user", "create", "--email", Email, "--name", "Bench", "--password-stdin", "--role", "platform-administrator"],
                TestUsers.Password
            );
        using var http = new HttpClient { BaseAddress = server.Address };
        var tokens = await TestUsers.SignInAsync(http, Email) ?? throw new InvalidOperationException("busy");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        var hundredth = await CursorAsync(http, pages: 99);
        var hundredthByName = await CursorAsync(http, pages: 99, "&sort=name");
        var names = await NamesAsync();
        Task<HttpResponseMessage> Get(string path) => http.GetAsync(new Uri(path, UriKind.Relative));
        var calls = new (string Name, Func<Task<HttpResponseMessage>> Call)[]
        {
            ("first page", () => Get($"/v1/users?limit={PageSize}")),
            ("hundredth page", () => Get($"/v1/users?limit={PageSize}&after={hundredth}")),
            ("first page by name", () => Get($"/v1/users?limit={PageSize}&sort=name")),
            ("hundredth page by name", () => Get($"/v1/users?limit={PageSize}&sort=name&after={hundredthByName}")),
            ("search by a part of a name", () => Get("/v1/users?q=" + names[RandomNumberGenerator.GetInt32(names.Length)])),
            ("look-up by e-mail", () => Get("/v1/users?q=" + Email)),
            ("permission check", async () => await http.PostAsJsonAsync("/v1/permissions/check", new { permission = "users:read" })),
        };
        var times = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var (name, call) in calls)
            times[name] = await PercentileAsync(call);
        var user = (await http.GetFromJsonAsync<JsonElement>("/v1/users?limit=1")).GetProperty("items")[0].GetProperty("id").GetString();
        foreach (var page in Pages)
            times["page " + page] = await PercentileAsync(() => Get(page.Replace("{user}", user, StringComparison.Ordinal)), pages: true);
        var count = users.ToString("#,0", CultureInfo.InvariantCulture);
        foreach (var (name, time) in times)
            figures.Add(
                $"{count} users: {name}, p99",
                Figures.Milliseconds(time),
                few is null ? "–" : $"{Figures.Milliseconds(few[name])} (10,000 users)",
                few is null ? "–" : Figures.Times(time.TotalSeconds, few[name].TotalSeconds),
                few is null ? "≤ 50 ms" : "≤ 50 ms, ≤ 1.5×",
                "one user at a time; keys of these users do not exist, so no address is opened"
            );
        figures.Add(
            $"{count} users: loading them",
            $"{loading.TotalSeconds:0} s",
            "–",
            "–",
            "≤ 180 s at 1,000,000",
            "indexes, trigrams above all"
        );
        return times;
    }

    /// <summary>Rows that differ in what lists and searches look at.</summary>
    private async Task<TimeSpan> FillAsync(int users)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await using var fill = database.CreateCommand(
            """
            with made as (
                insert into identity.users (tenant_id, id, version, name, given_name, family_name, username, username_key,
                                            email_verified_at, language, created_at)
                select t.id,
                       (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))
                           ::uuid,
                       1, initcap(substr(md5('a' || n), 1, 7)) || ' ' || initcap(substr(md5('b' || n), 1, 9)),
                       initcap(substr(md5('a' || n), 1, 7)), initcap(substr(md5('b' || n), 1, 9)),
                       'user' || n, 'user' || n, now(), 'en', now()
                  from generate_series((select count(*) from identity.users), $1::bigint) n,
                       (select id from organizations.tenants order by id limit 1) t
                on conflict do nothing
                returning tenant_id, id)
            insert into identity.identifiers (tenant_id, kind, index_version, blind_index, user_id)
            select tenant_id, 'email', coalesce((select max(index_version) from identity.identifiers), 1), sha256(id::text::bytea), id
              from made
            """
        );
        fill.CommandTimeout = 900;
        fill.Parameters.Add(new NpgsqlParameter { Value = (long)users });
        await fill.ExecuteNonQueryAsync();
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        await using var analyze = database.CreateCommand("vacuum analyze identity.users, identity.identifiers");
        analyze.CommandTimeout = 900;
        await analyze.ExecuteNonQueryAsync();
        // What was just loaded would still be written while calls are measured.
        await using var written = database.CreateCommand("checkpoint");
        written.CommandTimeout = 900;
        await written.ExecuteNonQueryAsync();
        return elapsed;
    }

    // Names of users who are there with few and with many users, so that a search finds one in both.
    private async Task<string[]> NamesAsync()
    {
        await using var first = database.CreateCommand(
            "select array_agg(family_name) from (select family_name from identity.users where family_name <> '' order by id limit 500) u"
        );
        return (string[])(await first.ExecuteScalarAsync())!;
    }

    private static async Task<string> CursorAsync(HttpClient http, int pages, string sort = "")
    {
        var after = "";
        for (var page = 0; page < pages; page++)
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"/v1/users?limit={PageSize}" + sort + after);
            after = "&after=" + Uri.EscapeDataString(answer.GetProperty("next").GetString()!);
        }

        return after["&after=".Length..];
    }

    /// <summary>The 99th percentile, the middle one of three rounds: a pause of the machine moves that of one.</summary>
    private async Task<TimeSpan> PercentileAsync(Func<Task<HttpResponseMessage>> call, bool pages = false)
    {
        var rounds = new List<TimeSpan>();
        for (var round = 0; round < 3; round++)
            rounds.Add(await RoundAsync(call, pages));
        rounds.Sort();
        return rounds[1];
    }

    private async Task<TimeSpan> RoundAsync(Func<Task<HttpResponseMessage>> call, bool pages)
    {
        var times = new List<TimeSpan>();
        var count = quick || pages ? 150 : 500;
        // The first ones compile and fill caches.
        for (var i = -20; i < count; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await call();
            await answer.Content.ReadAsByteArrayAsync();
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri}: {answer.StatusCode}");
            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(begun));
        }

        return Statistics.Percentile99(times);
    }
}
