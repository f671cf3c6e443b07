using Gatehouse.Core.Postgres;
using Npgsql;

namespace Gatehouse.Tests.Core.Postgres;

public class TablePartitionsTests
{
    [Fact]
    public void A_missing_partition_is_known_in_every_language_of_the_server()
    {
        Assert.True(
            TablePartitions.IsMissing(new PostgresException("no partition of relation \"events\" found for row", "ERROR", "ERROR", "23514"))
        );
        Assert.True(
            TablePartitions.IsMissing(
                new PostgresException("no se encontró una partición de «events» para el registro", "ERROR", "ERROR", "23514")
            )
        );
    }

    [Fact]
    public void A_named_check_is_none() =>
        Assert.False(
            TablePartitions.IsMissing(
                new PostgresException(
                    "new row for relation \"jobs\" violates check constraint",
                    "ERROR",
                    "ERROR",
                    "23514",
                    constraintName: "jobs_state_known"
                )
            )
        );
}
