namespace Gatehouse.Encryption;

/// <summary>A table of the key store whose rows are wrapped by master keys.</summary>
public sealed record WrappedKeyTable
{
    private WrappedKeyTable() { }

    /// <summary>With its schema; it has the columns <c>master_key</c> and <c>wrapped</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The column, or expression of columns, that names a row and orders them by the primary key.</summary>
    internal string Id { get; private init; } = "";

    /// <summary>Its type in PostgreSQL.</summary>
    internal string IdType { get; private init; } = "";

    /// <summary>Nothing sorts before it.</summary>
    internal string First { get; private init; } = "";

    /// <summary>What the key of an id is for, as it was wrapped.</summary>
    internal Func<string, string> Purpose { get; private init; } = id => id;

    public static WrappedKeyTable ByText(string name, string id, Func<string, string> purpose) =>
        new()
        {
            Name = name,
            Id = id,
            IdType = "text",
            Purpose = purpose,
        };

    public static WrappedKeyTable ByGuid(string name, string id, Func<Guid, string> purpose) =>
        new()
        {
            Name = name,
            Id = id,
            IdType = "uuid",
            First = Guid.Empty.ToString(),
            Purpose = text => purpose(Guid.Parse(text)),
        };
}
