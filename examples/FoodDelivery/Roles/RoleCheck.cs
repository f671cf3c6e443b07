using System.Globalization;
using FoodDelivery.V1;
using Gatehouse.Client;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace FoodDelivery.Roles;

/// <summary>
/// <c>roles.RolesService/GetUserRole</c>, which the neighbours call at each request. UNAUTHENTICATED makes them take the caller as
/// anonymous; any other status becomes an error of theirs.
/// </summary>
internal sealed class RoleCheck(Standing standing, IOptions<AdapterOptions> options) : RolesService.RolesServiceBase
{
    public override async Task<GetUserRoleResponse> GetUserRole(GetUserRoleRequest request, ServerCallContext context)
    {
        if (request.AccessToken.Length == 0)
            throw Rejected(StatusCode.InvalidArgument, "Missing access token");
        if (await FindAsync(request.AccessToken, context.CancellationToken) is not { } somebody)
            throw Rejected(
                options.Value.BadTokenIsInvalidArgument ? StatusCode.InvalidArgument : StatusCode.Unauthenticated,
                "Invalid access token"
            );
        if (somebody.Role is not { } role)
            throw Rejected(StatusCode.Unauthenticated, "User is staff");
        return new GetUserRoleResponse { UserId = somebody.User.Number.ToString(CultureInfo.InvariantCulture), Role = role };
    }

    private async ValueTask<Somebody?> FindAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            return await standing.FindAsync(token, cancellationToken);
        }
        catch (GatehouseUnavailableException)
        {
            throw Rejected(StatusCode.Unavailable, "The sign-in service cannot be asked right now");
        }
    }

    private static RpcException Rejected(StatusCode status, string detail) => new(new Status(status, detail));
}
