using System.Globalization;
using System.Text.Json.Nodes;
using FoodDelivery.Users;

namespace FoodDelivery.Http;

/// <summary>What is sent as <c>user_profile</c>. The phone number is checked and not kept: an account of Gatehouse has what it
/// proved.</summary>
internal sealed record Profile
{
    public const string Name = "user_profile";
    private const int MaxName = 254;
    private const int MaxPhone = 128;

    public string? First { get; init; }

    public string? Last { get; init; }

    public DateOnly? Born { get; init; }

    /// <summary>What is there of it; with an error for each member that is wrong.</summary>
    /// <param name="input">The whole body.</param>
    /// <param name="isPartial">Whether anything may be left out.</param>
    public static Profile Read(Input input, bool isPartial)
    {
        if (input.Nested(Name, !isPartial) is not { } nested)
            return new Profile();
        var profile = new Profile
        {
            First = nested.Text("first_name", MaxName, !isPartial),
            Last = nested.Text("last_name", MaxName, !isPartial),
            Born = nested.Date("birth_date", !isPartial),
        };
        if (nested.Text("phone", MaxPhone, !isPartial) is { } phone && !IsPhone(phone))
            nested.Add("phone", "The phone number entered is not valid.");
        input.Take(Name, nested);
        return profile;
    }

    /// <summary>As members of Gatehouse's; those left out stay out.</summary>
    /// <param name="first">The first name as it is, for the name that is made of both.</param>
    /// <param name="last">The last name as it is.</param>
    public JsonObject ToMembers(string? first = null, string? last = null)
    {
        var members = new JsonObject();
        if (First is not null)
            members["givenName"] = First;
        if (Last is not null)
            members["familyName"] = Last;
        if (Born is { } born)
            members["birthDate"] = born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (members.ContainsKey("givenName") || members.ContainsKey("familyName"))
            members["name"] = Names.Full(First ?? first, Last ?? last);
        return members;
    }

    public override string ToString() => "[profile]";

    // International form; which numbers there are is not known here.
    private static bool IsPhone(string text)
    {
        var digits = text.Where(char.IsAsciiDigit).Count();
        return text[0] == '+'
            && digits is >= 7 and <= 15
            && text.Skip(1).All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or '(' or ')' or '.');
    }
}
