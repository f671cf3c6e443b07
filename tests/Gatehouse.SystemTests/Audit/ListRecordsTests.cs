using System.Globalization;
using System.Net;
using System.Text.Json;
using Gatehouse.Core.Auditing;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Audit;

[Collection<OneAudit>]
public sealed class ListRecordsTests(AuditedApp audited) : IAsyncLifetime
{
    private static readonly Guid Other = new("00000000-0001-7000-8000-0000000000ff");
    private static readonly Guid Somebody = new("00000000-0000-7000-8000-0000000000a1");
    private static readonly Guid Organization = new("00000000-0000-7000-8000-0000000000a2");

    private readonly TestApp app = audited.App;
    private SignedIn admin = null!;

    public async ValueTask InitializeAsync()
    {
        await app.EmptyAuditAsync();
        admin = await app.TenantAdministratorAsync();
        await app.EmptyAuditAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_record_is_listed_with_everything_that_is_stored_and_the_names_of_users()
    {
        var id = await app.RecordAsync(
            Of("role.assigned") with
            {
                Actor = admin.UserId,
                ActorKind = "person",
                Subject = Somebody,
                Session = admin.Tokens.SessionId,
                Network = "203.0.113.0/24",
                Device = "Firefox on Linux",
                Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = "courier" },
            }
        );

        var item = Assert.Single(Items(await ListAsync("", ("Accept-Language", "es"))));

        Assert.Equal(id, item.GetProperty("id").GetGuid());
        Assert.Equal(
            ("role.assigned", "Rol asignado", "done", "person"),
            (Text(item, "action"), Text(item, "text"), Text(item, "result"), Text(item, "actorKind"))
        );
        Assert.Equal(("203.0.113.0/24", "Firefox on Linux", null), (Text(item, "network"), Text(item, "device"), Text(item, "reason")));
        Assert.Equal(
            (admin.UserId, "Ada"),
            (item.GetProperty("actor").GetProperty("id").GetGuid(), Text(item.GetProperty("actor"), "name"))
        );
        Assert.Equal(
            (Somebody, null),
            (item.GetProperty("subject").GetProperty("id").GetGuid(), Text(item.GetProperty("subject"), "name"))
        );
        Assert.Equal("courier", Text(item.GetProperty("facts"), "role"));
        Assert.Equal(admin.Tokens.SessionId, item.GetProperty("sessionId").GetGuid());
    }

    [Fact]
    public async Task Each_filter_finds_its_own_and_several_narrow_each_other()
    {
        var session = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.RecordAsync(Of("role.assigned") with { Actor = admin.UserId, Subject = Somebody });
        await app.RecordAsync(Of("role-request.created") with { Actor = Somebody });
        var middle = new DateTimeOffset(
            await app.ScalarAsync<DateTime>("select recorded_at from audit.records order by id desc limit 1"),
            TimeSpan.Zero
        );
        await app.RecordAsync(Of("session.started") with { Subject = Somebody, Session = session, Network = "203.0.113.0/24" });
        await app.RecordAsync((Of("sign-in.failed") with { Subject = admin.UserId }).RefusedWith("identity.invalid-credentials"));
        var last = await app.RecordAsync(Of("member.added").WithFact("organization", Organization.ToString()));

        Assert.Equal("member.added sign-in.failed session.started role-request.created role.assigned", await ActionsAsync(""));
        Assert.Equal("role.assigned", await ActionsAsync($"?actor={admin.UserId}"));
        Assert.Equal("session.started role.assigned", await ActionsAsync($"?subject={Somebody}"));
        Assert.Equal("session.started role-request.created role.assigned", await ActionsAsync($"?user={Somebody}"));
        Assert.Equal("session.started role.assigned", await ActionsAsync($"?user={Somebody}&subject={Somebody}"));
        Assert.Equal("role.assigned", await ActionsAsync($"?user={Somebody}&action=role&action=sign-in.failed"));
        Assert.Equal("role.assigned", await ActionsAsync("?action=role"));
        Assert.Equal("sign-in.failed role-request.created", await ActionsAsync("?action=sign-in.failed&action=role-request"));
        Assert.Equal("session.started", await ActionsAsync("?action=session"));
        await app.RecordAsync(Of("session.refreshed") with { Subject = Somebody, Session = session });
        Assert.Equal("session.started", await ActionsAsync("?action=session"));
        Assert.Equal("session.refreshed", await ActionsAsync($"?user={Somebody}&action=session.refreshed"));
        Assert.Equal("session.started", await ActionsAsync($"?subject={Somebody}&action=session.started"));
        Assert.Equal("sign-in.failed", await ActionsAsync("?result=refused"));
        Assert.Equal("sign-in.failed", await ActionsAsync("?reason=identity.invalid-credentials"));
        Assert.Equal("member.added session.started role-request.created role.assigned", await ActionsAsync("?result=done"));
        Assert.Equal("session.started", await ActionsAsync($"?session={session}"));
        Assert.Equal("session.started", await ActionsAsync("?network=203.0.113.77"));
        Assert.Equal("session.started", await ActionsAsync("?network=203.0.113.0/24"));
        Assert.Equal("member.added", await ActionsAsync($"?organization={Organization}"));
        await app.RecordAsync(Of("role.revoked").WithFact("role", "courier"));
        Assert.Equal("role.revoked", await ActionsAsync("?role=courier&action=role"));
        Assert.Equal("", await ActionsAsync("?role=courier&action=session"));
        await app.ExecuteAsync("delete from audit.records where action = 'role.revoked'");
        Assert.Equal("member.added", await ActionsAsync($"?id={last}"));
        Assert.Equal("role-request.created role.assigned", await ActionsAsync($"?to={Time(middle.AddTicks(10))}"));
        Assert.Equal("member.added sign-in.failed session.started", await ActionsAsync($"?from={Time(middle.AddTicks(10))}"));
        Assert.Equal("role-request.created", await ActionsAsync($"?from={Time(middle)}&to={Time(middle.AddTicks(10))}"));
        Assert.Equal("", await ActionsAsync($"?actor={admin.UserId}&result=refused"));
    }

    [Fact]
    public async Task Pages_of_somebody_follow_each_other_without_gap_or_repeat()
    {
        for (var i = 0; i < 7; i++)
            await app.RecordAsync(
                Of(i % 2 == 0 ? "session.started" : "user.updated") with
                {
                    Subject = Somebody,
                    Actor = i % 3 == 0 ? Somebody : null,
                }
            );

        var seen = new List<Guid>();
        string? next = null;
        do
        {
            var page = await ListAsync($"?limit=2&user={Somebody}" + (next is null ? "" : "&after=" + next));
            seen.AddRange(Items(page).Select(i => i.GetProperty("id").GetGuid()));
            next = page.Body.GetProperty("next").GetString();
        } while (next is not null);

        Assert.Equal(7, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(7, seen.Distinct().Count());
    }

    [Fact]
    public async Task Records_of_other_tenants_do_not_exist()
    {
        var own = await app.RecordAsync(Of("user.updated") with { Subject = Somebody });
        var theirs = await app.RecordAsync(new AuditRecord(Other, "user.updated") { Subject = Somebody });

        var cursor = System.Buffers.Text.Base64Url.EncodeToString(theirs.ToByteArray(bigEndian: true));
        Assert.Equal([own], (await ListAsync($"?after={cursor}")).Ids("id"));
        Assert.Equal([own], (await ListAsync($"?user={Somebody}")).Ids("id"));
        Assert.Equal([], (await ListAsync($"?id={theirs}")).Ids("id"));
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "audit.record-not-found", HttpMethod.Get, $"/v1/audit/{theirs}", admin);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "audit.record-not-found", HttpMethod.Get, $"/v1/audit/{Somebody}", admin);
    }

    [Fact]
    public async Task A_platform_administrator_sees_those_of_the_tenant_that_is_named_and_names_of_their_own_stay_there()
    {
        // A second tenant, which the other tests must not have.
        await using var two = await AuditTrail.StartAsync();
        var platform = await two.PlatformAdministratorAsync();
        await two.AssertDoneAsync(HttpMethod.Post, "/v1/tenants", platform, new { name = "globex", displayName = "Globex" });
        await two.EmptyAuditAsync();

        var answer = await two.CallAsync(HttpMethod.Get, "/v1/audit", platform, body: null, ("Gatehouse-Tenant", "globex"));

        // The call in another tenant is recorded there.
        var item = Assert.Single(Items(answer));
        Assert.Equal("tenant.entered", Text(item, "action"));
        Assert.Equal(platform.UserId, item.GetProperty("actor").GetProperty("id").GetGuid());
        Assert.Null(Text(item.GetProperty("actor"), "name"));
        Assert.Equal([], (await two.CallAsync(HttpMethod.Get, "/v1/audit", platform)).Ids("id"));
    }

    [Fact]
    public async Task One_record_says_where_in_the_chain_it_is()
    {
        var first = await app.RecordAsync(Of("user.updated"));
        var second = await app.RecordAsync(Of("user.updated"));
        Assert.Equal(JsonValueKind.Null, (await GetAsync(second)).Body.GetProperty("batch").ValueKind);
        await app.SealAsync();
        var third = await app.RecordAsync(Of("user.updated"));
        await app.SealAsync();

        Assert.Equal((1L, 1L, 2L), (await BatchAsync(first), await BatchAsync(second), await BatchAsync(third)));

        async Task<long> BatchAsync(Guid id) => (await GetAsync(id)).Body.GetProperty("batch").GetProperty("number").GetInt64();
    }

    [Fact]
    public async Task Facts_that_somebody_broke_keep_no_record_from_being_listed()
    {
        await app.RecordAsync(Of("user.updated"));
        await app.ExecuteAsync("update audit.records set facts = 'x'");

        Assert.Equal("x", Text(Assert.Single(Items(await ListAsync(""))).GetProperty("facts"), "unreadable"));
    }

    [Theory]
    [InlineData("?actor=me", "actor: audit.filter-invalid")]
    [InlineData("?subject=", "subject: audit.filter-invalid")]
    [InlineData("?user={00000000-0000-7000-8000-0000000000a1}", "user: audit.filter-invalid")]
    [InlineData(
        "?id=1&session=2&organization=3",
        "session: audit.filter-invalid, organization: audit.filter-invalid, id: audit.filter-invalid"
    )]
    [InlineData("?role=", "role: audit.filter-invalid")]
    [InlineData("?action=", "action: audit.filter-invalid")]
    [InlineData("?action=role.assigned&action=%25", "action: audit.filter-invalid")]
    [InlineData("?action=a.b.c", "action: audit.filter-invalid")]
    [InlineData("?reason=%27%20or%20true", "reason: audit.filter-invalid")]
    [InlineData("?network=here", "network: audit.filter-invalid")]
    [InlineData("?result=maybe", "result: request.unknown-value")]
    [InlineData("?from=yesterday", "from: audit.time-invalid")]
    [InlineData("?from=2026-11-21", "from: audit.time-invalid")]
    [InlineData("?from=2026-11-21T08:00:00", "from: audit.time-invalid")]
    [InlineData("?from=2026-11-21T08:00:00%2B99:00", "from: audit.time-invalid")]
    [InlineData("?to=9999-12-31T23:59:59Z", "to: audit.time-invalid")]
    [InlineData("?to=0001-01-01T00:00:00Z", "to: audit.time-invalid")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z", "to: audit.range-invalid")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-22T00:00:00Z", "to: audit.range-invalid")]
    [InlineData("?after=nonsense&limit=0", "limit: request.out-of-range, after: request.cursor-malformed")]
    public async Task A_filter_that_cannot_be_read_is_rejected(string query, string errors)
    {
        var answer = await ListAsync(query, expected: HttpStatusCode.BadRequest);

        Assert.Equal("request.invalid", answer.Code);
        Assert.Equal(errors, string.Join(", ", answer.Errors));
    }

    [Fact]
    public async Task Fifty_actions_are_read_and_a_hundred_rejected()
    {
        await app.RecordAsync(Of("user.updated"));
        var fifty = string.Concat(Enumerable.Range(0, 48).Select(i => string.Create(CultureInfo.InvariantCulture, $"action=a{i}&")));

        Assert.Equal("user.updated", await ActionsAsync($"?{fifty}action=user&action=role"));
        var answer = await ListAsync($"?{fifty}{fifty}{fifty}", expected: HttpStatusCode.BadRequest);
        Assert.Equal("action: request.out-of-range", Assert.Single(answer.Errors));
    }

    [Fact]
    public async Task The_whole_time_there_is_may_be_asked_for()
    {
        await app.RecordAsync(Of("user.updated"));

        Assert.Equal("user.updated", await ActionsAsync("?from=1970-01-01T00:00:00Z&to=9998-12-31T23:59:59.999999%2B02:00"));
    }

    private static AuditRecord Of(string action) => new(AuditTrail.Tenant, action);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement item, string member) => item.GetProperty(member).GetString();

    private static JsonElement[] Items(Answer answer) => [.. answer.Body.GetProperty("items").EnumerateArray()];

    private async Task<string> ActionsAsync(string query) => string.Join(' ', Items(await ListAsync(query)).Select(i => Text(i, "action")));

    private Task<Answer> ListAsync(string query, params (string, string)[] headers) =>
        CallAsync("/v1/audit" + query, HttpStatusCode.OK, headers);

    private Task<Answer> ListAsync(string query, HttpStatusCode expected) => CallAsync("/v1/audit" + query, expected);

    private Task<Answer> GetAsync(Guid id) => CallAsync($"/v1/audit/{id}", HttpStatusCode.OK);

    private async Task<Answer> CallAsync(string path, HttpStatusCode expected, params (string, string)[] headers)
    {
        var answer = await app.CallAsync(HttpMethod.Get, path, admin, body: null, headers);
        Assert.True(answer.Status == expected, $"{path}: {answer.Status} {answer.Text}");
        return answer;
    }
}
