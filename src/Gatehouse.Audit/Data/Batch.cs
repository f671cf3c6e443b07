using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>A sealed batch of records, chained to the one before by its hash.</summary>
internal sealed record Batch
{
    private const string Version = "gatehouse-audit-batch-1";

    private const string Columns = """
        b.number, b.first_epoch, b.first_xid, b.first_seq, b.last_epoch, b.last_xid,
        b.last_seq, b.records, b.newest_at, b.digests, b.previous, b.hash, b.sealed_at, b.signature,
        b.trimmed_at, b.trim_signature
        """;

    /// <summary>What the first batch has for the hash of the one before.</summary>
    public static readonly byte[] Beginning = new byte[SHA256.HashSizeInBytes];

    public long Number { get; init; }

    public int FirstEpoch { get; init; }

    public long FirstXid { get; init; }

    public long FirstSeq { get; init; }

    public int LastEpoch { get; init; }

    public long LastXid { get; init; }

    public long LastSeq { get; init; }

    public int Records { get; init; }

    public DateTimeOffset NewestAt { get; init; }

    public byte[] Digests { get; init; } = [];

    public byte[] Previous { get; init; } = [];

    public byte[] Hash { get; init; } = [];

    public DateTimeOffset SealedAt { get; init; }

    public byte[] Signature { get; init; } = [];

    public DateTimeOffset? TrimmedAt { get; init; }

    public byte[]? TrimSignature { get; init; }

    public AuditPosition First => new(FirstEpoch, FirstXid, FirstSeq);

    public AuditPosition Last => new(LastEpoch, LastXid, LastSeq);

    /// <summary>Seals records, which are in order, behind the batch before; null where this is the first.</summary>
    public static Batch Of(Batch? before, IReadOnlyList<StoredRecord> records, DateTimeOffset now, CheckpointKey key)
    {
        var (first, last) = (records[0].Position, records[^1].Position);
        var open = new Batch
        {
            Number = (before?.Number ?? 0) + 1,
            FirstEpoch = first.Epoch,
            FirstXid = first.Xid,
            FirstSeq = first.Seq,
            LastEpoch = last.Epoch,
            LastXid = last.Xid,
            LastSeq = last.Seq,
            Records = records.Count,
            NewestAt = records.Max(r => r.RecordedAt),
            Digests = [.. records.SelectMany(r => r.Digest())],
            Previous = before?.Hash ?? Beginning,
            SealedAt = now,
        };
        var hashed = open with { Hash = open.ComputeHash() };
        return hashed with { Signature = key.Sign(hashed.Checkpoint.Message) };
    }

    /// <summary>What is signed and kept outside the database.</summary>
    public Checkpoint Checkpoint => new(Number, Hash, SealedAt, Signature);

    public byte[] ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Version));
        Append(Previous.Length);
        hash.AppendData(Previous);
        Append(Number);
        Append(FirstEpoch);
        Append(FirstXid);
        Append(FirstSeq);
        Append(LastEpoch);
        Append(LastXid);
        Append(LastSeq);
        Append(Records);
        Append(NewestAt.ToMicroseconds());
        Append(Digests.Length);
        hash.AppendData(Digests);
        return hash.GetHashAndReset();

        void Append(long value)
        {
            Span<byte> number = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            hash.AppendData(number);
        }
    }

    public static Task<Batch?> NewestAsync(DbSession db) =>
        db.FirstOrDefaultAsync<Batch>($"select {Columns} from audit.batches b order by b.number desc limit 1");

    public static Task<IReadOnlyList<Batch>> BetweenAsync(DbSession db, long after, long last, int limit) =>
        db.ListAsync<Batch>(
            $"select {Columns} from audit.batches b where b.number > @after and b.number <= @last order by b.number limit @limit",
            new
            {
                after,
                last,
                limit,
            }
        );

    /// <summary>The newest batch whose records are not in the figures, which now are; null if there is none.</summary>
    public static Task<Batch?> TakeUncountedAsync(DbSession db) =>
        db.FirstOrDefaultAsync<Batch>(
            $"""
            update audit.batches b set counted = true
             where b.number = (select u.number from audit.batches u
                                where not u.counted order by u.number desc limit 1 for update skip locked)
            returning {Columns}
            """
        );

    /// <summary>Stores it as counted.</summary>
    /// <returns>Whether it was the first with its number: of two nodes that seal at once, one wins.</returns>
    public async Task<bool> InsertAsync(DbSession db) =>
        await db.ExecuteAsync(
            """
            insert into audit.batches (number, first_epoch, first_xid, first_seq, last_epoch, last_xid, last_seq, records, newest_at,
                                       digests, previous, hash, sealed_at, signature, counted)
            values (@Number, @FirstEpoch, @FirstXid, @FirstSeq, @LastEpoch, @LastXid, @LastSeq, @Records, @NewestAt, @Digests,
                @Previous, @Hash, @SealedAt, @Signature, true)
            on conflict (number) do nothing
            """,
            this
        ) == 1;
}
