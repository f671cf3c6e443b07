using System.Text;
using Gatehouse.Development.Postgres;

namespace Gatehouse.Tests.Development.Postgres;

public sealed class SocketFolderTests
{
    private const string Temporary = "/tmp/";
    private const int MaxFolderLength = SocketFolder.MaxSocketPathLength - 14; // "/.s.PGSQL.5432"

    [Fact]
    public void A_short_path_has_its_socket_beside_the_data() =>
        Assert.Equal("/srv/gate house/postgres", SocketFolder.Choose("/srv/gate house/postgres", Temporary));

    [Fact]
    public void The_longest_path_that_fits_is_used()
    {
        var longest = "/" + new string('a', MaxFolderLength - 1);

        Assert.Equal(longest, SocketFolder.Choose(longest, Temporary));
        Assert.NotEqual(longest + "a", SocketFolder.Choose(longest + "a", Temporary));
    }

    [Fact]
    public void Bytes_are_counted_not_characters()
    {
        var path = "/" + new string('ä', (MaxFolderLength / 2) + 1);

        Assert.NotEqual(path, SocketFolder.Choose(path, Temporary));
    }

    [Theory]
    [InlineData("/srv/a,b/postgres")]
    [InlineData("/srv/a:b/postgres")]
    public void A_path_that_a_connection_string_would_misread_is_avoided(string path) =>
        Assert.StartsWith("/tmp/gatehouse-", SocketFolder.Choose(path, Temporary), StringComparison.Ordinal);

    [Fact]
    public void The_folder_for_temporary_files_is_stable_and_different_for_each_data_folder()
    {
        var one = "/" + new string('a', 200);
        var other = "/" + new string('b', 200);

        Assert.Equal(SocketFolder.Choose(one, Temporary), SocketFolder.Choose(one, Temporary));
        Assert.NotEqual(SocketFolder.Choose(one, Temporary), SocketFolder.Choose(other, Temporary));
    }

    [Fact]
    public void A_folder_for_temporary_files_that_is_itself_too_long_is_not_used()
    {
        var chosen = SocketFolder.Choose("/" + new string('a', 200), "/" + new string('t', 100));

        Assert.StartsWith("/tmp/gatehouse-", chosen, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(chosen) <= MaxFolderLength);
    }
}
