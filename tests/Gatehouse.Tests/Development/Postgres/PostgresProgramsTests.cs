using Gatehouse.Development.Postgres;

namespace Gatehouse.Tests.Development.Postgres;

public sealed class PostgresProgramsTests
{
    private static readonly PostgresPrograms Fourteen = new("/usr/lib/postgresql/14/bin", 14);
    private static readonly PostgresPrograms Fifteen = new("/usr/lib/postgresql/15/bin", 15);
    private static readonly PostgresPrograms Seventeen = new("/usr/lib/postgresql/17/bin", 17);

    [Fact]
    public void A_new_cluster_is_made_by_the_newest_version() =>
        Assert.Equal(Seventeen, PostgresPrograms.Choose([Fifteen, Seventeen, Fourteen], clusterMajor: null));

    [Fact]
    public void An_existing_cluster_is_served_by_the_version_that_made_it() =>
        Assert.Equal(Fifteen, PostgresPrograms.Choose([Seventeen, Fifteen], clusterMajor: 15));

    [Fact]
    public void A_cluster_of_a_version_that_is_not_installed_is_served_by_none() =>
        Assert.Null(PostgresPrograms.Choose([Fifteen, Seventeen], clusterMajor: 16));

    [Fact]
    public void A_version_below_15_is_not_used() => Assert.Null(PostgresPrograms.Choose([Fourteen], clusterMajor: null));

    [Fact]
    public void The_package_goes_before_the_search_path() =>
        Assert.Equal(Fifteen, PostgresPrograms.Choose([Fifteen, new("/opt/postgres/bin", 15)], clusterMajor: null));

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 16.4 (Ubuntu 16.4-0ubuntu0.24.04.2)", 16)]
    [InlineData("postgres (PostgreSQL) 18devel", 18)]
    [InlineData("bash: postgres: command not found", null)]
    [InlineData("", null)]
    public void The_major_version_is_read_from_what_postgres_says(string output, int? major) =>
        Assert.Equal(major, PostgresPrograms.ParseVersion(output));

    [Theory]
    [InlineData("15\n", 15)]
    [InlineData("9.6", null)]
    [InlineData("common", null)]
    [InlineData("-15", null)]
    public void The_major_version_is_read_from_a_name(string text, int? major) => Assert.Equal(major, PostgresPrograms.ParseMajor(text));
}
