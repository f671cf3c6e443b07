using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>What others may see of a user, as far as the user lets them. The username is always public.</summary>
internal static class CardFields
{
    public const string Name = "name";
    public const string Picture = "picture";
    public const string Title = "title";
    public const string About = "about";
    public const string Links = "links";
    public const string Languages = "languages";
    public const string Website = "website";
    public const string Email = "email";
    public const string PhoneNumber = "phoneNumber";
    public const string Age = "age";

    public static readonly IReadOnlyList<string> All = [Name, Picture, Title, About, Website, Links, Languages, Age, Email, PhoneNumber];

    /// <summary>Of a user who decided nothing: how to reach them, and how old they are, is nobody's business.</summary>
    public static readonly IReadOnlyList<string> Default = [Name, Picture, Title, About, Website, Links, Languages];

    /// <summary>Each once, in one order; null when there is an error.</summary>
    public static IReadOnlyList<string>? Parse(IReadOnlyList<string> input, string field, ValidationErrors errors)
    {
        if (input.All(All.Contains))
            return [.. All.Where(input.Contains)];
        errors.Add(field, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", All))));
        return null;
    }
}
