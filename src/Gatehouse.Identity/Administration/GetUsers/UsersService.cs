using Gatehouse.Core.Results;
using Gatehouse.V1;
using Gatehouse.Web;
using Gatehouse.Web.Rpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Gatehouse.Identity.Administration;

/// <summary>Tells services who users are, as <see cref="LookUpUsers"/> does.</summary>
internal sealed class UsersService(LookUpUsers.Handler lookUp) : V1.Users.UsersBase
{
    public override async Task<User> Get(GetUserRequest request, ServerCallContext context)
    {
        var found = await FindAsync(new LookUpUsers.Request { Ids = [request.Id] }, context);
        return found.Users.Count == 1 ? found.Users[0] : throw new RejectedException(AdministrationErrors.UserNotFound);
    }

    public override Task<UsersReply> BatchGet(BatchGetUsersRequest request, ServerCallContext context) =>
        FindAsync(new LookUpUsers.Request { Ids = request.Ids }, context);

    public override Task<UsersReply> Lookup(LookupUsersRequest request, ServerCallContext context) =>
        FindAsync(
            new LookUpUsers.Request
            {
                Emails = request.Emails,
                PhoneNumbers = request.PhoneNumbers,
                Usernames = request.Usernames,
            },
            context
        );

    private async Task<UsersReply> FindAsync(LookUpUsers.Request request, ServerCallContext context)
    {
        var actor = context.GetHttpContext().Actor();
        var found = (await lookUp.HandleAsync(Input.Of(request), actor, context.CancellationToken)).OrReject();
        return new UsersReply { Users = { found.Items.Select(Describe) } };
    }

    private static User Describe(UserSummary summary)
    {
        var user = new User
        {
            Id = summary.Id.ToString(),
            Name = summary.Name,
            EmailVerified = summary.EmailVerified,
            PhoneNumberVerified = summary.PhoneNumberVerified,
            Status = summary.Status == UserStatus.Active ? User.Types.Status.Active : User.Types.Status.Disabled,
            CreatedAt = summary.CreatedAt.ToTimestamp(),
        };
        // An absent member is not an empty one.
        if (summary.GivenName is { } given)
            user.GivenName = given;
        if (summary.FamilyName is { } family)
            user.FamilyName = family;
        if (summary.Username is { } username)
            user.Username = username;
        if (summary.Email is { } email)
            user.Email = email;
        if (summary.PhoneNumber is { } number)
            user.PhoneNumber = number;
        return user;
    }
}
