using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
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
    public static readonly IReadOnlyList<string> UsernameWays = [TenantRow.Chosen, TenantRow.Generated];
    public static readonly IReadOnlyList<string> SignInPages = [TenantRow.Combined, TenantRow.IdentifierFirst];

    public static readonly IReadOnlyList<string> SecondFactorPolicies = [TenantRow.Off, TenantRow.Optional, TenantRow.Required];
    public static readonly IReadOnlyList<string> SecondFactorKinds = ["passkey", "totp", "sms", "email"];

    private const int MaxGraceDays = 90;
    private const int MaxRoles = 20;

    private static readonly IReadOnlyList<string> IdentifierKinds = [TenantRow.Email, TenantRow.Phone];
    private static readonly IReadOnlyList<string> SignInModes = [TenantRow.Password, TenantRow.Code];

    public sealed record Request
    {
        [Description("open: anybody may register; closed: nobody. Registrations that were started before can be completed.")]
        public string? Registration { get; init; }

        [Description("Language of requests that name none that is known: en, hi or es.")]
        public string? DefaultLanguage { get; init; }

        [Description("What users may register with: email, phone or both.")]
        [MaxLength(2)]
        public IReadOnlyList<string>? Identifiers { get; init; }

        [Description("The country that forms propose for phone numbers, as ISO 3166 code such as GB. An empty text clears it.")]
        [MaxLength(2), EmptyText]
        public string? DefaultRegion { get; init; }

        [Description("generated: who registers without a username gets one; chosen: has none.")]
        public string? Usernames { get; init; }

        [Description("What signs users in: password, code (sent to their address or number) or both.")]
        [MaxLength(2)]
        public IReadOnlyList<string>? SignInModes { get; init; }

        [Description("Whether a sign-in code creates an account for an address or number that has none, while registration is open.")]
        public bool? AutomaticRegistration { get; init; }

        [Description(
            "combined: the page to sign in asks for identifier and password at once; identifier-first: for the identifier alone, and "
                + "offers password and code on the next page. Counts where both sign users in."
        )]
        public string? SignInPage { get; init; }

        [Description("off: nothing asks for a second factor; optional: who has one is asked for it; required: everybody must have one.")]
        public string? SecondFactor { get; init; }

        [Description("Names of roles whose holders must have a second factor, where it is optional for others.")]
        [MaxLength(MaxRoles)]
        public IReadOnlyList<string>? SecondFactorRoles { get; init; }

        [Description("Days, from the first sign-in that asks for it on, in which a user may do without a required second factor.")]
        [Range(0, MaxGraceDays)]
        public int? SecondFactorGraceDays { get; init; }

        [Description(
            "What counts as a second factor, the one that is offered first at the front: passkey, totp (authenticator app), sms, email. A "
                + "code by e-mail raises no assurance: a mailbox resets the password, too."
        )]
        [MaxLength(4)]
        public IReadOnlyList<string>? SecondFactors { get; init; }

        [Description("How often users may change their e-mail address: always, once, or again after so many days, 1 to 999.")]
        [MaxLength(6)]
        public string? EmailChange { get; init; }
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
            .RequirePermission(SettingsArea.WriteSettings)
            .RequireFresh();

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
            Check("usernames", request.Usernames, UsernameWays, errors);
            Check("signInPage", request.SignInPage, SignInPages, errors);
            Check("secondFactor", request.SecondFactor, SecondFactorPolicies, errors);
            Check("secondFactors", request.SecondFactors, SecondFactorKinds, errors);
            if (request.SecondFactorGraceDays is < 0 or > MaxGraceDays)
                errors.Add("secondFactorGraceDays", ValidationCodes.OutOfRange, TextInput.Limits(("min", 0), ("max", MaxGraceDays)));
            if (request.SecondFactorRoles is { Count: > MaxRoles })
                errors.Add("secondFactorRoles", ValidationCodes.TooLong, TextInput.Limits(("max", MaxRoles)));
            if (request.EmailChange is { } often && often is not (TenantRow.Always or TenantRow.Once) && !IsDays(often))
                errors.Add("emailChange", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", "always, once, 1 to 999")));
            Check("identifiers", request.Identifiers, IdentifierKinds, errors);
            Check("signInModes", request.SignInModes, SignInModes, errors);
            if (request.DefaultRegion is { Length: > 0 } region && !Countries.All.Contains(region))
                errors.Add("defaultRegion", "identity.region-unknown");
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync("tenant.settings", tx => UpdateAsync(tx, request, expected, actor), cancellationToken);
        }

        private static bool IsDays(string text) => text.Length is > 0 and <= 3 && text[0] != '0' && text.All(char.IsAsciiDigit);

        // An empty list is no value either.
        private static void Check(string field, IReadOnlyList<string>? values, IReadOnlyList<string> allowed, ValidationErrors errors)
        {
            foreach (var value in values is [] ? [""] : values ?? [])
                Check(field, value, allowed, errors);
        }

        private static void Check(string field, string? value, IReadOnlyList<string> allowed, ValidationErrors errors)
        {
            if (value is not null && !allowed.Contains(value, StringComparer.Ordinal) && !errors.Has(field))
                errors.Add(field, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", allowed))));
        }

        // A name that nobody's role has would protect nobody.
        private static async Task<Error?> UnknownRoleAsync(Transaction tx, Guid tenant, IEnumerable<string> added)
        {
            var unknown = await tx.FirstOrDefaultAsync<string?>(
                """
                select name from unnest(@names) name
                 where not exists (select from organizations.roles r where r.tenant_id = @tenant and r.name = name) limit 1
                """,
                new { tenant, names = added.Except(BuiltInRole.All.Select(role => role.Name), StringComparer.Ordinal).ToArray() }
            );
            return unknown is null
                ? null
                : RequestErrors.Invalid.With([new FieldError { Field = "secondFactorRoles", Code = AccessErrors.RoleNotFound.Code }]);
        }

        private async Task<Outcome<VersionedSettings>> UpdateAsync(Transaction tx, Request request, StringValues expected, Actor actor)
        {
            var id = actor.Tenant.Id;
            if (await TenantRow.LockAsync(tx, id) is not { } row)
                return TenantsErrors.NotFound;
            if (!EntityTags.Match(expected, EntityTags.Quoted(row.SettingsVersion)))
                return RequestErrors.PreconditionFailed;
            var wanted = Apply(request, row);
            if (
                await UnknownRoleAsync(tx, id, wanted.SecondFactorRoles.Except(row.SecondFactorRoles, StringComparer.Ordinal)) is
                { } unknown
            )
                return unknown;
            var changes = Words(row).Zip(Words(wanted)).ToList();
            if (changes.TrueForAll(change => change.First == change.Second))
                return SettingsView.Of(row);
            var changed = await tx.SingleAsync<TenantRow>(
                $"""
                update organizations.tenants
                   set registration = @Registration, default_language = @DefaultLanguage, identifiers = @Identifiers,
                       default_region = @DefaultRegion, usernames = @Usernames, sign_in_modes = @SignInModes,
                       automatic_registration = @AutomaticRegistration, sign_in_page = @SignInPage,
                       second_factor = @SecondFactor, second_factor_roles = @SecondFactorRoles,
                       second_factor_grace_days = @SecondFactorGraceDays, second_factors = @SecondFactors,
                       email_change = @EmailChange, settings_version = settings_version + 1
                 where id = @Id
                returning {TenantRow.Columns}
                """,
                wanted
            );
            tx.Publish(
                id,
                id,
                new TenantSettingsChangedV1
                {
                    TenantId = id,
                    Registration = changed.Registration,
                    DefaultLanguage = changed.DefaultLanguage,
                    Identifiers = changed.Identifiers,
                    DefaultRegion = changed.DefaultRegion,
                    Usernames = changed.Usernames,
                    SignInModes = changed.SignInModes,
                    AutomaticRegistration = changed.AutomaticRegistration,
                    SignInPage = changed.SignInPage,
                    SecondFactor = changed.SecondFactor,
                    SecondFactorRoles = changed.SecondFactorRoles,
                    SecondFactorGraceDays = changed.SecondFactorGraceDays,
                    SecondFactors = changed.SecondFactors,
                    EmailChange = changed.EmailChange,
                }
            );
            tx.Record(
                changes.Aggregate(
                    AuditRecord.Of(actor, "tenant.settings-changed"),
                    (record, change) => record.WithChange(change.First.Name, change.First.Text, change.Second.Text)
                )
            );
            tx.AfterCommit(directory.Forget);
            return SettingsView.Of(changed);
        }

        private static TenantRow Apply(Request request, TenantRow row) =>
            row with
            {
                Registration = request.Registration ?? row.Registration,
                DefaultLanguage = request.DefaultLanguage ?? row.DefaultLanguage,
                // In one order, however they were sent.
                Identifiers = request.Identifiers is { } kinds ? [.. IdentifierKinds.Where(kinds.Contains)] : row.Identifiers,
                DefaultRegion = request.DefaultRegion is { } region ? (region.Length > 0 ? region : null) : row.DefaultRegion,
                Usernames = request.Usernames ?? row.Usernames,
                SignInModes = request.SignInModes is { } modes ? [.. SignInModes.Where(modes.Contains)] : row.SignInModes,
                AutomaticRegistration = request.AutomaticRegistration ?? row.AutomaticRegistration,
                SignInPage = request.SignInPage ?? row.SignInPage,
                SecondFactor = request.SecondFactor ?? row.SecondFactor,
                SecondFactorRoles = request.SecondFactorRoles is { } roles
                    ? [.. roles.Distinct(StringComparer.Ordinal)]
                    : row.SecondFactorRoles,
                SecondFactorGraceDays = request.SecondFactorGraceDays ?? row.SecondFactorGraceDays,
                SecondFactors = request.SecondFactors is { } factors ? [.. factors.Distinct(StringComparer.Ordinal)] : row.SecondFactors,
                EmailChange = request.EmailChange ?? row.EmailChange,
            };

        /// <summary>The settings as the audit tells them. Two that differ have different words: no name of a role has a comma.</summary>
        private static IEnumerable<(string Name, string Text)> Words(TenantRow row) =>
            [
                ("registration", row.Registration),
                ("defaultLanguage", row.DefaultLanguage),
                ("identifiers", string.Join(',', row.Identifiers)),
                ("defaultRegion", row.DefaultRegion ?? ""),
                ("usernames", row.Usernames),
                ("signInModes", string.Join(',', row.SignInModes)),
                ("automaticRegistration", row.AutomaticRegistration ? "yes" : "no"),
                ("signInPage", row.SignInPage),
                ("secondFactor", row.SecondFactor),
                ("secondFactorRoles", string.Join(',', row.SecondFactorRoles)),
                ("secondFactorGraceDays", $"{row.SecondFactorGraceDays}"),
                ("secondFactors", string.Join(',', row.SecondFactors)),
                ("emailChange", row.EmailChange),
            ];
    }
}
