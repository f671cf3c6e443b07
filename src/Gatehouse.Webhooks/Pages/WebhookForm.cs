using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Gatehouse.Webhooks.Data;
using Gatehouse.Webhooks.Subscriptions;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Webhooks.Pages;

/// <summary>The form of a webhook, as it was typed.</summary>
public sealed record WebhookForm
{
    public const string AddressField = "address";
    public const string DescriptionField = "description";
    public const string EventsField = "events";
    public const string OrganizationField = "organization";

    /// <summary>In the order of <see cref="Of(IReadOnlyList{string})"/>.</summary>
    public static readonly IReadOnlyList<string> Fields = [AddressField, DescriptionField, EventsField, OrganizationField];

    private const string Ambiguous = "page.console.webhooks.organization-ambiguous";

    public string Address { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>A code, a name or an id; empty for the whole tenant.</summary>
    public string Organization { get; init; } = "";

    // Several boxes of one name arrive with commas between them; no name has one.
    internal static WebhookForm? Of(IReadOnlyList<string>? fields) =>
        fields is null
            ? null
            : new()
            {
                Address = fields[0],
                Description = fields[1],
                Events = fields[2].Split(',', StringSplitOptions.RemoveEmptyEntries),
                Organization = fields[3],
            };

    internal static WebhookForm Of(IFormCollection form) => Of([.. Fields.Select(field => form[field].ToString())])!;

    internal static WebhookForm Of(WebhookRow row) =>
        new()
        {
            Address = row.Address,
            Description = row.Description,
            Events = row.Events,
        };

    /// <summary>An empty form; who may do this in one organization only finds it there.</summary>
    internal static async Task<WebhookForm> EmptyAsync(HttpContext http) =>
        http.Actor().RequiredAccess.OrganizationsWith(SubscriptionsArea.WriteWebhooks.Name) is { Count: 1 } only
            ? new()
            {
                Organization = await http.HitsAsync(ConsolePaths.Organizations, only.First().ToString()) is [{ Detail: { } code }]
                    ? code
                    : only.First().ToString(),
            }
            : new();

    /// <summary>The organization that was typed: the one that the text names exactly, or the only one that it may mean.</summary>
    internal async Task<Outcome<Guid?>> OrganizationAsync(HttpContext http)
    {
        var errors = new ValidationErrors();
        if (TextInput.IsBlank(Organization))
        {
            if (http.Actor().RequiredAccess.Allows(SubscriptionsArea.WriteWebhooks.Name))
                return (Guid?)null;
            errors.Add(OrganizationField, ValidationCodes.Required);
            return RequestErrors.InvalidWith(errors);
        }

        if (Guid.TryParseExact(Organization.Trim(), "D", out var id))
            return (Guid?)id;
        var hits = await HitsAsync(http);
        var exact = hits.Where(hit => string.Equals(hit.Detail, Organization.Trim(), StringComparison.OrdinalIgnoreCase)).ToList();
        if ((exact.Count == 1 ? exact : hits) is [var only])
            return (Guid?)only.Id;
        errors.Add(OrganizationField, hits.Count == 0 ? WebhookErrors.OrganizationNotFound.Code : Ambiguous);
        return RequestErrors.InvalidWith(errors);
    }

    /// <summary>What the text may mean.</summary>
    internal Task<IReadOnlyList<ConsoleHit>> HitsAsync(HttpContext http) => http.HitsAsync(ConsolePaths.Organizations, Organization);

    internal static Error? AtFields(Error? error) =>
        error.Renamed(("organizationId", OrganizationField)).AtField(OrganizationField, WebhookErrors.OrganizationNotFound);
}
