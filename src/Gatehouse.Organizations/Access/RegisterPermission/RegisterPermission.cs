using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Registers a permission of another service, for all tenants. No two name the same path and method, so the answer to what a request needs
/// is never a matter of order.
/// </summary>
internal static class RegisterPermission
{
    public sealed record Request
    {
        [Description("prefix.area:verb in lower-case letters, digits and hyphens, such as shop.orders:read; at most 64 characters.")]
        [Required, MaxLength(PermissionInput.MaxName)]
        public string? Name { get; init; }

        [Description("The lowest level at which it can be held: organization, tenant or platform.")]
        [Required, MaxLength(12)]
        public string? Level { get; init; }

        [Description("What it allows, in one sentence of at most 200 characters.")]
        [Required, MaxLength(PermissionInput.MaxDescription)]
        public string? Description { get; init; }

        [Description("The requests that need it, such as /orders/*/items: * is one segment, ** at the end all that follow.")]
        [MaxLength(PathPattern.MaxLength)]
        public string? Path { get; init; }

        [Description("Their methods, such as GET; omit them for all.")]
        public IReadOnlyList<string>? Methods { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/permissions",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(row =>
                        TypedResults.Json(row.View(), statusCode: StatusCodes.Status201Created)
                    )
            )
            .WithName(nameof(RegisterPermission))
            .WithSummary("Register a permission")
            .WithDescription("The built-in administrators of its level hold it at once.")
            .Produces<PermissionView>(StatusCodes.Status201Created)
            .ProducesProblems(403, 409)
            .RequirePermission(AccessArea.WritePermissions);

    /// <summary>Null if there are errors.</summary>
    public static PermissionRow? Parse(Request request, ValidationErrors errors)
    {
        var name = PermissionInput.ParseName(request.Name, "name", errors);
        var level = PermissionInput.ParseLevel(request.Level, "level", errors);
        var description = OneLine.Parse(request.Description, "description", PermissionInput.MaxDescription, errors);
        var path = PermissionInput.ParsePath(request.Path, "path", errors);
        var methods = PermissionInput.ParseMethods(request.Methods, "methods", errors);
        if (TextInput.IsBlank(request.Path) && methods.Count > 0)
            errors.Add("path", ValidationCodes.Required);
        return errors.Any
            ? null
            : new PermissionRow
            {
                Name = name!,
                Level = (short)level!.Value,
                Description = description!,
                Path = path?.ToString(),
                Methods = [.. methods],
            };
    }

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<PermissionRow>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (Parse(input.Value, input.Errors) is not { } row)
                return RequestErrors.InvalidWith(input.Errors);
            return await database.InTransactionAsync("permission.register", tx => InsertAsync(tx, row, actor), cancellationToken);
        }

        private static async Task<Outcome<PermissionRow>> InsertAsync(Transaction tx, PermissionRow row, Actor actor)
        {
            // Registrations wait for each other, so that of two of one path at once the second sees the first.
            await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('organizations.permissions', 23))");
            var taken = await tx.FirstOrDefaultAsync<string>(
                """
                select name from organizations.permissions
                 where path = @Path and (methods && @Methods or cardinality(methods) = 0 or cardinality(@Methods) = 0)
                """,
                row
            );
            if (taken is not null && !string.Equals(taken, row.Name, StringComparison.Ordinal))
                return PermissionErrors.PathTaken;
            var inserted = await tx.ExecuteAsync(
                """
                insert into organizations.permissions (name, level, description, path, methods, created_at)
                values (@Name, @Level, @Description, @Path, @Methods, @now) on conflict do nothing
                """,
                new
                {
                    row.Name,
                    row.Level,
                    row.Description,
                    row.Path,
                    row.Methods,
                    now = tx.Now,
                }
            );
            if (inserted == 0)
                return PermissionErrors.NameTaken;
            tx.Record(AuditRecord.Of(actor, "permission.registered").WithFact("permission", row.Name));
            return row;
        }
    }
}
