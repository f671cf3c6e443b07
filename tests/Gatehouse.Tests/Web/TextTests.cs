using System.Reflection;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Events;
using Gatehouse.Web.Jobs;
using Gatehouse.Web.Operations;

namespace Gatehouse.Tests.Web;

public class TextTests
{
    private static readonly MessageCatalog Catalog = new([new TextSource(typeof(MessageCatalog).Assembly)]);

    [Theory]
    [InlineData("", "en")]
    [InlineData("es", "es")]
    [InlineData("es-MX", "es")]
    [InlineData("HI-in", "hi")]
    [InlineData("fr", "en")]
    [InlineData("fr, hi;q=0.3, es;q=0.7", "es")]
    [InlineData("en;q=0, es;q=0.1", "es")]
    [InlineData("es;q=0", "en")]
    [InlineData("*, es;q=0.5", "en")]
    [InlineData("es;q=7, hi;q=0.1", "hi")]
    [InlineData("es;q=NaN", "en")]
    [InlineData(";;;,,,q=,=-;", "en")]
    [InlineData("esperanto", "en")]
    public void The_preferred_language_is_chosen(string header, string language) => Assert.Equal(language, Languages.Choose(header));

    [Theory]
    [InlineData("", "es", "es")]
    [InlineData("fr, *;q=0.1", "hi", "hi")]
    [InlineData("en", "es", "en")]
    [InlineData("hi;q=0.1", "es", "hi")]
    [InlineData("fr", "tlh", "en")]
    public void Who_names_no_known_language_gets_the_one_of_the_tenant(string header, string otherwise, string language) =>
        Assert.Equal(language, Languages.Choose(header, otherwise));

    [Fact]
    public void A_huge_header_is_not_read_to_its_end() => Assert.Equal("en", Languages.Choose(new string(',', 20_000) + "es"));

    [Fact]
    public void Placeholders_are_filled_and_unknown_ones_left()
    {
        var values = new Dictionary<string, object> { ["expected"] = "string" };
        Assert.Equal("This value must be of type string.", Catalog.Text(ValidationCodes.WrongType, "en", values));
        Assert.Contains("{expected}", Catalog.Text(ValidationCodes.WrongType, "en"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", 1, "Try again in 1 second.")]
    [InlineData("en", 0, "Try again in 0 seconds.")]
    [InlineData("en", 2, "Try again in 2 seconds.")]
    [InlineData("es", 1, "Inténtalo de nuevo en 1 segundo.")]
    [InlineData("es", 2, "Inténtalo de nuevo en 2 segundos.")]
    [InlineData("hi", 1, "1 सेकंड बाद फिर कोशिश करें।")]
    public void One_of_a_kind_is_said_as_one(string language, int count, string text) =>
        Assert.Equal(text, Catalog.Text("page.error.wait-seconds", language, new Dictionary<string, object> { ["count"] = count }));

    [Fact]
    public void An_unknown_code_is_its_own_text() => Assert.Equal("module.unheard-of", Catalog.Text("module.unheard-of", "es"));

    [Fact]
    public void Every_code_has_a_text_in_every_language_and_no_text_is_left_over()
    {
        var codes = Constants<Error>(typeof(RequestErrors))
            .Concat(Constants<Error>(typeof(EventsErrors)))
            .Concat(Constants<Error>(typeof(OperationsErrors)))
            .Concat(Constants<Error>(typeof(JobsErrors)))
            .Select(e => e.Code)
            .Concat(Constants<string>(typeof(ValidationCodes)))
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.All(
            Languages.All,
            language =>
                Assert.Equal(
                    codes,
                    Catalog.Codes(language).Where(code => code.Split('.')[0] is not ("page" or "device")).Order(StringComparer.Ordinal)
                )
        );
    }

    private static IEnumerable<T> Constants<T>(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => field.GetValue(obj: null))
            .OfType<T>();
}
