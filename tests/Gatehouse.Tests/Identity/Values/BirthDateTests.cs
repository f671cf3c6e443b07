using System.Globalization;
using Gatehouse.Identity.Values;

namespace Gatehouse.Tests.Identity.Values;

public class BirthDateTests
{
    [Theory]
    [InlineData("2000-02-29", "2023-02-28", 22)]
    [InlineData("2000-02-29", "2023-03-01", 23)]
    [InlineData("2000-02-29", "2024-02-28", 23)]
    [InlineData("2000-02-29", "2024-02-29", 24)]
    [InlineData("2000-12-31", "2024-12-30", 23)]
    [InlineData("2000-12-31", "2024-12-31", 24)]
    [InlineData("2024-05-05", "2024-05-05", 0)]
    public void An_age_is_whole_years(string born, string today, int age) => Assert.Equal(age, BirthDate.AgeOn(Day(today), Day(born)));

    [Theory]
    [InlineData("")]
    [InlineData(" \u3000")]
    public void One_of_spaces_is_none(string text)
    {
        var errors = new Gatehouse.Core.Results.ValidationErrors();
        Assert.Null(BirthDate.Parse(text, "birthDate", Day("2024-05-05"), errors)!.Value);
        Assert.False(errors.Any);
    }

    [Theory]
    [InlineData("1904-05-05", true)]
    [InlineData("1903-05-05", false)]
    [InlineData("2024-05-05", true)]
    [InlineData("2024-05-06", false)]
    [InlineData("24-05-05", false)]
    [InlineData("2024-5-5", false)]
    [InlineData("2024-05-05T00:00:00", false)]
    [InlineData("\u0662024-05-05", false)]
    public void A_birth_date_is_a_day_of_the_last_120_years(string text, bool accepted) =>
        Assert.Equal(
            accepted,
            BirthDate.Parse(text, "birthDate", Day("2024-05-05"), new Gatehouse.Core.Results.ValidationErrors()) is not null
        );

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
