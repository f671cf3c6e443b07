using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

public class PagingTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 5).Select(n => new Guid(n, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]))];

    [Fact]
    public void Without_a_word_it_is_the_first_page_of_fifty()
    {
        var page = PageQuery.Parse(limit: null, after: null, new ValidationErrors())!;

        Assert.Equal((50, 51, Guid.AllBitsSet), (page.Limit, page.Rows, page.Cursor));
    }

    [Fact]
    public void Next_leads_to_what_comes_behind_the_last_item_shown()
    {
        var page = PageQuery.Parse("2", after: null, new ValidationErrors())!.Of(Ids[..3], id => id, id => id);

        Assert.Equal(Ids[..2], page.Items);
        Assert.Equal(Ids[1], PageQuery.Parse("2", page.Next, new ValidationErrors())!.Cursor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_last_page_has_no_next(int rows) =>
        Assert.Null(PageQuery.Parse("2", after: null, new ValidationErrors())!.Of(Ids[..rows], id => id, id => id).Next);

    [Fact]
    public void Previous_leads_back_to_the_page_that_came_before()
    {
        var second = At(new PageInput { Limit = "2", After = Cursor(Ids[3]) }, [Ids[2], Ids[1], Ids[0]]);
        Assert.Equal([Ids[2], Ids[1]], second.Items);
        Assert.Equal(Cursor(Ids[2]), second.Previous);

        // Read upwards from there, and shown as they always are.
        var first = At(new PageInput { Limit = "2", Before = second.Previous }, [Ids[3], Ids[4]]);
        Assert.Equal([Ids[4], Ids[3]], first.Items);
        Assert.Equal((Cursor(Ids[3]), null), (first.Next, first.Previous));
        var between = At(new PageInput { Limit = "1", Before = second.Previous }, [Ids[3], Ids[4]]);
        Assert.Equal((Cursor(Ids[3]), Cursor(Ids[3])), (between.Next, between.Previous));
    }

    [Fact]
    public void The_first_page_has_no_previous_and_neither_has_one_that_is_empty_by_now()
    {
        Assert.Null(At(new PageInput { Limit = "2" }, Ids[..3]).Previous);
        var empty = At(new PageInput { Before = Cursor(Ids[0]) }, []);
        Assert.Equal((null, null), (empty.Next, empty.Previous));
    }

    [Fact]
    public void A_list_from_the_oldest_is_read_the_other_way_round()
    {
        var first = PageQuery.Parse(PageInput.First, new ValidationErrors())!;
        Assert.Equal(("id < @Cursor", "order by id desc limit @Rows"), (first.Beyond("id"), first.Order("id")));
        Assert.Equal(("id > @Cursor", "order by id asc limit @Rows"), (first.FromOldest().Beyond("id"), first.FromOldest().Order("id")));
        Assert.Equal((Guid.Empty, true), (first.FromOldest().Cursor, first.FromOldest().IsFirst));
        var back = PageQuery.Parse(new PageInput { Before = Cursor(Ids[0]) }, new ValidationErrors())!;
        Assert.Equal(("id > @Cursor", "id < @Cursor"), (back.Beyond("id"), back.FromOldest().Beyond("id")));
    }

    [Fact]
    public void A_malformed_cursor_is_a_fault_in_both_directions()
    {
        var errors = new ValidationErrors();
        Assert.Null(PageQuery.Parse(new PageInput { Before = "x" }, errors));
        Assert.True(errors.Any);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("100")]
    [InlineData("007")]
    public void A_limit_from_1_to_100_is_taken(string limit) => Assert.NotNull(PageQuery.Parse(limit, after: null, new ValidationErrors()));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1,1")]
    [InlineData(" 1")]
    [InlineData("٣")]
    [InlineData("99999999999999999999")]
    public void Any_other_limit_is_a_fault(string limit) => Assert.Equal("limit request.out-of-range", Fault(limit, after: null));

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAA AAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA/+")]
    [InlineData("********************AA")]
    public void Anything_but_a_cursor_is_a_fault(string after) => Assert.Equal("after request.cursor-malformed", Fault(limit: null, after));

    [Fact]
    public void Both_faults_are_told_at_once() =>
        Assert.Equal("limit request.out-of-range, after request.cursor-malformed", Fault("x", "x"));

    private static Page<Guid> At(PageInput asked, IReadOnlyList<Guid> rows) =>
        PageQuery.Parse(asked, new ValidationErrors())!.Of(rows, id => id, id => id);

    private static string Cursor(Guid id) => At(new PageInput { Limit = "1" }, [id, id]).Next!;

    private static string Fault(string? limit, string? after)
    {
        var errors = new ValidationErrors();
        Assert.Null(PageQuery.Parse(limit, after, errors));
        return string.Join(", ", errors.ToList().Select(f => $"{f.Field} {f.Code}"));
    }
}
