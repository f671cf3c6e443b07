using System.ComponentModel;
using Gatehouse.OpenId.Data;

namespace Gatehouse.OpenId.Clients;

/// <summary>A client as it is shown.</summary>
public sealed record ClientView
{
    internal const string Active = "active";
    internal const string Disabled = "disabled";

    public required Guid Id { get; init; }

    [Description("Its public name in OAuth 2.0: client_id.")]
    public required string ClientId { get; init; }

    public required string Name { get; init; }

    [Description("Names of the permissions that it holds.")]
    public required IReadOnlyList<string> Scopes { get; init; }

    [Description("The organization it acts in; null for the whole tenant.")]
    public required Guid? OrganizationId { get; init; }

    [Description("Whether it may act in every tenant, by the header Gatehouse-Tenant.")]
    public required bool Platform { get; init; }

    [Description("How it signs users in; null for what is a service account alone.")]
    public required SignInSettings? SignIn { get; init; }

    [Description("Public keys (Base64 of SubjectPublicKeyInfo) with which it may prove who it is (private_key_jwt).")]
    public required IReadOnlyList<string> PublicKeys { get; init; }

    [Description("Services for which it may get access tokens by the parameter resource (RFC 8707), beside Gatehouse itself.")]
    public required IReadOnlyList<string> Resources { get; init; }

    [Description("active or disabled.")]
    public required string State { get; init; }

    [Description("Why it was disabled; null if nobody said or it is active.")]
    public required string? DisabledReason { get; init; }

    [Description("At most two that are live.")]
    public required IReadOnlyList<SecretView> Secrets { get; init; }

    [Description("When it last got a token, give or take an hour; null if it never did.")]
    public required DateTimeOffset? LastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    internal static ClientView Of(ClientRow row, IEnumerable<SecretRow> secrets) =>
        new()
        {
            Id = row.Id,
            ClientId = row.ClientId,
            Name = row.Name,
            Scopes = row.Scopes,
            OrganizationId = row.Where,
            Platform = row.IsPlatform,
            SignIn = row.SignIn,
            PublicKeys = row.PublicKeys,
            Resources = row.Resources,
            State = row.DisabledAt is null ? Active : Disabled,
            DisabledReason = row.DisabledReason,
            Secrets = [.. secrets.Where(secret => secret.Client == row.Id).Select(SecretView.Of)],
            LastUsedAt = row.LastUsedAt,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
}

/// <summary>What can be shown of a secret.</summary>
public sealed record SecretView
{
    public required Guid Id { get; init; }

    [Description("Its first characters.")]
    public required string Hint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When it expires; null for never.")]
    public required DateTimeOffset? ExpiresAt { get; init; }

    [Description("When it was last used, give or take an hour; null if it never was.")]
    public required DateTimeOffset? LastUsedAt { get; init; }

    internal static SecretView Of(SecretRow row) =>
        new()
        {
            Id = row.Id,
            Hint = row.Hint,
            CreatedAt = row.CreatedAt,
            ExpiresAt = row.ExpiresAt,
            LastUsedAt = row.LastUsedAt,
        };
}

/// <summary>A new secret, which is shown this once.</summary>
public sealed record NewSecretView
{
    public required Guid Id { get; init; }

    [Description("The secret (client_secret). It is not stored and cannot be shown again.")]
    public required string Secret { get; init; }

    [Description("When it expires; null for never.")]
    public required DateTimeOffset? ExpiresAt { get; init; }

    internal static NewSecretView Of(NewSecret created) =>
        new()
        {
            Id = created.Id,
            Secret = created.Secret.Text,
            ExpiresAt = created.ExpiresAt,
        };

    /// <summary>Hides the secret: a record's own text would print it.</summary>
    public override string ToString() => "[client secret]";
}

/// <summary>A stored client with its secrets.</summary>
internal sealed record FoundClient(ClientRow Row, IReadOnlyList<SecretRow> Secrets)
{
    public ClientView View => ClientView.Of(Row, Secrets);
}
