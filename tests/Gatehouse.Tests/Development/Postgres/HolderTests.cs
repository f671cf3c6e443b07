using Gatehouse.Development.Postgres;

namespace Gatehouse.Tests.Development.Postgres;

public sealed class HolderTests
{
    private static readonly Holder Someone = new(4711, new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero), "http://localhost:8080");

    [Fact]
    public void What_is_written_is_read_again() => Assert.Equal(Someone, Holder.Parse(Someone.Format()));

    [Fact]
    public void A_holder_is_named_by_process_and_address() =>
        Assert.Equal("process 4711, running on http://localhost:8080 since 2026-11-20 09:30:00 UTC", Someone.ToString());

    [Fact]
    public void A_text_cut_anywhere_names_nobody()
    {
        var text = Someone.Format();

        for (var length = 0; length < text.Length; length++)
            Assert.Null(Holder.Parse(text[..length]));
    }
}
