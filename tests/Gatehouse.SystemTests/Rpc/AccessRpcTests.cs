using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.V1;
using Grpc.Core;
using Reason = Gatehouse.V1.AuthorizeReply.Types.Reason;

namespace Gatehouse.SystemTests.Rpc;

/// <summary>What a relying service is told about what others may do, and who they are.</summary>
[Collection(RpcGroup.Name)]
public sealed class AccessRpcTests(RpcApp rpc)
{
    private readonly Access.AccessClient access = new(rpc.Channel);
    private readonly Users.UsersClient users = new(rpc.Channel);

    [Fact]
    public async Task A_permission_is_granted_by_a_role_where_the_role_counts()
    {
        var (organization, _) = await rpc.App.OrganizationAsync(rpc.Admin);
        var (other, _) = await rpc.App.OrganizationAsync(rpc.Admin);
        var local = await rpc.App.OrganizationAdministratorAsync(rpc.Admin, organization);
        var user = local.UserId.ToString();

        Assert.Equal(
            Reason.Granted,
            await AskAsync(
                new()
                {
                    User = user,
                    Permission = "users:read",
                    Organization = $"{organization}",
                }
            )
        );
        Assert.Equal(
            Reason.NotGranted,
            await AskAsync(
                new()
                {
                    User = user,
                    Permission = "users:read",
                    Organization = $"{other}",
                }
            )
        );
        Assert.Equal(Reason.NotGranted, await AskAsync(new() { User = user, Permission = "users:read" }));
        Assert.Equal(Reason.NotGranted, await AskAsync(new() { User = user, Permission = "tenants:write" }));
        Assert.Equal(Reason.PermissionUnknown, await AskAsync(new() { User = user, Permission = "nothing:ever" }));

        // A token speaks for its organization.
        var token = local.Tokens.Access;
        Assert.Equal(
            Reason.Granted,
            await AskAsync(
                new()
                {
                    Token = token,
                    Permission = "users:read",
                    Organization = $"{organization}",
                }
            )
        );
        Assert.Equal(
            Reason.NotGranted,
            await AskAsync(
                new()
                {
                    Token = token,
                    Permission = "users:read",
                    Organization = $"{other}",
                }
            )
        );
        Assert.Equal(Reason.TokenNotGood, await AskAsync(new() { Token = token + "x", Permission = "users:read" }));
    }

    [Fact]
    public async Task Unknown_and_disabled_users_may_nothing()
    {
        var user = await rpc.App.WithRoleAsync(BuiltInRole.TenantAdministrator);
        var request = new AuthorizeRequest { User = user.UserId.ToString(), Permission = "users:read" };
        Assert.Equal(Reason.Granted, await AskAsync(request));
        await rpc.App.AssertDoneAsync(HttpMethod.Post, $"/v1/users/{user.UserId}/disable", rpc.Admin, new { });
        Assert.Equal(Reason.UserUnknown, await AskAsync(request));
        Assert.Equal(Reason.TokenNotGood, await AskAsync(new() { Token = user.Tokens.Access, Permission = "users:read" }));
        Assert.Equal(Reason.UserUnknown, await AskAsync(new() { User = Guid.Empty.ToString(), Permission = "users:read" }));
    }

    [Fact]
    public async Task Input_that_asks_nothing_is_rejected()
    {
        foreach (
            var request in new AuthorizeRequest[]
            {
                new(),
                new() { Permission = "users:read" },
                new() { User = "x", Permission = "users:read" },
                new() { Token = "", Permission = "users:read" },
                new() { User = rpc.Admin.UserId.ToString() },
                new()
                {
                    User = rpc.Admin.UserId.ToString(),
                    Permission = "users:read",
                    Organization = "x",
                },
            }
        )
            Assert.Equal(
                (StatusCode.InvalidArgument, "request.invalid"),
                await RpcApp.RejectionAsync(access.AuthorizeAsync(request, rpc.Caller))
            );
    }

    [Fact]
    public async Task Users_are_found_by_id_and_by_what_they_sign_in_with()
    {
        var ada = await rpc.App.Users.SomebodyAsync(username: "ada.rpc");
        var other = await rpc.App.Users.SomebodyAsync();
        var one = await users.GetAsync(new GetUserRequest { Id = ada.UserId.ToString() }, rpc.Caller);
        Assert.Equal(
            (ada.UserId.ToString(), "Ada", ada.Email, "ada.rpc", User.Types.Status.Active),
            (one.Id, one.Name, one.Email, one.Username, one.Status)
        );
        Assert.False(one.HasGivenName);

        var ids = new[] { ada.UserId.ToString(), other.UserId.ToString(), Guid.Empty.ToString() };
        var batch = await users.BatchGetAsync(new BatchGetUsersRequest { Ids = { ids } }, rpc.Caller);
        Assert.Equal(ids[..2].Order(StringComparer.Ordinal), batch.Users.Select(u => u.Id).Order(StringComparer.Ordinal));

        var found = await users.LookupAsync(
            new LookupUsersRequest { Emails = { other.Email.ToUpperInvariant() }, Usernames = { "ADA.rpc", "nobody" } },
            rpc.Caller
        );
        Assert.Equal(2, found.Users.Count);
        Assert.All(found.Users, user => Assert.False(user.HasPhoneNumber || user.PhoneNumberVerified));

        var number = TestUsers.NewPhone();
        await rpc.App.Users.RegisteredUserAsync(number);
        var byNumber = Assert.Single(
            (
                await users.LookupAsync(
                    new LookupUsersRequest { PhoneNumbers = { $"{number[..3]} {number[3..7]} {number[7..]}" } },
                    rpc.Caller
                )
            ).Users
        );
        Assert.Equal((number, true, false), (byNumber.PhoneNumber, byNumber.PhoneNumberVerified, byNumber.HasEmail));

        Assert.Equal(
            (StatusCode.NotFound, "identity.user-not-found"),
            await RpcApp.RejectionAsync(users.GetAsync(new GetUserRequest { Id = Guid.Empty.ToString() }, rpc.Caller))
        );
        var many = Enumerable.Repeat(ids[0], 101);
        Assert.Equal(
            (StatusCode.InvalidArgument, "request.invalid"),
            await RpcApp.RejectionAsync(users.BatchGetAsync(new BatchGetUsersRequest { Ids = { many } }, rpc.Caller))
        );
    }

    [Fact]
    public async Task An_administrator_of_an_organization_is_told_of_its_members_only()
    {
        var (organization, _) = await rpc.App.OrganizationAsync(rpc.Admin);
        var local = await rpc.App.OrganizationAdministratorAsync(rpc.Admin, organization);
        var stranger = await rpc.App.Users.SomebodyAsync();
        var caller = RpcApp.Bearer(local.Tokens.Access);
        await TestApp.EventuallyAsync(
            async () =>
                (await users.BatchGetAsync(new BatchGetUsersRequest { Ids = { $"{local.UserId}", $"{stranger.UserId}" } }, caller))
                    .Users.Select(u => u.Id)
                    .SequenceEqual([local.UserId.ToString()]),
            "the member is found"
        );
        Assert.Equal(
            (StatusCode.NotFound, "identity.user-not-found"),
            await RpcApp.RejectionAsync(users.GetAsync(new GetUserRequest { Id = stranger.UserId.ToString() }, caller))
        );
    }

    private async Task<Reason> AskAsync(AuthorizeRequest request)
    {
        var reply = await access.AuthorizeAsync(request, rpc.Caller);
        Assert.Equal(reply.Reason == Reason.Granted, reply.Allowed);
        return reply.Reason;
    }
}
