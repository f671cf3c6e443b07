using System.Buffers.Text;
using System.Text;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.DataProtection;

namespace Gatehouse.Tests.Web;

public class SortingTests
{
    private static readonly Guid Tenant = new("00000000-0001-7000-8000-000000000001");
    private static readonly Guid First = new("00000000-0000-7000-8000-0000000000a1");
    private static readonly Guid Second = new("00000000-0000-7000-8000-0000000000a2");
    private static readonly (Guid Id, string Name)[] Rows = [(First, "Ann"), (Second, "Bea"), (First, "Cid")];

    private static readonly Sorting People = new() { List = "people", Columns = [new() { Name = "name", Expression = "name collate x" }] };

    [Fact]
    public void Without_a_word_it_goes_by_id_with_the_cursors_of_a_list_that_knows_no_order()
    {
        var page = Parse(new PageInput());
        Assert.Equal(("id < @Cursor", "order by id desc limit @Rows"), (page.Beyond("id"), page.Order("id")));
        var cursor = Of(page with { Limit = 1 }).Next;
        Assert.Equal(First, PageQuery.Parse(limit: null, cursor, new ValidationErrors())!.Cursor);
        Assert.Equal("-createdAt", Of(page).Sort);
        Assert.Equal(cursor, Of(Parse(new PageInput { Sort = "-createdAt", Limit = "1" })).Next);
    }

    [Theory]
    [InlineData("name", "order by name collate x asc, id asc limit @Rows", "(name collate x, id) > (@Key, @Cursor)")]
    [InlineData("-name", "order by name collate x desc, id desc limit @Rows", "(name collate x, id) < (@Key, @Cursor)")]
    [InlineData("createdAt", "order by id asc limit @Rows", "id > @Cursor")]
    public void A_page_goes_on_behind_the_last_row_in_its_order(string sort, string order, string beyond)
    {
        var first = Parse(new PageInput { Sort = sort, Limit = "1" });
        Assert.True(first.IsFirst);
        Assert.Equal((order, sort), (first.Order("id"), Of(first).Sort));

        var next = Parse(
            new PageInput
            {
                Sort = sort,
                Limit = "1",
                After = Of(first).Next,
            }
        );
        Assert.Equal((First, sort.Contains("name", StringComparison.Ordinal) ? "Ann" : ""), (next.Cursor, next.Key));
        Assert.Equal((beyond, order), (next.Beyond("id"), next.Order("id")));

        // Back from there the rows are read the other way, and shown as ever.
        var back = Parse(new PageInput { Sort = sort, Before = Of(next).Previous });
        Assert.NotEqual((beyond, order), (back.Beyond("id"), back.Order("id")));
        Assert.Equal([.. Rows.Reverse()], Of(back).Items);
    }

    [Fact]
    public void The_first_page_of_a_column_has_no_condition() => Assert.Equal("true", Parse(new PageInput { Sort = "name" }).Beyond("id"));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("Name")]
    [InlineData("--name")]
    [InlineData("name,-createdAt")]
    [InlineData("password_hash")]
    public void An_unknown_order_is_a_fault_that_names_the_known_ones(string sort)
    {
        var errors = new ValidationErrors();
        Assert.Null(PageQuery.Parse(new PageInput { Sort = sort, After = "x" }, People, Tenant, errors));
        var error = Assert.Single(errors.ToList());
        Assert.Equal(("sort", "request.unknown-value"), (error.Field, error.Code));
        Assert.Equal("name, -name, createdAt, -createdAt", error.Values!["allowed"]);
    }

    [Fact]
    public void A_cursor_of_another_order_list_or_tenant_is_malformed()
    {
        var cursor = Of(Parse(new PageInput { Sort = "name", Limit = "1" })).Next;
        var plain = Of(Parse(new PageInput { Limit = "1" })).Next;
        Assert.True(Fits(cursor, "name", People, Tenant));
        foreach (var other in new[] { "-name", "createdAt", "-createdAt" })
            Assert.False(Fits(cursor, other, People, Tenant));
        Assert.False(Fits(cursor, "name", People with { List = "places" }, Tenant));
        Assert.False(Fits(cursor, "name", People, Second));
        Assert.False(Fits(plain, "name", People, Tenant));
        Assert.False(Fits(plain, "createdAt", People, Tenant));
        Assert.False(Fits(cursor + "A", "name", People, Tenant));
        Assert.False(Fits(new string('A', 4000), "name", People, Tenant));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xff)]
    public void Text_that_the_database_does_not_take_is_malformed(byte bad)
    {
        var cursor = Of(Parse(new PageInput { Sort = "name", Limit = "1" })).Next!;
        Assert.False(Fits(Base64Url.EncodeToString([.. Base64Url.DecodeFromChars(cursor), bad]), "name", People, Tenant));
    }

    [Fact]
    public void What_is_about_people_stands_in_no_cursor()
    {
        var closed = People with { Protector = new EphemeralDataProtectionProvider().CreateProtector("test") };
        var page = PageQuery.Parse(new PageInput { Sort = "name", Limit = "1" }, closed, Tenant, new ValidationErrors())!;
        var cursor = Of(page).Next!;
        Assert.DoesNotContain("Ann", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)), StringComparison.Ordinal);
        Assert.True(Fits(cursor, "name", closed, Tenant));
        Assert.False(Fits(cursor, "-name", closed, Tenant));
        Assert.False(Fits(Of(Parse(new PageInput { Sort = "name", Limit = "1" })).Next, "name", closed, Tenant));
    }

    private static PageQuery Parse(PageInput asked) => PageQuery.Parse(asked, People, Tenant, new ValidationErrors())!;

    private static Page<(Guid Id, string Name)> Of(PageQuery page) => page.Of(Rows, row => row.Id, row => row, (row, _) => row.Name);

    private static bool Fits(string? cursor, string sort, Sorting sorting, Guid tenant)
    {
        var errors = new ValidationErrors();
        var page = PageQuery.Parse(new PageInput { Sort = sort, After = cursor }, sorting, tenant, errors);
        Assert.Equal(page is null ? ["after request.cursor-malformed"] : [], errors.ToList().Select(e => $"{e.Field} {e.Code}"));
        return page is not null;
    }
}
