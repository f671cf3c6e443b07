using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Roles as pages call them.</summary>
internal static class RoleTexts
{
    /// <summary>A built-in role in words, another one by its name. No own role has the name of a built-in one.</summary>
    /// <param name="text">Texts in the language of who reads.</param>
    public static string Of(string role, Func<string, string> text) =>
        BuiltInRole.All.Any(r => r.Name == role) ? text("page.role." + role) : role;
}
