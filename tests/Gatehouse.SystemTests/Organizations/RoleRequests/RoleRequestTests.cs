using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.RoleRequests;

public sealed class RoleRequestTests(RunningApp running)
{
    private const string Path = "/v1/role-requests";
    private readonly TestApp app = running.App;

    [Fact]
    public async Task An_approval_assigns_the_role_and_tells_the_user_by_mail()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, id);
        var user = await app.Users.SomebodyAsync();
        var request = await RequestAsync(user, id);
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Get, path, user);

        var reviewed = await ReviewAsync(request, local, "under-review", "Which class?");
        Assert.Equal("under-review", reviewed.Body.GetProperty("state").GetString());
        var approved = await ReviewAsync(request, local, "approved");
        Assert.Equal((HttpStatusCode.OK, "approved"), (approved.Status, approved.Body.GetProperty("state").GetString()));
        await app.AssertDoneAsync(HttpMethod.Get, path, user);

        var seen = await app.CallAsync(HttpMethod.Get, $"{Path}/{request}", user);
        Assert.Equal("Ten years", seen.Body.GetProperty("form").GetProperty("experience").GetString());
        Assert.Equal("Which class?", seen.Body.GetProperty("comments")[0].GetProperty("text").GetString());
        var letter = await app.Users.LetterAsync(user.Email, 2);
        Assert.Contains("approved", letter.Subject, StringComparison.Ordinal);
        Assert.Contains("organization-administrator in North School", letter.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["role-request.created.v1", "role-request.under-review.v1", "role-request.approved.v1"],
            await app.ScalarAsync<string[]>(
                "select array_agg(type order by seq) from runtime.events where type like 'role-request.%' and key = $1",
                user.UserId
            )
        );
        Assert.Equal(
            ["role-request.approved", "role-request.created", "role-request.under-review", "role.assigned"],
            (
                await app.ScalarAsync<string[]>(
                    "select array_agg(action) from audit.records where subject = $1 and action like 'role%'",
                    user.UserId
                )
            ).Order(StringComparer.Ordinal)
        );
        Assert.False(
            await app.ScalarAsync<bool>(
                "select exists (select 1 from organizations.role_requests where position('Ten years' in encode(content, 'escape')) > 0)"
            )
        );
    }

    [Fact]
    public async Task A_second_request_waits_for_the_decision_and_is_allowed_after_a_rejection()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, _) = await app.OrganizationAsync(admin);
        var user = await app.Users.SomebodyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CreateAsync(user, id)));
        var request = Assert.Single(answers, a => a.Status == HttpStatusCode.Created).Body.GetProperty("id").GetGuid();
        Assert.Equal(3, answers.Count(a => a.Code == "organizations.role-request-open"));

        Assert.Equal(HttpStatusCode.OK, (await ReviewAsync(request, admin, "rejected")).Status);
        var letter = await app.Users.LetterAsync(user.Email, 2);
        Assert.Contains("rejected", letter.Subject, StringComparison.Ordinal);
        foreach (var state in new[] { "approved", "under-review" })
            Assert.Equal("organizations.role-request-closed", (await ReviewAsync(request, admin, state)).Code);

        var second = await RequestAsync(user, id);
        Assert.Equal(HttpStatusCode.OK, (await ReviewAsync(second, admin, "approved")).Status);
        Assert.Equal("organizations.role-held", (await CreateAsync(user, id)).Code);
        var own = await app.CallAsync(HttpMethod.Get, Path, user);
        Assert.Equal([second, request], own.Ids("id"));
        Assert.Equal([request], (await app.CallAsync(HttpMethod.Get, Path + "?state=rejected", user)).Ids("id"));
    }

    [Fact]
    public async Task Nobody_decides_on_the_own_request_or_on_one_above_the_own_roles()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, _) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, id);
        var own = (await CreateAsync(admin, id)).Body.GetProperty("id").GetGuid();
        Assert.Equal("organizations.own-role-request", (await ReviewAsync(own, admin, "approved")).Code);
        Assert.Equal(HttpStatusCode.OK, (await ReviewAsync(own, local, "rejected")).Status);

        var climber = await app.Users.SomebodyAsync();
        var above = await app.CallAsync(HttpMethod.Post, Path, climber, new { roleId = BuiltInRole.PlatformAdministrator.Id });
        var request = above.Body.GetProperty("id").GetGuid();
        Assert.Equal("organizations.exceeds-own-access", (await ReviewAsync(request, admin, "approved")).Code);
        Assert.Equal("organizations.role-request-not-found", (await ReviewAsync(request, local, "approved")).Code);
        Assert.Equal(
            "requested",
            (await app.CallAsync(HttpMethod.Get, $"{Path}/{request}", climber)).Body.GetProperty("state").GetString()
        );
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where actor = $1 and action = 'role-request.approved' and result = 'refused'",
                admin.UserId
            )
        );
    }

    [Fact]
    public async Task Requests_of_other_organizations_and_tenants_are_not_found()
    {
        var admin = await app.TenantAdministratorAsync();
        var (one, two) = (await app.OrganizationAsync(admin), await app.OrganizationAsync(admin));
        var foreign = await app.ForeignOrganizationAsync();
        var local = await app.OrganizationAdministratorAsync(admin, one.Id);
        var (user, stranger) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var request = await RequestAsync(user, two.Id);
        foreach (var by in new[] { local, stranger })
        {
            await app.AssertRejectedAsync(
                HttpStatusCode.NotFound,
                "organizations.role-request-not-found",
                HttpMethod.Get,
                $"{Path}/{request}",
                by
            );
            Assert.DoesNotContain(request, (await app.CallAsync(HttpMethod.Get, Path, by)).Ids("id"));
        }

        Assert.Equal("organizations.role-request-not-found", (await ReviewAsync(request, local, "approved")).Code);
        Assert.Equal("request.forbidden", (await ReviewAsync(request, user, "approved")).Code);
        Assert.Contains(request, (await app.CallAsync(HttpMethod.Get, Path, admin)).Ids("id"));
        Assert.Equal("organizations.organization-not-found", (await CreateAsync(user, foreign.Id)).Code);

        // The id of another tenant's request is nobody's here.
        await app.ExecuteAsync("update organizations.role_requests set tenant_id = gen_random_uuid() where id = $1", request);
        foreach (var by in new[] { user, admin })
            await app.AssertRejectedAsync(
                HttpStatusCode.NotFound,
                "organizations.role-request-not-found",
                HttpMethod.Get,
                $"{Path}/{request}",
                by
            );
        Assert.Equal("organizations.role-request-not-found", (await ReviewAsync(request, admin, "approved")).Code);
    }

    [Fact]
    public async Task A_deactivated_organization_gets_no_new_roles_and_the_request_stays_open()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var user = await app.Users.SomebodyAsync();
        var request = await RequestAsync(user, id);
        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        Assert.Equal("organizations.organization-not-found", (await ReviewAsync(request, admin, "approved")).Code);
        var seen = await app.CallAsync(HttpMethod.Get, $"{Path}/{request}", user);
        Assert.Equal("requested", seen.Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Bad_input_is_rejected()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        var long1 = new string('x', 1001);
        var answer = await app.CallAsync(
            HttpMethod.Post,
            Path,
            user,
            new
            {
                roleId = "admin",
                organizationId = "1",
                form = new Dictionary<string, string>(StringComparer.Ordinal) { ["why"] = long1 },
                state = "approved",
            }
        );
        Assert.Equal(
            [
                "form.why: request.too-long",
                "organizationId: request.wrong-type",
                "roleId: request.wrong-type",
                "state: request.unknown-member",
            ],
            answer.Errors.Order(StringComparer.Ordinal)
        );
        Assert.Equal(["roleId: request.required"], (await app.CallAsync(HttpMethod.Post, Path, user, new { })).Errors);
        var many = Enumerable.Range(0, 31).ToDictionary(i => $"f{i}", _ => "x", StringComparer.Ordinal);
        var (id, _) = await app.OrganizationAsync(admin);
        var roleId = BuiltInRole.OrganizationAdministrator.Id;
        foreach (
            var form in new[]
            {
                many,
                new Dictionary<string, string>(StringComparer.Ordinal) { ["a b"] = "x" },
            }
        )
            Assert.StartsWith(
                "form: ",
                Assert.Single((await app.CallAsync(HttpMethod.Post, Path, user, new { roleId, form })).Errors),
                StringComparison.Ordinal
            );
        Assert.Equal("organizations.wrong-level", (await app.CallAsync(HttpMethod.Post, Path, user, new { roleId })).Code);
        Assert.Equal("organizations.role-not-found", (await app.CallAsync(HttpMethod.Post, Path, user, new { roleId = id })).Code);

        var request = await RequestAsync(user, id);
        Assert.Equal(["state: request.unknown-value"], (await ReviewAsync(request, admin, "requested")).Errors);
        Assert.Equal(
            ["comment: request.too-long", "state: request.required"],
            (await app.CallAsync(HttpMethod.Post, $"{Path}/{request}/review", admin, new { comment = long1 })).Errors.Order(
                StringComparer.Ordinal
            )
        );
        Assert.Equal(["state: request.unknown-value"], (await app.CallAsync(HttpMethod.Get, Path + "?state=closed", user)).Errors);
        Assert.Equal(["order: request.unknown-value"], (await app.CallAsync(HttpMethod.Get, Path + "?order=best", user)).Errors);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task Those_that_wait_are_listed_oldest_first_page_by_page_and_apart_from_the_decided()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        var requests = new List<Guid>();
        for (var n = 0; n < 4; n++)
            requests.Add(await RequestAsync(user, (await app.OrganizationAsync(admin)).Id));
        await ReviewAsync(requests[1], admin, "rejected");
        await ReviewAsync(requests[2], admin, "under-review");

        var first = await app.CallAsync(HttpMethod.Get, Path + "?state=open&order=oldest&limit=2", user);
        Assert.Equal([requests[0], requests[2]], first.Ids("id"));
        var next = first.Body.GetProperty("next").GetString();
        var second = await app.CallAsync(HttpMethod.Get, Path + $"?state=open&order=oldest&limit=2&after={next}", user);
        Assert.Equal([requests[3]], second.Ids("id"));
        Assert.Null(second.Body.GetProperty("next").GetString());
        Assert.Equal([requests[1]], (await app.CallAsync(HttpMethod.Get, Path + "?state=decided", user)).Ids("id"));
        Assert.Equal([requests[3], requests[2], requests[0]], (await app.CallAsync(HttpMethod.Get, Path + "?state=open", user)).Ids("id"));
    }

    private Task<Answer> CreateAsync(SignedIn user, Guid organizationId) =>
        app.CallAsync(
            HttpMethod.Post,
            Path,
            user,
            new
            {
                roleId = BuiltInRole.OrganizationAdministrator.Id,
                organizationId,
                form = new { experience = "Ten years" },
            }
        );

    private async Task<Guid> RequestAsync(SignedIn user, Guid organization)
    {
        var answer = await CreateAsync(user, organization);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Body.GetProperty("id").GetGuid();
    }

    private Task<Answer> ReviewAsync(Guid request, SignedIn by, string state, string? comment = null) =>
        app.CallAsync(HttpMethod.Post, $"{Path}/{request}/review", by, new { state, comment });
}
