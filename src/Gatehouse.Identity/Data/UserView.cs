using System.ComponentModel;

namespace Gatehouse.Identity.Data;

/// <summary>A user's account as its owner sees it.</summary>
public sealed record UserView
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    [Description("The address mail goes to, its domain in ASCII form; null when the account has none.")]
    public string? Email { get; init; }

    public required bool EmailVerified { get; init; }

    public string? Username { get; init; }

    [Description("False until a password is set; an account confirmed by link alone has none.")]
    public required bool HasPassword { get; init; }

    [Description("What the user tells of themselves, lines separated by a line feed; null when it is nothing.")]
    public string? About { get; init; }

    [Description("BCP 47 tags of the languages the user speaks, in the user's order.")]
    public required IReadOnlyList<string> Languages { get; init; }

    [Description("Language of mails to this user: en, hi or es.")]
    public required string PreferredLanguage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
