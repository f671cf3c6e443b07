using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>A record of the audit as stored, whole: every column takes part in its digest.</summary>
internal sealed record StoredRecord
{
    private const string Version = "gatehouse-audit-record-1";

    internal const string Columns = """
        a.id, a.tenant_id, a.epoch, a.xid, a.seq, a.recorded_at, a.action, a.actor_kind, a.actor, a.subject, a.session,
        a.result, a.reason, a.network, a.device, a.facts
        """;

    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public int Epoch { get; init; }

    public long Xid { get; init; }

    public long Seq { get; init; }

    public DateTimeOffset RecordedAt { get; init; }

    public string Action { get; init; } = "";

    public string ActorKind { get; init; } = "";

    public Guid? Actor { get; init; }

    public Guid? Subject { get; init; }

    public Guid? Session { get; init; }

    public string Result { get; init; } = "";

    public string? Reason { get; init; }

    public string? Network { get; init; }

    public string? Device { get; init; }

    public string Facts { get; init; } = "";

    public AuditPosition Position => new(Epoch, Xid, Seq);

    /// <summary>
    /// The stable records after a position. Stable means that no transaction that may still commit lies before them, so nothing ever
    /// appears between two records that were read.
    /// </summary>
    // (select @Epoch) hides the epoch from the planner, which would expect next to no row with a later one, and read and sort them all.
    public static Task<IReadOnlyList<StoredRecord>> StableAsync(DbSession db, AuditPosition after, int limit) =>
        db.ListAsync<StoredRecord>(
            $"""
            select {Columns}
              from audit.records a
             where (a.epoch, a.xid, a.seq) > ((select @Epoch), @Xid, @Seq)
               and (a.epoch < (select max(epoch) from runtime.log_epochs) or a.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
             order by a.epoch, a.xid, a.seq
             limit @limit
            """,
            new
            {
                after.Epoch,
                after.Xid,
                after.Seq,
                limit,
            }
        );

    /// <summary>All records after one position up to another, stable or not.</summary>
    public static Task<IReadOnlyList<StoredRecord>> BetweenAsync(DbSession db, AuditPosition after, AuditPosition until, int limit) =>
        db.ListAsync<StoredRecord>(
            $"""
            select {Columns}
              from audit.records a
             where (a.epoch, a.xid, a.seq) > ((select @Epoch), @Xid, @Seq)
               and (a.epoch, a.xid, a.seq) <= (@untilEpoch, @untilXid, @untilSeq)
             order by a.epoch, a.xid, a.seq
             limit @limit
            """,
            new
            {
                after.Epoch,
                after.Xid,
                after.Seq,
                untilEpoch = until.Epoch,
                untilXid = until.Xid,
                untilSeq = until.Seq,
                limit,
            }
        );

    public static Task<StoredRecord?> FindAsync(DbSession db, Guid tenant, Guid id) =>
        db.FirstOrDefaultAsync<StoredRecord>(
            $"select {Columns} from audit.records a where a.tenant_id = @tenant and a.id = @id",
            new { tenant, id }
        );

    /// <summary>The place of the last record there is; the beginning where there is none.</summary>
    public static Task<AuditPosition> LastPositionAsync(DbSession db) =>
        db.FirstOrDefaultAsync<AuditPosition>("select epoch, xid, seq from audit.records order by epoch desc, xid desc, seq desc limit 1");

    public byte[] Digest() => SHA256.HashData(Encode());

    /// <summary>Every column behind its length, in a fixed order: two different records never share an encoding.</summary>
    internal byte[] Encode()
    {
        var bytes = new MemoryStream();
        Write(bytes, Encoding.UTF8.GetBytes(Version));
        Write(bytes, Id);
        Write(bytes, TenantId);
        Write(bytes, Epoch);
        Write(bytes, Xid);
        Write(bytes, Seq);
        Write(bytes, RecordedAt.ToMicroseconds());
        Write(bytes, Action);
        Write(bytes, ActorKind);
        Write(bytes, Actor);
        Write(bytes, Subject);
        Write(bytes, Session);
        Write(bytes, Result);
        Write(bytes, Reason);
        Write(bytes, Network);
        Write(bytes, Device);
        Write(bytes, Facts);
        return bytes.ToArray();
    }

    private static void Write(MemoryStream bytes, Guid? value) => Write(bytes, value?.ToByteArray(bigEndian: true));

    // Not UTF-8: a text that is no valid Unicode must not become the same bytes as another.
    private static void Write(MemoryStream bytes, string? value) => Write(bytes, value is null ? null : Encoding.Unicode.GetBytes(value));

    private static void Write(MemoryStream bytes, long value)
    {
        var number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, value);
        Write(bytes, number);
    }

    /// <summary>-1 stands for an absent value, which is not an empty one.</summary>
    private static void Write(MemoryStream bytes, byte[]? value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, value?.Length ?? -1);
        bytes.Write(length);
        bytes.Write(value);
    }
}

internal static class Microseconds
{
    /// <summary>Whole microseconds since 1970: what the database keeps of a time.</summary>
    public static long ToMicroseconds(this DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
