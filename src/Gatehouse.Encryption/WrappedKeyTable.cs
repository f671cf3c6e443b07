namespace Gatehouse.Encryption;

/// <summary>A table of the key store whose rows are wrapped by master keys.</summary>
/// <param name="Name">With its schema; it has the columns <c>master_key</c> and <c>wrapped</c>.</param>
/// <param name="Id">The column, or expression of columns, that names a row and orders them by the primary key.</param>
/// <param name="IdType">Its type in PostgreSQL.</param>
/// <param name="First">Nothing sorts before it.</param>
/// <param name="Purpose">What the key of an id is for, as it was wrapped.</param>
public sealed record WrappedKeyTable(string Name, string Id, string IdType, string First, Func<string, string> Purpose)
{
    public static WrappedKeyTable ByText(string name, string id, Func<string, string> purpose) => new(name, id, "text", "", purpose);

    public static WrappedKeyTable ByGuid(string name, string id, Func<Guid, string> purpose) =>
        new(name, id, "uuid", Guid.Empty.ToString(), text => purpose(Guid.Parse(text)));
}
