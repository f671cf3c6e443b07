using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Says whether the signed-in user may do something, asked by permission or, for gateways, by path and method. What no permission names is
/// denied.
/// </summary>
internal static class CheckPermission
{
    public sealed record Request
    {
        [Description("The permission. Send either this or path and method.")]
        [MaxLength(PermissionInput.MaxName)]
        public string? Permission { get; init; }

        [Description("The organization in which it has to be held; omit it for the whole tenant.")]
        [MaxLength(36)]
        public string? OrganizationId { get; init; }

        [Description("The path of a request to another service, as it came, without the query.")]
        [MaxLength(ResourcePath.MaxLength)]
        public string? Path { get; init; }

        [Description("Its method, such as GET.")]
        [MaxLength(20)]
        public string? Method { get; init; }
    }

    public sealed record Response
    {
        public required bool Allowed { get; init; }

        [Description("The permission that decides; null if none names the path and method.")]
        public required string? Permission { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/permissions/check",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(CheckPermission))
            .WithSummary("Check a permission")
            .WithDescription(
                "Of several paths that match, the most specific one decides. A path that servers may read in more than one way, with "
                    + "// or /../ or an encoded slash, is denied."
            )
            .Produces<Response>()
            .RequireSignIn();

    internal sealed class Handler(Database database, Roles roles)
    {
        public async Task<Outcome<Response>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var organization = RoleInput.ParseId(request.OrganizationId, "organizationId", errors);
            if (!TextInput.IsBlank(request.Permission))
            {
                if (!TextInput.IsBlank(request.Path))
                    errors.Add("path", ValidationCodes.UnknownMember);
                if (!TextInput.IsBlank(request.Method))
                    errors.Add("method", ValidationCodes.UnknownMember);
            }
            else
            {
                if (TextInput.IsBlank(request.Path))
                    errors.Add("path", ValidationCodes.Required);
                if (TextInput.IsBlank(request.Method))
                    errors.Add("method", ValidationCodes.Required);
            }

            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync(
                async db =>
                {
                    var permission = TextInput.IsBlank(request.Permission)
                        ? await NeededAsync(db, request.Path!, request.Method!)
                        : request.Permission;
                    var allowed = permission is not null && await IsAllowedAsync(db, permission, organization, actor);
                    return new Response { Allowed = allowed, Permission = permission };
                },
                cancellationToken
            );
        }

        private static async Task<string?> NeededAsync(DbSession db, string path, string method)
        {
            if (ResourcePath.Parse(path) is not { } segments)
                return null;
            var rows = await db.ListAsync<PermissionRow>(
                $"""
                select {PermissionRow.Columns} from organizations.permissions
                 where path is not null and (cardinality(methods) = 0 or @method = any(methods))
                """,
                new { method }
            );
            return rows.Select(row => (row.Name, Pattern: PathPattern.Parse(row.Path!)))
                .Where(row => row.Pattern?.Matches(segments) == true)
                .OrderBy(row => row.Pattern, PathPattern.BySpecificity)
                .Select(row => row.Name)
                .FirstOrDefault();
        }

        private async Task<bool> IsAllowedAsync(DbSession db, string permission, Guid? organization, Actor actor)
        {
            var access = await roles.AccessAsync(db, actor.Tenant.Id, actor.RequiredUser.Id);
            if (!access.AllowsIn(organization, permission))
                return false;
            // What is held in the whole tenant counts in its organizations, not in those of another one.
            return organization is null || await OrganizationRow.FindAsync(db, actor.Tenant.Id, organization.Value) is not null;
        }
    }
}
