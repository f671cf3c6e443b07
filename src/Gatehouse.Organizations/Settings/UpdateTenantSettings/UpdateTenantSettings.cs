using System.ComponentModel;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Settings;

/// <summary>
/// Changes the settings of the tenant. All nodes follow within a second.
/// <para>Publishes <c>tenant.settings-changed.v1</c> if they are others.</para>
/// </summary>
internal static class UpdateTenantSettings
{
    public static readonly IReadOnlyList<string> Registrations = [TenantRow.Open, TenantRow.Closed];

    public sealed record Request
    {
        [Description("open: anybody may register; closed: nobody. Registrations that were started before can be completed.")]
        public string? Registration { get; init; }

        [Description("Language of requests that name none that is known: en, hi or es.")]
        public string? DefaultLanguage { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/tenants/{id:guid}/settings",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        settings => http.Tagged(settings.View, EntityTags.Quoted(settings.Version))
                    )
            )
            .WithName(nameof(UpdateTenantSettings))
            .WithSummary("Update the settings of the tenant")
            .WithDescription(
                "Omitted fields stay unchanged. With If-Match nothing is changed if the settings were changed since. "
                    + "Changes count everywhere within a second."
            )
            .Produces<SettingsView>()
            .ProducesProblems(403, 412)
            .RequirePermission(SettingsArea.WriteSettings);

    internal sealed class Handler(Database database, TenantDirectory directory)
    {
        public async Task<Outcome<VersionedSettings>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            if (id != actor.Tenant.Id)
                return TenantsErrors.NotFound;
            var (request, errors) = input;
            Check("registration", request.Registration, Registrations, errors);
            Check("defaultLanguage", request.DefaultLanguage, Languages.All, errors);
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync("tenant.settings", tx => UpdateAsync(tx, request, expected, actor), cancellationToken);
        }

        private static void Check(string field, string? value, IReadOnlyList<string> allowed, ValidationErrors errors)
        {
            if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
                errors.Add(field, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", allowed))));
        }

        private async Task<Outcome<VersionedSettings>> UpdateAsync(Transaction tx, Request request, StringValues expected, Actor actor)
        {
            var id = actor.Tenant.Id;
            if (await TenantRow.LockAsync(tx, id) is not { } row)
                return TenantsErrors.NotFound;
            if (!EntityTags.Match(expected, EntityTags.Quoted(row.SettingsVersion)))
                return RequestErrors.PreconditionFailed;
            var registration = request.Registration ?? row.Registration;
            var defaultLanguage = request.DefaultLanguage ?? row.DefaultLanguage;
            if (registration == row.Registration && defaultLanguage == row.DefaultLanguage)
                return SettingsView.Of(row);
            var changed = await tx.SingleAsync<TenantRow>(
                $"""
                update organizations.tenants
                   set registration = @registration, default_language = @defaultLanguage, settings_version = settings_version + 1
                 where id = @id
                returning {TenantRow.Columns}
                """,
                new
                {
                    id,
                    registration,
                    defaultLanguage,
                }
            );
            tx.Publish(
                id,
                id,
                new TenantSettingsChangedV1
                {
                    TenantId = id,
                    Registration = registration,
                    DefaultLanguage = defaultLanguage,
                }
            );
            tx.Record(
                AuditRecord
                    .Of(actor, "tenant.settings-changed")
                    .WithFact("registration", registration)
                    .WithFact("defaultLanguage", defaultLanguage)
            );
            tx.AfterCommit(directory.Forget);
            return SettingsView.Of(changed);
        }
    }
}
