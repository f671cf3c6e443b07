using System.ComponentModel;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Subscriptions;

/// <summary>A webhook as it is shown.</summary>
public sealed record WebhookView
{
    internal const string Active = "active";
    internal const string Disabled = "disabled";

    public required Guid Id { get; init; }

    [Description("Where events are posted to.")]
    public required string Address { get; init; }

    public required string Description { get; init; }

    [Description("Types such as user.registered.v1, or all of a kind: user.*")]
    public required IReadOnlyList<string> Events { get; init; }

    [Description("The organization whose events it gets; null for those of the whole tenant.")]
    public required Guid? OrganizationId { get; init; }

    [Description("active or disabled.")]
    public required string State { get; init; }

    [Description("Why it is disabled: manual, gone (the receiver answered 410) or failing (nothing was delivered for days); else null.")]
    public required string? DisabledReason { get; init; }

    [Description("Since when no delivery has succeeded; null if the last one did.")]
    public required DateTimeOffset? FailingSince { get; init; }

    [Description("Until when deliveries are also signed with the secret of before; null if there is none.")]
    public required DateTimeOffset? PreviousSecretUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    internal static WebhookView Of(WebhookRow row) =>
        new()
        {
            Id = row.Id,
            Address = row.Address,
            Description = row.Description,
            Events = row.Events,
            OrganizationId = row.Where,
            State = row.DisabledAt is null ? Active : Disabled,
            DisabledReason = row.DisabledReason,
            FailingSince = row.FailingSince,
            PreviousSecretUntil = row.PreviousSecretUntil,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
}

/// <summary>A webhook with a new secret, which is shown this once.</summary>
public sealed record WebhookSecretView
{
    public required WebhookView Webhook { get; init; }

    [Description("With which deliveries are signed (Standard Webhooks). It cannot be shown again.")]
    public required string Secret { get; init; }

    internal static WebhookSecretView Of(NewSecret created) =>
        new() { Webhook = WebhookView.Of(created.Row), Secret = created.Secret.Text };

    /// <summary>Hides the secret: a record's own text would print it.</summary>
    public override string ToString() => "[webhook secret]";
}

internal sealed record NewSecret(WebhookRow Row, WebhookSecret Secret);
