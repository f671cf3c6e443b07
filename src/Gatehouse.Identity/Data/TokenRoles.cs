using System.Text.Json;

namespace Gatehouse.Identity.Data;

/// <summary>What tokens say of a user's roles: those in the whole tenant, and those in the session's current organization.</summary>
internal sealed record TokenRoles(Guid? OrganizationId, IReadOnlyList<string> Roles)
{
    /// <summary>
    /// A text column with a user's memberships, as <c>{"organization": ["role", …]}</c>; null for a user without any. The user is
    /// <c>user_id</c> of the table <c>sessions</c>.
    /// </summary>
    public const string Column = """
        (select jsonb_object_agg(m.organization_id, to_jsonb(m.roles))::text from identity.memberships m
          where m.tenant_id = sessions.tenant_id and m.user_id = sessions.user_id) as memberships
        """;

    // A token must fit into a cookie; a user with more roles has none in the token, and services ask for them.
    private const int MaxLength = 1500;

    public static TokenRoles None { get; } = new(OrganizationId: null, []);

    /// <param name="memberships">As in <see cref="Column"/>.</param>
    /// <param name="current">The session's organization; the oldest one counts if it is none of the user's any more.</param>
    public static TokenRoles Of(string? memberships, Guid? current)
    {
        if (memberships is null)
            return None;
        using var document = JsonDocument.Parse(memberships);
        var byOrganization = document.RootElement.EnumerateObject().ToDictionary(m => Guid.Parse(m.Name), m => Names(m.Value));
        var organization = Current(byOrganization.Keys.Where(id => id != Guid.Empty), current);
        var roles = Of(byOrganization, Guid.Empty)
            .Concat(Of(byOrganization, organization ?? Guid.Empty))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return new TokenRoles(organization, roles.Sum(r => r.Length + 3) > MaxLength ? [] : roles);
    }

    /// <summary>The organization that a session's tokens speak for.</summary>
    /// <param name="memberships">The organizations of the user.</param>
    /// <param name="chosen">The one that the session was switched to.</param>
    public static Guid? Current(IEnumerable<Guid> memberships, Guid? chosen)
    {
        var organizations = memberships.Order().ToList();
        return chosen is { } wanted && organizations.Contains(wanted) ? wanted
            : organizations.Count > 0 ? organizations[0]
            : null;
    }

    private static IReadOnlyList<string> Of(Dictionary<Guid, IReadOnlyList<string>> roles, Guid organization) =>
        roles.GetValueOrDefault(organization) ?? [];

    private static IReadOnlyList<string> Names(JsonElement roles) => [.. roles.EnumerateArray().Select(r => r.GetString()!)];
}
