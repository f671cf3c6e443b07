using Gatehouse.Core.Results;

namespace Gatehouse.Webhooks;

/// <summary>Rejections of this module. Each code has a page in docs/errors and a text in every language.</summary>
internal static class WebhookErrors
{
    /// <summary>No such webhook where the actor may see them. Said of foreign and made-up ids alike.</summary>
    public static readonly Error NotFound = new("webhooks.webhook-not-found", ErrorKind.NotFound);

    public static readonly Error DeliveryNotFound = new("webhooks.delivery-not-found", ErrorKind.NotFound);

    public static readonly Error OrganizationNotFound = new("webhooks.organization-not-found", ErrorKind.NotFound);

    /// <summary>Nothing is sent to a webhook that is disabled.</summary>
    public static readonly Error IsDisabled = new("webhooks.disabled", ErrorKind.Conflict);

    public static readonly Error TooMany = new("webhooks.too-many", ErrorKind.Conflict);
}
