using Gatehouse.Development.Postgres;

namespace Gatehouse.Tests.Development.Postgres;

public sealed class PostgresFaultsTests
{
    [Theory]
    [InlineData("initdb: error: could not write file: No space left on device", "disk is full")]
    [InlineData("FATAL:  data directory \"/c\" has wrong ownership", "another user")]
    [InlineData("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "not enough memory")]
    [InlineData("setpriv: failed to parse reuid: 'postgres'", "apt-get install")]
    [InlineData("HINT:  Is another postmaster (PID 12) running in data directory \"/c\"?", "stop it first")]
    [InlineData("something nobody has seen", "postgres/log")]
    public void What_postgres_reports_comes_with_what_to_do(string output, string remedy)
    {
        var fault = PostgresErrors.Reported("PostgreSQL does not start", output);

        Assert.Contains(output, fault.Problem, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_major_version_is_explained_with_both_ways_out()
    {
        var fault = PostgresErrors.OtherMajor("/srv/data/postgres/cluster", 15, [17, 16]);

        Assert.Contains("created by PostgreSQL 15; installed: 16, 17", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("postgresql-15", fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("pg_upgrade", fault.Remedy, StringComparison.Ordinal);
    }
}
