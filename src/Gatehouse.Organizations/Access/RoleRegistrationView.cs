using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Access;

/// <summary>How users register for a role, as it is shown.</summary>
public sealed record RoleRegistrationView
{
    [Description("open: anybody may register for the role, while the tenant lets anybody register; closed: nobody.")]
    public required string State { get; init; }

    [Description("What a registration must have beside name and password: " + RoleRegistrationInput.FieldNames + ".")]
    public required IReadOnlyList<string> RequiredFields { get; init; }

    [Description("In whole years; null for any. It also counts for later changes of the birth date of those who have the role.")]
    public required int? MinimumAge { get; init; }

    [Description("What the mail leads with: code or link. It has both. A text message has a code only.")]
    public required string Verification { get; init; }

    [Description(RoleRegistrationInput.EarlyDescription)]
    public required bool SignInBeforeVerification { get; init; }

    [Description("A line that the mail begins with, by language.")]
    public required IReadOnlyDictionary<string, string> Introduction { get; init; }

    internal static RoleRegistrationView Of(RoleRegistrationRow row) =>
        new()
        {
            State = row.State,
            RequiredFields = row.RequiredFields,
            MinimumAge = row.MinimumAge,
            Verification = row.Verification,
            SignInBeforeVerification = row.EarlySignIn,
            Introduction = row.Introductions(),
        };
}

/// <summary>How users register for a role, as people write it. Pure.</summary>
internal static class RoleRegistrationInput
{
    public const int MaxAge = 120;
    public const int MaxIntroduction = 300;

    public const string FieldNames = "email or phoneNumber, username, givenName, familyName, birthDate";

    public const string EarlyDescription =
        "Whether users are signed in before they verify their address. Registering then reveals whether an address has an account: "
        + "a known one gets no tokens. Until the address is verified the user has no role, and tokens say emailVerified: false.";

    private static readonly IReadOnlyList<string> States = [RoleRegistrationRow.Open, RoleRegistrationRow.Closed];
    private static readonly IReadOnlyList<string> Verifications = [RoleRegistrationRow.ByCode, RoleRegistrationRow.ByLink];

    /// <summary>Null with errors.</summary>
    public static RoleRegistrationView? Parse(SetRoleRegistration.Request request, ValidationErrors errors)
    {
        var state = Known("state", request.State ?? RoleRegistrationRow.Closed, States, errors);
        var verification = Known("verification", request.Verification ?? RoleRegistrationRow.ByCode, Verifications, errors);
        foreach (var field in request.RequiredFields ?? [])
            Known("requiredFields", field, RegistrationFields.All, errors);
        var fields = RegistrationFields
            .All.Where(field => request.RequiredFields?.Contains(field, StringComparer.Ordinal) == true)
            .ToList();
        // An account begins with one of the two.
        if (fields.Contains(RegistrationFields.Email) && fields.Contains(RegistrationFields.PhoneNumber) && !errors.Has("requiredFields"))
            errors.Add("requiredFields", "identity.one-contact-only");
        if (request.MinimumAge is < 1 or > MaxAge)
            errors.Add("minimumAge", ValidationCodes.OutOfRange, TextInput.Limits(("min", 1), ("max", MaxAge)));
        // An age is told by a birth date.
        if (request.MinimumAge is not null && !fields.Contains(RegistrationFields.BirthDate))
            fields.Add(RegistrationFields.BirthDate);
        var introduction = ParseIntroduction(request.Introduction, errors);
        return errors.Any
            ? null
            : new RoleRegistrationView
            {
                State = state,
                RequiredFields = fields,
                MinimumAge = request.MinimumAge,
                Verification = verification,
                SignInBeforeVerification = request.SignInBeforeVerification ?? false,
                Introduction = introduction,
            };
    }

    /// <summary>Whether both say the same.</summary>
    public static bool Same(RoleRegistrationView one, RoleRegistrationView other) =>
        one with { RequiredFields = other.RequiredFields, Introduction = other.Introduction } == other
        && one.RequiredFields.SequenceEqual(other.RequiredFields, StringComparer.Ordinal)
        && one.Introduction.Count == other.Introduction.Count
        && one.Introduction.All(line => other.Introduction.TryGetValue(line.Key, out var text) && text == line.Value);

    private static string Known(string field, string value, IReadOnlyList<string> allowed, ValidationErrors errors)
    {
        if (!allowed.Contains(value, StringComparer.Ordinal) && !errors.Has(field))
            errors.Add(field, ValidationCodes.UnknownValue, TextInput.Limits(("allowed", string.Join(", ", allowed))));
        return value;
    }

    // A language without a line has none: a mail of two languages would look forged.
    private static SortedDictionary<string, string> ParseIntroduction(IReadOnlyDictionary<string, string>? lines, ValidationErrors errors)
    {
        var parsed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (language, line) in lines ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!Languages.All.Contains(language, StringComparer.Ordinal))
                errors.Add("introduction", ValidationCodes.UnknownMember);
            else if (OneLine.Parse(line, $"introduction.{language}", MaxIntroduction, errors) is { } text)
                parsed[language] = text;
            if (errors.Has("introduction"))
                break;
        }

        return parsed;
    }
}
