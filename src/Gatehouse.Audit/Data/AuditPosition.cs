namespace Gatehouse.Audit.Data;

/// <summary>A place in the chain: records are ordered by it.</summary>
internal readonly record struct AuditPosition(int Epoch, long Xid, long Seq) : IComparable<AuditPosition>
{
    /// <summary>The place right before this one.</summary>
    public AuditPosition Before => this with { Seq = Seq - 1 };

    public int CompareTo(AuditPosition other) => (Epoch, Xid, Seq).CompareTo((other.Epoch, other.Xid, other.Seq));

    public static bool operator <(AuditPosition left, AuditPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(AuditPosition left, AuditPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(AuditPosition left, AuditPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AuditPosition left, AuditPosition right) => left.CompareTo(right) >= 0;
}
