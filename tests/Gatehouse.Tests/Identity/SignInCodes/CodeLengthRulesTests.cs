using Gatehouse.Core.Results;
using Gatehouse.Identity.SignInCodes;
using Gatehouse.Identity.Verification;

namespace Gatehouse.Tests.Identity.SignInCodes;

public sealed class CodeLengthRulesTests
{
    [Theory]
    [InlineData(0, 6, 6)]
    [InlineData(100, 6, 6)]
    [InlineData(101, 6, 8)]
    [InlineData(1000, 6, 8)]
    [InlineData(1001, 6, 10)]
    [InlineData(int.MaxValue, 6, 10)]
    [InlineData(101, 7, 8)]
    [InlineData(101, 9, 9)]
    [InlineData(1001, 9, 10)]
    [InlineData(5000, 10, 10)]
    public void Codes_grow_with_the_wrong_ones_and_never_shrink_below_the_usual_length(int wrong, int usual, int digits)
    {
        Assert.Equal(digits, CodeLengthRules.Digits(wrong, usual, limit: 100));
        Assert.Contains(digits, CodeLengthRules.Lengths(usual));
    }

    [Theory]
    [InlineData(6, "6 8 10")]
    [InlineData(8, "8 10")]
    [InlineData(9, "9 10")]
    [InlineData(10, "10")]
    public void Lengths_begin_with_the_usual_one(int usual, string lengths) =>
        Assert.Equal(lengths, string.Join(' ', CodeLengthRules.Lengths(usual)));

    [Theory]
    [InlineData("123456", null)]
    [InlineData("12345678", null)]
    [InlineData("1234567890", null)]
    [InlineData("12345", 6)]
    [InlineData("1234567", 8)]
    [InlineData("123456789", 10)]
    [InlineData("12345678901", 10)]
    [InlineData("12345a", 6)]
    public void A_code_of_no_length_that_codes_have_is_told_the_next_one(string typed, int? told)
    {
        var errors = new ValidationErrors();
        var code = OneTimeCode.Parse(typed, CodeLengthRules.Lengths(6), "code", errors);

        Assert.Equal(told is null, code is not null);
        Assert.Equal(told, errors.Any ? RequestErrorsOf(errors).Values!["digits"] : null);
    }

    [Theory]
    [InlineData("1234 5678", "12345678")]
    [InlineData("123 456", "123456")]
    [InlineData("12345 67890", "1234567890")]
    [InlineData("Your code: 12345678.", "12345678")]
    [InlineData("654321 – sent 2026-11-28", "654321")]
    [InlineData("no code", "no code")]
    public void Codes_of_each_length_are_found_in_what_is_pasted(string typed, string code) =>
        Assert.Equal(code, CodeInput.In(typed, CodeLengthRules.Lengths(6)));

    private static FieldError RequestErrorsOf(ValidationErrors errors) => Gatehouse.Web.RequestErrors.InvalidWith(errors).Errors[0];
}
