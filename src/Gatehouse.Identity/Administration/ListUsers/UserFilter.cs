using System.Text;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Administration;

/// <summary>What a list of users is narrowed to. Pure.</summary>
internal sealed record UserFilter
{
    public const string QueryDescription =
        "Part of a name, given name, family name or username; with one or two characters, how it begins. "
        + "An e-mail address, or a phone number with +, finds exactly the account that has it.";

    public const string RoleDescription = "Name of a role the user has, such as tenant-administrator.";
    public const string OrganizationDescription = "The organization the user is a member of; with role, where the user has it.";
    public const string StatusDescription = "active or disabled.";

    /// <summary>Letters from which on a part may stand anywhere; fewer stand at a beginning.</summary>
    public const int AnywhereFrom = 3;

    private const int MaxRole = 64;

    // Letter for letter the expression of the index users_text. No text of a user has a line feed, so no match reaches across two.
    internal const string Text = """
        lower(E'\n' || name || E'\n' || coalesce(given_name, '') || E'\n' || coalesce(family_name, '') || E'\n' || coalesce(username, ''))
        """;

    private UserFilter() { }

    /// <summary>For <c>like</c>; null for no text.</summary>
    public string? Pattern { get; private init; }

    public IContact? Contact { get; private init; }

    public string? Role { get; private init; }

    public Guid? Organization { get; private init; }

    public string? Status { get; private init; }

    /// <summary>Empty texts filter nothing.</summary>
    public static UserFilter Parse(string? q, string? role, Guid? organization, string? status, ValidationErrors errors)
    {
        var text = TextInput.IsBlank(q) ? null : TextInput.Clean(q, "q", EmailAddress.MaxLength, errors);
        var email = text?.Contains('@', StringComparison.Ordinal) == true ? EmailAddress.Parse(text, "q", new ValidationErrors()) : null;
        var contact = email ?? (IContact?)PhoneNumber.TryParse(text, region: null);
        if (!string.IsNullOrEmpty(status) && status is not (UserStatus.Active or UserStatus.Disabled or UserStatus.Closed))
            errors.Add(
                "status",
                ValidationCodes.UnknownValue,
                TextInput.Limits(("allowed", $"{UserStatus.Active}, {UserStatus.Disabled}, {UserStatus.Closed}"))
            );
        return new UserFilter
        {
            Contact = contact,
            Pattern = text is null || contact is not null ? null : PatternOf(text),
            Role = string.IsNullOrEmpty(role) ? null : TextInput.Clean(role, "role", MaxRole, errors),
            Organization = organization,
            Status = string.IsNullOrEmpty(status) ? null : status,
        };
    }

    /// <summary>Conditions on <c>identity.users u</c>, each with <c>and</c> before it.</summary>
    public string Conditions(UserScope scope)
    {
        var sql = new StringBuilder();
        if (Pattern is not null)
            sql.Append(" and ").Append(Text).Append(" like lower(@Pattern)");
        if (Contact is not null)
            sql.Append(
                """
                 and id = (select user_id from identity.identifiers
                            where tenant_id = @tenant and kind = @kind and index_version = @Version and blind_index = @index
                              and reserved_until is null)
                """
            );
        if (Status is not null)
            sql.Append(
                Status switch
                {
                    UserStatus.Disabled => " and disabled_at is not null",
                    UserStatus.Closed => " and disabled_at is null and closed_at is not null",
                    _ => " and disabled_at is null and closed_at is null",
                }
            );
        if (Role is not null || Organization is not null)
            sql.Append(" and exists (select 1 from identity.memberships m where m.tenant_id = u.tenant_id and m.user_id = u.id")
                .Append(scope.Everybody ? "" : " and m.organization_id = any(@Organizations)")
                .Append(Organization is null ? "" : " and m.organization_id = @Organization")
                .Append(Role is null ? "" : " and m.roles @> array[@Role]")
                .Append(')');
        return sql.Append(" and ").Append(scope.Condition).ToString();
    }

    /// <summary>What <see cref="Conditions"/> names.</summary>
    public object Parameters(Guid tenant, UserScope scope, BlindIndex blindIndex) =>
        new
        {
            tenant,
            Pattern,
            Role,
            Organization,
            kind = Contact?.Kind,
            BlindIndex.Version,
            index = Contact is null ? null : blindIndex.Compute(tenant, Contact.Kind, Contact.Canonical),
            scope.Organizations,
        };

    internal static string PatternOf(string text)
    {
        var literal = text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal);
        return text.EnumerateRunes().Count() < AnywhereFrom ? $"%\n{literal}%" : $"%{literal}%";
    }
}
