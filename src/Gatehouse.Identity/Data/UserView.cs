using System.ComponentModel;

namespace Gatehouse.Identity.Data;

/// <summary>A user's account as its owner sees it.</summary>
public sealed record UserView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    [Description("E-mail address, with the domain in ASCII form; null if the account has none.")]
    public string? Email { get; init; }

    public required bool EmailVerified { get; init; }

    public string? Username { get; init; }

    [Description("False until a password is set. An account confirmed by link without a password has none.")]
    public required bool HasPassword { get; init; }

    [Description("A text about the user, with lines separated by a line feed; null if empty.")]
    public string? About { get; init; }

    [Description("BCP 47 tags of the languages the user speaks, in order of preference.")]
    public required IReadOnlyList<string> Languages { get; init; }

    [Description("E-mail language: en, hi or es.")]
    public required string PreferredLanguage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
