using System.Globalization;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Values;

/// <summary>A day of birth, <c>YYYY-MM-DD</c>: not in the future and not more than 120 years ago. The age is computed from it and never
/// stored.</summary>
internal sealed record BirthDate
{
    public const string Malformed = "identity.birth-date-invalid";
    public const int MaxAge = 120;

    private const string Format = "yyyy-MM-dd";

    private BirthDate(DateOnly? value) => Value = value;

    /// <summary>Null for none.</summary>
    public DateOnly? Value { get; }

    /// <param name="today">The day by the server's clock, in UTC.</param>
    public static BirthDate? Parse(string input, string field, DateOnly today, ValidationErrors errors)
    {
        if (TextInput.IsBlank(input))
            return new BirthDate(value: null);
        if (
            DateOnly.TryParseExact(input, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day <= today
            && AgeOn(today, day) <= MaxAge
        )
            return new BirthDate(day);
        errors.Add(field, Malformed, TextInput.Limits(("max", MaxAge)));
        return null;
    }

    public static string Write(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Whole years. Who was born on 29 February is a year older on 1 March of the years that lack that day.</summary>
    public static int AgeOn(DateOnly today, DateOnly born)
    {
        var years = today.Year - born.Year;
        return (today.Month, today.Day).CompareTo((born.Month, born.Day)) < 0 ? years - 1 : years;
    }

    public override string ToString() => "[birth date]";
}
