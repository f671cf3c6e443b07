namespace Gatehouse.Web;

/// <summary>Control characters have no place in addresses and names, and PostgreSQL takes no NUL in a text.</summary>
internal static class ControlCharacters
{
    public static bool Has(string? text) => text is not null && text.Any(char.IsControl);
}
