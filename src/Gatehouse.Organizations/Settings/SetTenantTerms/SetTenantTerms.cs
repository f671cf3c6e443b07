using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.Tenants;
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

namespace Gatehouse.Organizations.Settings;

/// <summary>
/// Sets or withdraws the terms of service of the tenant. All nodes follow within a second. Sessions go on; who has not accepted this
/// version is asked to.
/// <para>Publishes <c>tenant.terms-changed.v1</c> if they are others.</para>
/// </summary>
internal static class SetTenantTerms
{
    public const int MaxVersion = 32;
    public const int MaxLink = 500;
    public const string LinkInvalid = "organizations.terms-link-invalid";

    public sealed record Request
    {
        [Description("Names what users accept, 1 to 32 characters, for example a date. Empty or omitted: there are no terms.")]
        [MaxLength(MaxVersion), EmptyText]
        public string? Version { get; init; }

        [Description("Where the terms can be read, by language (en, hi, es): absolute https addresses, one at least.")]
        public IReadOnlyDictionary<string, string>? Links { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/tenants/{id:guid}/terms",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(SetTenantTerms))
            .WithSummary("Set the terms of service of the tenant")
            .WithDescription(
                "With terms, registration requires acceptedTerms. Users who accepted another version, or none, stay signed in and are "
                    + "asked to accept this one (termsDue of GET /v1/me)."
            )
            .Produces<TermsView>()
            .ProducesProblems(403)
            .RequirePermission(SettingsArea.WriteSettings);

    internal sealed class Handler(Database database, TenantDirectory directory)
    {
        public async Task<Outcome<TermsView>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            if (id != actor.Tenant.Id)
                return TenantsErrors.NotFound;
            var (request, errors) = input;
            var terms = Parse(request, errors);
            return errors.Any
                ? RequestErrors.InvalidWith(errors)
                : await database.InTransactionAsync("tenant.terms", tx => SetAsync(tx, terms, actor), cancellationToken);
        }

        /// <summary>Null for none, and with an error.</summary>
        private static TenantTerms? Parse(Request request, ValidationErrors errors)
        {
            if (TextInput.IsBlank(request.Version) || TextInput.Clean(request.Version, "version", MaxVersion, errors) is not { } version)
                return null;
            var links = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (language, link) in request.Links ?? links)
            {
                if (!Languages.All.Contains(language, StringComparer.Ordinal))
                    errors.Add("links", ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", Languages.All))));
                else if (!IsLink(link))
                    errors.Add("links." + language, LinkInvalid);
                else
                    links[language] = link;
            }

            if (links.Count == 0 && !errors.Any)
                errors.Add("links", ValidationCodes.Required);
            return new TenantTerms(version, links);
        }

        private static bool IsLink(string? text) =>
            text is { Length: <= MaxLink }
            && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            && address.UserInfo.Length == 0;

        private async Task<Outcome<TermsView>> SetAsync(Transaction tx, TenantTerms? terms, Actor actor)
        {
            var id = actor.Tenant.Id;
            if (await TenantRow.LockAsync(tx, id) is not { } row)
                return TenantsErrors.NotFound;
            var view = TermsView.Of(terms);
            if (terms?.Version == row.TermsVersion && IsSame(view.Links, TermsView.Of(row.Terms).Links))
                return view;
            await tx.ExecuteAsync(
                "update organizations.tenants set terms_version = @Version, terms_links = @links::jsonb where id = @id",
                new
                {
                    id,
                    view.Version,
                    links = terms is null
                        ? null
                        : JsonSerializer.Serialize(terms.Links, TenantsJson.Default.IReadOnlyDictionaryStringString),
                }
            );
            tx.Publish(
                id,
                id,
                new TenantTermsChangedV1
                {
                    TenantId = id,
                    Version = view.Version,
                    Links = view.Links,
                }
            );
            tx.Record(AuditRecord.Of(actor, "tenant.terms-changed").WithChange("version", row.TermsVersion ?? "", view.Version ?? ""));
            tx.AfterCommit(directory.Forget);
            return view;
        }

        private static bool IsSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
            one.Count == other.Count && one.All(link => other.GetValueOrDefault(link.Key) == link.Value);
    }
}
