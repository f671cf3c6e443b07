using System.Net.Sockets;
using Gatehouse.Core.Postgres;
using Gatehouse.Tests.Web;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gatehouse.Tests.Core.Postgres;

public sealed class DatabaseOutageTests
{
    private static readonly NpgsqlException Lost = new("connect", new SocketException(111));
    private static readonly PostgresException DiskFull = new("could not extend file", "ERROR", "ERROR", "53100");

    private readonly StillClock clock = new();
    private readonly Lines lines = new();
    private readonly DatabaseOutage outage;

    public DatabaseOutageTests() => outage = new DatabaseOutage(clock, lines);

    [Fact]
    public void Ten_minutes_without_the_database_are_a_line_when_they_begin_one_a_minute_and_one_when_they_are_over()
    {
        Answer();
        for (var quarter = 0; quarter < 4 * 600; quarter++)
        {
            // All loops and all requests fail, again and again, and the look does.
            for (var loop = 0; loop < 10; loop++)
                Assert.True(outage.Note(Lost));
            outage.Failed("connection refused");
            Assert.True(outage.IsOn);
            clock.Advance(TimeSpan.FromSeconds(0.25));
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Answer();

        Assert.False(outage.IsOn);
        Assert.Equal(1 + 9 + 1, lines.All.Count);
        Assert.StartsWith("Error The database cannot serve: connection refused.", lines.All[0], StringComparison.Ordinal);
        Assert.All(
            lines.All.Skip(1).Take(9),
            line => Assert.StartsWith("Error The database cannot serve since ", line, StringComparison.Ordinal)
        );
        Assert.StartsWith("Warning The database serves again, after 601 s", lines.All[^1], StringComparison.Ordinal);
        Assert.All(lines.Exceptions, Assert.Null);
    }

    [Fact]
    public void A_failure_that_is_not_the_databases_state_is_left_to_who_met_it()
    {
        Assert.False(outage.Note(new InvalidOperationException("a bug")));
        Assert.False(outage.Note(new PostgresException("syntax error", "ERROR", "ERROR", "42601")));
        Assert.False(outage.IsOn);
        Assert.Empty(lines.All);
    }

    [Fact]
    public void One_lost_connection_is_no_outage_when_the_database_answers()
    {
        outage.Note(Lost);
        Answer();
        outage.Note(Lost);
        Answer();

        Assert.False(outage.IsOn);
        Assert.StartsWith("Warning A connection to the database was lost", Assert.Single(lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_server_says_of_itself_is_an_outage_though_it_answers()
    {
        outage.Note(DiskFull);
        Answer();
        Assert.True(outage.IsOn);

        clock.Advance(TimeSpan.FromSeconds(1));
        Answer();
        Assert.False(outage.IsOn);
    }

    [Fact]
    public void A_look_that_began_before_the_last_failure_ends_no_outage()
    {
        var start = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(1));
        outage.Failed("no answer");
        clock.Advance(TimeSpan.FromSeconds(5));

        outage.Answered(start);

        Assert.True(outage.IsOn);
    }

    [Fact]
    public void What_comes_back_at_once_is_believed_later_each_time()
    {
        var took = new List<double>();
        for (var time = 0; time < 7; time++)
        {
            outage.Note(DiskFull);
            var start = clock.GetTimestamp();
            while (outage.IsOn)
            {
                clock.Advance(TimeSpan.FromSeconds(0.5));
                Answer();
            }

            took.Add(clock.GetElapsedTime(start).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], took);
        clock.Advance(TimeSpan.FromMinutes(2));
        outage.Note(DiskFull);
        clock.Advance(TimeSpan.FromSeconds(1));
        Answer();
        Assert.False(outage.IsOn);
    }

    [Fact]
    public void The_time_down_counts_from_when_the_database_was_last_seen_until_it_serves_again()
    {
        Answer();
        Assert.Equal(TimeSpan.Zero, outage.DownWithin(TimeSpan.FromHours(1)));
        clock.Advance(TimeSpan.FromSeconds(1));
        outage.Failed("connection refused");
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(60), outage.DownWithin(TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.FromSeconds(20), outage.DownWithin(TimeSpan.FromSeconds(20)));
        Answer();
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(60), outage.DownWithin(TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.FromSeconds(15), outage.DownWithin(TimeSpan.FromSeconds(20)));
        Assert.Equal(TimeSpan.Zero, outage.DownWithin(TimeSpan.FromSeconds(5)));
    }

    private void Answer() => outage.Answered(clock.GetTimestamp());

    private sealed class Lines : ILogger<DatabaseOutage>
    {
        public List<string> All { get; } = [];

        public List<Exception?> Exceptions { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            All.Add($"{logLevel} {formatter(state, exception)}");
            Exceptions.Add(exception);
        }
    }
}
