using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Audit.Data;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Audit;

public class EncodingTests
{
    private const string Table = "audit.records.";

    private static readonly PropertyInfo[] Columns = [.. typeof(StoredRecord).GetProperties().Where(p => p.CanWrite)];

    [Fact]
    public void Whichever_column_is_altered_the_encoding_is_another() =>
        Prop.ForAll(
                (
                    from record in Record()
                    from other in Record()
                    from column in Gen.Elements(Columns)
                    select (record, other, column)
                ).ToArbitrary(),
                t =>
                {
                    var altered = t.record with { };
                    t.column.SetValue(altered, t.column.GetValue(t.other));
                    return Same(altered, t.record) == t.record.Encode().AsSpan().SequenceEqual(altered.Encode());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_moves_from_one_column_to_the_next_changes_the_encoding() =>
        Prop.ForAll(
                (
                    from record in Record()
                    from text in ArbMap.Default.GeneratorFor<NonNull<string>>()
                    from cut in Gen.Choose(0, 20)
                    from cut2 in Gen.Choose(0, 20)
                    select (record, text.Get, cut, cut2)
                ).ToArbitrary(),
                t =>
                {
                    var (record, text, cut, cut2) = t;
                    var (a, b) = (Split(record, text, cut), Split(record, text, cut2));
                    return (a == b) == a.Encode().AsSpan().SequenceEqual(b.Encode());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void An_absent_text_is_not_an_empty_one()
    {
        var record = Chain.Record(1);
        Assert.NotEqual((record with { Reason = null }).Encode(), (record with { Reason = "" }).Encode());
        Assert.NotEqual((record with { Actor = null }).Encode(), (record with { Actor = Guid.Empty }).Encode());
        Assert.NotEqual((record with { Reason = "a", Network = null }).Encode(), (record with { Reason = null, Network = "a" }).Encode());
    }

    [Fact]
    public void Every_column_of_the_table_takes_part()
    {
        var schema = File.ReadAllLines(Path.Combine(Repository.Root, "src/Gatehouse.Audit/Data/Migrations/schema.txt"));
        var columns = schema
            .Where(line => line.StartsWith(Table, StringComparison.Ordinal))
            .Select(line => line[Table.Length..].Split(' ')[0].Replace("_", "", StringComparison.Ordinal));
        Assert.Equal(
            columns.Order(StringComparer.OrdinalIgnoreCase),
            Columns.Select(c => c.Name).Order(StringComparer.OrdinalIgnoreCase),
            StringComparer.OrdinalIgnoreCase
        );
    }

    private static StoredRecord Split(StoredRecord record, string text, int cut) =>
        record with
        {
            Network = text[..Math.Min(cut, text.Length)],
            Device = text[Math.Min(cut, text.Length)..],
        };

    // What the database keeps of a time are microseconds.
    private static bool Same(StoredRecord a, StoredRecord b) =>
        (a with { RecordedAt = default }) == (b with { RecordedAt = default })
        && a.RecordedAt.ToMicroseconds() == b.RecordedAt.ToMicroseconds();

    private static Gen<StoredRecord> Record() =>
        from number in Gen.Choose(0, 40)
        from places in ArbMap.Default.GeneratorFor<(int, long, long)>()
        from ids in ArbMap.Default.GeneratorFor<(Guid, Guid?, Guid?)>()
        from texts in ArbMap.Default.GeneratorFor<string?[]>()
        select Chain.Record(number) with
        {
            Epoch = places.Item1,
            Xid = places.Item2,
            Seq = places.Item3,
            TenantId = ids.Item1,
            Actor = ids.Item2,
            Session = ids.Item3,
            Action = texts.ElementAtOrDefault(0) ?? "a",
            ActorKind = texts.ElementAtOrDefault(1) ?? "a",
            Result = texts.ElementAtOrDefault(2) ?? "a",
            Reason = texts.ElementAtOrDefault(3),
            Network = texts.ElementAtOrDefault(4),
            Device = texts.ElementAtOrDefault(5),
        };
}
