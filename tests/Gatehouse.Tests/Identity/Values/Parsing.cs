using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Core.Results;

namespace Gatehouse.Tests.Identity.Values;

/// <summary>Calls a Parse method and gives its value and the codes of its errors.</summary>
internal static class Parsing
{
    /// <summary>Any UTF-16 units, among them U+0000 and halves of surrogate pairs, mixed with ASCII and null.</summary>
    public static Arbitrary<string?> AnyText { get; } =
        Gen.OneOf(
                Gen.OneOf(
                        Gen.Choose(0, 0xFFFF),
                        Gen.Choose(0x20, 0x7E),
                        Gen.Choose(0xD800, 0xDFFF),
                        Gen.Constant((int)'@'),
                        Gen.Constant((int)'.')
                    )
                    .ArrayOf()
                    .Select(units => (string?)string.Concat(units.Select(unit => (char)unit))),
                Gen.Constant<string?>(null)
            )
            .ToArbitrary();

    public static Config Quickly => Config.QuickThrowOnFailure.WithMaxTest(1_000);

    public static (T? Value, string? Code) Of<T>(Func<string, ValidationErrors, T?> parse)
        where T : class
    {
        var errors = new ValidationErrors();
        var value = parse("field", errors);
        var list = errors.ToList();
        Assert.Equal(value is null ? 1 : 0, list.Count);
        Assert.All(list, fault => Assert.Equal("field", fault.Field));
        return (value, list.Count == 0 ? null : list[0].Code);
    }
}
