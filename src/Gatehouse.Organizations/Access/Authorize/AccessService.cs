using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.V1;
using Gatehouse.Web;
using Gatehouse.Web.Rpc;
using Grpc.Core;

namespace Gatehouse.Organizations.Access;

/// <summary>Decides for services what a user or another service may do, from what is stored now.</summary>
internal sealed class AccessService(
    IAccessTokenCheck tokens,
    RecentAccess access,
    IAccessDirectory directory,
    IUserDirectory users,
    IPermissionDirectory permissions
) : V1.Access.AccessBase
{
    public override async Task<AuthorizeReply> Authorize(AuthorizeRequest request, ServerCallContext context)
    {
        var actor = context.GetHttpContext().Actor();
        var stop = context.CancellationToken;
        var errors = new ValidationErrors();
        var organization = RoleInput.ParseId(request.HasOrganization ? request.Organization : null, "organization", errors);
        var user = request.SubjectCase == AuthorizeRequest.SubjectOneofCase.User ? RoleInput.ParseId(request.User, "user", errors) : null;
        if (request.SubjectCase == AuthorizeRequest.SubjectOneofCase.None || (user is null && request.Token.Length == 0))
            errors.Add("user", ValidationCodes.Required);
        if (request.Permission.Length == 0)
            errors.Add("permission", ValidationCodes.Required);
        if (errors.Any)
            throw new RejectedException(RequestErrors.InvalidWith(errors));

        UserAccess held;
        if (user is { } id)
        {
            if (!await users.IsActiveAsync(actor.Tenant.Id, id, stop))
                return Reply(AuthorizeReply.Types.Reason.UserUnknown);
            held = await directory.FindAsync(actor.Tenant.Id, id, stop);
        }
        else
        {
            var claims = await tokens.CheckAsync(request.Token, stop);
            if (claims.Error is { Kind: not ErrorKind.Unauthenticated } later)
                throw new RejectedException(later);
            if (
                claims.Error is not null
                || claims.Value.User is { IsGoodElsewhere: false }
                || !RecentAccess.Reaches(actor, claims.Value.TenantId, AccessArea.CheckAccess)
            )
                return Reply(AuthorizeReply.Types.Reason.TokenNotGood);
            organization ??= claims.Value.User?.OrganizationId;
            held = await access.FindAsync(claims.Value, stop);
        }

        if (held.AllowsIn(organization, request.Permission))
            return Reply(AuthorizeReply.Types.Reason.Granted);
        var known = await permissions.FindAsync([request.Permission], stop);
        return Reply(known.Count == 0 ? AuthorizeReply.Types.Reason.PermissionUnknown : AuthorizeReply.Types.Reason.NotGranted);
    }

    private static AuthorizeReply Reply(AuthorizeReply.Types.Reason reason) =>
        new() { Allowed = reason == AuthorizeReply.Types.Reason.Granted, Reason = reason };
}
