using Gatehouse.Organizations.Access;

namespace Gatehouse.Tests.Organizations;

public sealed class ResourcePathTests
{
    [Theory]
    [InlineData("/", "")]
    [InlineData("/orders", "orders")]
    [InlineData("/orders/", "orders")]
    [InlineData("/orders/7", "orders|7")]
    [InlineData("/%6Frders/caf%C3%A9", "orders|café")]
    [InlineData("/orders/...", "orders|...")]
    [InlineData("/a b/😀", "a b|😀")]
    public void A_path_with_one_meaning_has_one_form(string path, string segments) =>
        Assert.Equal(segments, string.Join('|', ResourcePath.Parse(path)!));

    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("//")]
    [InlineData("//orders")]
    [InlineData("/orders//7")]
    [InlineData("/orders//")]
    [InlineData("/./orders")]
    [InlineData("/orders/..")]
    [InlineData("/orders/%2E%2e/admin")]
    [InlineData("/orders/.%2e/admin")]
    [InlineData("/orders%2F7")]
    [InlineData("/orders%5c7")]
    [InlineData("/orders\\7")]
    [InlineData("/orders%252e")]
    [InlineData("/orders%00")]
    [InlineData("/orders%0a")]
    [InlineData("/orders\u0000")]
    [InlineData("/orders%")]
    [InlineData("/orders%2")]
    [InlineData("/orders%zz")]
    [InlineData("/orders/%C0%AE%C0%AE/admin")]
    [InlineData("/orders/%ED%A0%80")]
    [InlineData("/orders;x=1")]
    [InlineData("/orders/..;/admin")]
    [InlineData("/orders?x=1")]
    [InlineData("/orders#x")]
    public void A_path_that_servers_read_in_more_than_one_way_has_none(string path) => Assert.Null(ResourcePath.Parse(path));

    [Fact]
    public void Half_a_surrogate_pair_and_a_path_without_end_have_none()
    {
        Assert.Null(ResourcePath.Parse("/orders/" + (char)0xD800));
        Assert.Null(ResourcePath.Parse("/" + new string('a', ResourcePath.MaxLength)));
    }

    [Theory]
    [InlineData("/", "/", true)]
    [InlineData("/", "/a", false)]
    [InlineData("/a/*", "/a/b", true)]
    [InlineData("/a/*", "/a", false)]
    [InlineData("/a/*", "/a/b/c", false)]
    [InlineData("/a/**", "/a", true)]
    [InlineData("/a/**", "/a/b/c", true)]
    [InlineData("/a/**", "/ab", false)]
    [InlineData("/**", "/", true)]
    [InlineData("/*/b", "/a/b", true)]
    [InlineData("/a/b/", "/a/b", true)]
    [InlineData("/a/b", "/A/b", false)]
    public void A_pattern_matches_whole_segments_in_their_case(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.Parse(pattern)!.Matches(ResourcePath.Parse(path)!));

    [Fact]
    public void The_most_specific_pattern_comes_first_from_the_left()
    {
        string[] expected = ["/a/b/c", "/a/b/*", "/a/b/**", "/a/*/c", "/a/*/**", "/a/**", "/*/b/c", "/*/**", "/**"];
        Assert.Equal(
            expected,
            expected.Reverse().Select(PathPattern.Parse).Order(PathPattern.BySpecificity).Select(pattern => pattern!.ToString())
        );
        Assert.True(PathPattern.BySpecificity.Compare(PathPattern.Parse("/a"), PathPattern.Parse("/a/**")) < 0);
    }
}
