namespace Gatehouse.Audit.Data;

/// <summary>A place in the chain: records are ordered by it.</summary>
internal readonly record struct Place(int Epoch, long Xid, long Seq) : IComparable<Place>
{
    public int CompareTo(Place other) => (Epoch, Xid, Seq).CompareTo((other.Epoch, other.Xid, other.Seq));

    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;

    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;

    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;
}
