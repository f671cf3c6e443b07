using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>
/// Creates a tenant with a first organization and, if a blueprint is named, its roles and settings, in one transaction.
/// <para>Publishes <c>tenant.created.v1</c>, and <c>role.created.v1</c> for each role.</para>
/// </summary>
internal static class CreateTenant
{
    public const string FirstOrganization = "default";

    public sealed record Request
    {
        [Description("Name in the header Gatehouse-Tenant: 1 to 63 lower-case letters, digits or hyphens. Permanent.")]
        [Required, MaxLength(TenantName.MaxLength)]
        public string? Name { get; init; }

        [Description("The name that users read in mails and on pages, 1 to 60 characters.")]
        [Required, MaxLength(TenantName.MaxDisplayLength)]
        public string? DisplayName { get; init; }

        [Description(
            "Name of a tenant whose settings and own roles, those of the whole tenant, are copied; it may be disabled. "
                + "Omit it for the defaults and no own roles."
        )]
        [MaxLength(TenantName.MaxLength)]
        public string? Blueprint { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/tenants",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(created =>
                    {
                        http.Response.Headers.Location = $"/v1/tenants/{created.Id}";
                        return TypedResults.Json(created, statusCode: StatusCodes.Status201Created);
                    })
            )
            .WithName(nameof(CreateTenant))
            .WithSummary("Create a tenant")
            .WithDescription(
                "A separate population of users, with a first organization whose code is default, and settings and roles like those of "
                    + "another tenant if one is named. "
                    + "Act in it with the header Gatehouse-Tenant."
            )
            .Produces<TenantView>(201)
            .ProducesProblems(403, 409)
            .RequirePermission(TenantsArea.WriteTenants)
            .AcceptIdempotencyKey();

    internal sealed class Handler(Database database, TenantDirectory directory, Blueprints blueprints, TenantOptions options)
    {
        public async Task<Outcome<TenantView>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var name = TenantName.Parse(request.Name, errors);
            var displayName = TenantName.ParseDisplay(request.DisplayName, errors);
            if (errors.Any || name is null || displayName is null)
                return RequestErrors.InvalidWith(errors);
            // The first tenant is named by the settings.
            if (name == options.Name)
                return TenantsErrors.NameTaken;
            return await database.InTransactionAsync(
                "tenant.create",
                tx => CreateAsync(tx, new TenantRow { Name = name, DisplayName = displayName }, request.Blueprint, actor),
                cancellationToken
            );
        }

        private async Task<Outcome<TenantView>> CreateAsync(Transaction tx, TenantRow wanted, string? blueprint, Actor actor)
        {
            var model = string.IsNullOrEmpty(blueprint) ? null : await blueprints.FindAsync(tx, blueprint);
            if (model is null && !string.IsNullOrEmpty(blueprint))
            {
                var errors = new ValidationErrors();
                errors.Add(nameof(blueprint), Blueprints.Unknown);
                return RequestErrors.InvalidWith(errors);
            }

            var settings = model ?? TenantRow.WithoutModel;
            var row = await tx.FirstOrDefaultAsync<TenantRow>(
                $"""
                with created as (
                    insert into organizations.tenants
                           (id, name, display_name, registration, default_language, identifiers, default_region, usernames, sign_in_modes,
                            automatic_registration, sign_in_page, email_change, second_factor, second_factor_grace_days, second_factors,
                            created_at, updated_at)
                    values (@id, @Name, @DisplayName, @Registration, @DefaultLanguage, @Identifiers, @DefaultRegion, @Usernames,
                            @SignInModes, @AutomaticRegistration, @SignInPage, @EmailChange, @SecondFactor, @SecondFactorGraceDays,
                            @SecondFactors, @Now, @Now) on conflict (name) do nothing
                    returning {TenantRow.Columns}),
                first as (
                    insert into organizations.organizations (tenant_id, id, code, name, created_at, updated_at)
                    select c.id, @organization, @FirstOrganization, c.display_name, @Now, @Now from created c)
                select {TenantRow.Columns} from created
                """,
                new
                {
                    id = Guid.CreateVersion7(tx.Now),
                    organization = Guid.CreateVersion7(tx.Now),
                    wanted.Name,
                    wanted.DisplayName,
                    settings.Registration,
                    settings.DefaultLanguage,
                    settings.Identifiers,
                    settings.DefaultRegion,
                    settings.Usernames,
                    settings.SignInModes,
                    settings.AutomaticRegistration,
                    settings.SignInPage,
                    settings.SecondFactor,
                    settings.SecondFactorGraceDays,
                    settings.SecondFactors,
                    settings.EmailChange,
                    FirstOrganization,
                    tx.Now,
                }
            );
            if (row is null)
                return TenantsErrors.NameTaken;
            tx.Publish(
                row.Id,
                row.Id,
                new TenantCreatedV1
                {
                    TenantId = row.Id,
                    Name = row.Name,
                    DisplayName = row.DisplayName,
                }
            );
            tx.Record(AuditRecord.Of(actor, "tenant.created").WithFact("tenant", row.Id.ToString()));
            if (model is not null)
                await blueprints.CopyRolesAsync(tx, model.Id, row.Id, actor);
            tx.AfterCommit(directory.Forget);
            return TenantView.Of(row, options);
        }
    }
}
