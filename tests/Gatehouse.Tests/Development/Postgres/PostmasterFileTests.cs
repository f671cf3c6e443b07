using Gatehouse.Development.Postgres;

namespace Gatehouse.Tests.Development.Postgres;

public sealed class PostmasterFileTests
{
    private const string Cluster = "/srv/data/postgres/cluster";

    [Fact]
    public void A_running_servers_file_names_process_socket_and_status()
    {
        var file = PostmasterFile.Parse(
            "4711\n/srv/data/postgres/cluster\n1793000000\n5432\n/srv/data/postgres\n\n  1234567         3\nready   \n"
        );

        Assert.Equal(
            new PostmasterFile
            {
                ProcessId = 4711,
                SocketFolder = "/srv/data/postgres",
                Status = "ready",
            },
            file
        );
        Assert.False(file!.IsStopping);
    }

    [Fact]
    public void A_server_that_stops_says_so() => Assert.True(PostmasterFile.Parse("4711\n/c\n1\n5432\n/s\n\n1 3\nstopping\n")!.IsStopping);

    [Fact]
    public void A_starting_servers_file_has_no_socket_yet() =>
        Assert.Equal(
            new PostmasterFile
            {
                ProcessId = 4711,
                SocketFolder = null,
                Status = "",
            },
            PostmasterFile.Parse("4711\n/srv/data/postgres/cluster\n1793000000\n5432\n\n")
        );

    [Theory]
    [InlineData("")]
    [InlineData("-4711\n/c\n")]
    [InlineData("postgres\n/c\n")]
    [InlineData("99999999999\n/c\n")]
    public void A_file_without_a_process_number_is_none(string text) => Assert.Null(PostmasterFile.Parse(text));

    [Theory]
    [InlineData("/usr/lib/postgresql/15/bin/postgres\0-D\0/srv/data/postgres/cluster\0-c\0port=5432\0", true)]
    [InlineData("/usr/lib/postgresql/15/bin/postgres\0-D\0/srv/data/postgres/cluster2\0", false)]
    [InlineData("/usr/lib/postgresql/15/bin/postgres\0-c\0/srv/data/postgres/cluster\0-D\0/other\0", false)]
    [InlineData("/usr/bin/less\0-D\0/srv/data/postgres/cluster\0", false)]
    [InlineData("postgres: checkpointer \0", false)]
    [InlineData("", false)]
    public void A_process_is_this_clusters_server_only_by_its_program_and_its_folder(string commandLine, bool expected) =>
        Assert.Equal(expected, PostmasterFile.IsServerOf(commandLine, Cluster));
}
