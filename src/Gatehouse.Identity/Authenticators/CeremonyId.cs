using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Authenticators;

/// <summary>Which ceremony an answer belongs to. Pure.</summary>
internal static class CeremonyId
{
    public static Guid? Parse(string? input, string field, ValidationErrors errors)
    {
        if (Guid.TryParseExact(input, "D", out var id))
            return id;
        errors.Add(field, TextInput.IsBlank(input) ? ValidationCodes.Required : ValidationCodes.InvalidText);
        return null;
    }
}
