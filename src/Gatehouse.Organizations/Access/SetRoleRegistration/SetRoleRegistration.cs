using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Sets how users register for a role of the whole tenant. To open a role is to give it to everybody who asks, so it needs the right to
/// assign it, and no role is opened that allows anything of Gatehouse itself.
/// <para>Publishes <c>role.registration-changed.v1</c> if something is different.</para>
/// </summary>
internal static class SetRoleRegistration
{
    public sealed record Request
    {
        [Description("open: anybody may register for the role, while the tenant lets anybody register; closed (default): nobody.")]
        public string? State { get; init; }

        [Description("What a registration must have beside name and password: " + RoleRegistrationInput.FieldNames + ".")]
        [MaxLength(6)]
        public IReadOnlyList<string>? RequiredFields { get; init; }

        [Description("1 to 120 whole years, which makes birthDate required; omit it for any age.")]
        [Range(1, RoleRegistrationInput.MaxAge)]
        public int? MinimumAge { get; init; }

        [Description("What the mail leads with: code (default) or link. It has both. A text message has a code only.")]
        public string? Verification { get; init; }

        [Description(RoleRegistrationInput.EarlyDescription)]
        public bool? SignInBeforeVerification { get; init; }

        [Description("A line that the mail begins with, of 1 to 300 characters, by language: en, hi or es.")]
        public IReadOnlyDictionary<string, string>? Introduction { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/roles/{id:guid}/registration",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        row => row.Show(http)
                    )
            )
            .WithName(nameof(SetRoleRegistration))
            .WithSummary("Set how users register for a role")
            .WithDescription(
                "Omitted fields get their defaults. With If-Match (the ETag) nothing is changed if it was changed since. To open "
                    + "a role needs the right to assign it. Built-in roles, roles of an organization and roles that allow anything of "
                    + "Gatehouse itself are never open."
            )
            .Produces<RoleRegistrationView>()
            .ProducesProblems(403, 409, 412, 422)
            .RequirePermissionSomewhere(AccessArea.WriteRoles);

    internal sealed class Handler(Database database, KnownPermissions permissions)
    {
        public async Task<Outcome<RoleRegistrationRow>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            return RoleRegistrationInput.Parse(request, errors) is { } wanted
                ? await database.InTransactionAsync("role.registration", tx => SetAsync(tx, id, wanted, expected, actor), cancellationToken)
                : RequestErrors.InvalidWith(errors);
        }

        private async Task<Outcome<RoleRegistrationRow>> SetAsync(
            Transaction tx,
            Guid id,
            RoleRegistrationView wanted,
            StringValues expected,
            Actor actor
        )
        {
            var known = await permissions.ReadAsync(tx);
            var record = AuditRecord.Of(actor, "role.registration-changed");
            var locked = await RoleRules.LockAsync(tx, actor, id, known, record);
            if (locked.Error is { } error)
                return error;
            var role = locked.Value;
            var stored = await RoleRegistrationRow.ReadAsync(tx, actor.Tenant.Id, id);
            if (!EntityTags.Match(expected, EntityTags.Quoted(stored.Version)))
                return RequestErrors.PreconditionFailed;
            if (Reject(role, wanted, known, actor) is { } rejected)
            {
                tx.Record(record.Of(role).RefusedWith(rejected.Code));
                return rejected;
            }

            var before = RoleRegistrationView.Of(stored);
            if (RoleRegistrationInput.Same(before, wanted))
                return stored;
            var saved = await RoleRegistrationRow.SaveAsync(
                tx,
                actor.Tenant.Id,
                new RoleRegistrationRow
                {
                    RoleId = id,
                    State = wanted.State,
                    RequiredFields = [.. wanted.RequiredFields],
                    MinimumAge = (short?)wanted.MinimumAge,
                    Verification = wanted.Verification,
                    EarlySignIn = wanted.SignInBeforeVerification,
                    Introduction = JsonSerializer.Serialize(wanted.Introduction, AccessJson.Default.IReadOnlyDictionaryStringString),
                }
            );
            tx.Publish(
                actor.Tenant.Id,
                id,
                new RoleRegistrationChangedV1
                {
                    RoleId = id,
                    Name = role.Name,
                    State = saved.State,
                    RequiredFields = saved.RequiredFields,
                    MinimumAge = saved.MinimumAge,
                    Verification = saved.Verification,
                    SignInBeforeVerification = saved.EarlySignIn,
                }
            );
            tx.Record(
                record
                    .Of(role)
                    .WithChange("state", before.State, wanted.State)
                    .WithChange("requiredFields", string.Join(',', before.RequiredFields), string.Join(',', wanted.RequiredFields))
                    .WithChange("minimumAge", $"{before.MinimumAge}", $"{wanted.MinimumAge}")
                    .WithChange("verification", before.Verification, wanted.Verification)
                    .WithChange("signInBeforeVerification", Text(before.SignInBeforeVerification), Text(wanted.SignInBeforeVerification))
            );
            return saved;
        }

        private Error? Reject(RoleRow role, RoleRegistrationView wanted, PermissionSet known, Actor actor)
        {
            if (wanted.State != RoleRegistrationRow.Open)
                return null;
            if (role.Where is not null)
                return AccessErrors.WrongLevel;
            if (role.Permissions.Any(permissions.IsDeclared))
                return RoleErrors.Privileged;
            return AssignmentRules.Check(role.ToRole(known), organization: null, actor.RequiredAccess);
        }

        private static string Text(bool value) => value ? "yes" : "no";
    }
}
