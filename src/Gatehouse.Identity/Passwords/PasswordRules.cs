using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// Which passwords may be chosen (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2): long enough, not common, not about the user or the service,
/// not a pattern. No rule asks for kinds of characters. All comparisons ignore case. Pure; docs/passwords.md explains each rule to users.
/// </summary>
internal sealed class PasswordRules(PasswordOptions options)
{
    public const string TooShort = "identity.password-too-short";
    public const string TooLong = "identity.password-too-long";
    public const string Common = "identity.password-common";
    public const string ContainsContext = "identity.password-contains-context";
    public const string Predictable = "identity.password-predictable";

    // The floor of any setting, and the shortest entry of the list.
    private const int MinCommonLength = 8;

    /// <summary>The first rule that the password breaks.</summary>
    public FieldError? Validate(PasswordInput password, PasswordContext context, string field)
    {
        var text = password.Reveal();
        var least = context.IsOnlyFactor == true ? options.MinimumLength : options.LeastLength;
        if (LengthOf(text) < least)
            return new FieldError
            {
                Field = field,
                Code = TooShort,
                Values = TextInput.Limits(("min", context.IsOnlyFactor is null ? options.MinimumLength : least)),
            };

        var folded = text.ToLowerInvariant();
        var code =
            IsCommon(folded) ? Common
            : context.IsPartOf(folded) ? ContainsContext
            : RepetitionRule.IsRepetition(folded, least) || RepetitionRule.IsMadeOfRuns(folded) ? Predictable
            : null;
        return code is null ? null : new FieldError { Field = field, Code = code };
    }

    /// <summary>Whether it is too short to be the only factor.</summary>
    public bool IsShort(PasswordInput password) => LengthOf(password.Reveal()) < options.MinimumLength;

    private static int LengthOf(string text) => text.EnumerateRunes().Count();

    // An entry of the list, as it is or padded with fewer than eight digits and signs ("password2024!!!"), or two entries in a row:
    // how users make a common password reach the minimum length.
    private static bool IsCommon(string text)
    {
        for (var first = 0; first < MinCommonLength && (first == 0 || !char.IsLetter(text[first - 1])); first++)
        {
            for (
                var end = text.Length;
                text.Length - (end - first) < MinCommonLength && (end == text.Length || !char.IsLetter(text[end]));
                end--
            )
            {
                if (CommonPasswords.Contains(text.AsSpan(first, end - first)))
                    return true;
            }
        }

        for (var cut = MinCommonLength; cut <= text.Length - MinCommonLength; cut++)
        {
            if (CommonPasswords.Contains(text.AsSpan(0, cut)) && CommonPasswords.Contains(text.AsSpan(cut)))
                return true;
        }

        return false;
    }
}
