using System.ComponentModel;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Values;

namespace Gatehouse.Identity.Accounts;

/// <summary>A user as others see them. What is hidden looks like what is empty.</summary>
public sealed record ProfileCard
{
    [Description("With the capitals that the user chose. Null on the own preview of a user without one.")]
    public string? Username { get; init; }

    public string? Name { get; init; }

    [Description(
        "Address of the photo; of a picture that stands for anybody where there is none or it is hidden. Unless the store is public it "
            + "works for a limited time (15 minutes if the installation sets no other): read it again instead of keeping it."
    )]
    public required string Picture { get; init; }

    [Description("Position or form of address.")]
    public string? Title { get; init; }

    [Description("A text about the user, with lines separated by a line feed.")]
    public string? About { get; init; }

    [Description("Absolute http or https address.")]
    public string? Website { get; init; }

    [Description("Absolute http or https addresses, at most 10.")]
    public required IReadOnlyList<string> Links { get; init; }

    [Description("BCP 47 tags of the languages the user speaks, in order of preference.")]
    public required IReadOnlyList<string> Languages { get; init; }

    [Description("Whole years today (UTC).")]
    public int? Age { get; init; }

    [Description("Verified e-mail address.")]
    public string? Email { get; init; }

    [Description("Verified phone number in E.164.")]
    public string? PhoneNumber { get; init; }

    internal static ProfileCard Of(UserView user, PictureAddresses pictures)
    {
        return new ProfileCard
        {
            Username = user.Username,
            Name = Shown(CardFields.Name, user.Name),
            Picture = Shown(CardFields.Picture, user.Picture) ?? pictures.Nobody,
            Title = Shown(CardFields.Title, user.Title),
            About = Shown(CardFields.About, user.About),
            Website = Shown(CardFields.Website, user.Website),
            Links = Shown(CardFields.Links, user.Links) ?? [],
            Languages = Shown(CardFields.Languages, user.Languages) ?? [],
            Age = user.PublicFields.Contains(CardFields.Age) ? user.Age : null,
            Email = user.EmailVerified ? Shown(CardFields.Email, user.Email) : null,
            PhoneNumber = user.PhoneNumberVerified ? Shown(CardFields.PhoneNumber, user.PhoneNumber) : null,
        };

        T? Shown<T>(string field, T? value)
            where T : class => user.PublicFields.Contains(field) ? value : null;
    }

    public override string ToString() => "[profile]";
}
