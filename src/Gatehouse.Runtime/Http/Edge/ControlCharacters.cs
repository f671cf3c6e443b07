namespace Gatehouse.Runtime.Http;

/// <summary>
/// Control characters have no place in what people write, and PostgreSQL takes no NUL in a text: they are refused where a request comes in. White space
/// such as line breaks belongs to some texts; which, the handlers know.
/// </summary>
internal static class ControlCharacters
{
    public static bool Has(string? text) => text is not null && text.Any(char.IsControl);

    public static bool HasOtherThanSpace(string? text) => text is not null && text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c));
}
