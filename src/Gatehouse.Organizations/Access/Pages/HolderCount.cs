using Gatehouse.Web;

namespace Gatehouse.Organizations.Access;

/// <summary>How many users have a role, in words.</summary>
internal static class HolderCount
{
    public static string Say(MessageCatalog texts, string language, int count) =>
        count > RoleHolders.MaxCounted
            ? texts.Text("page.console.role.holders-many", language, TextInput.Limits(("max", RoleHolders.MaxCounted)))
            : texts.Text("page.console.role.holders-count", language, TextInput.Limits(("count", count)));
}
