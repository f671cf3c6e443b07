using System.Text;
using System.Xml.Linq;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Gatehouse.Web.DataProtection;

/// <summary>
/// Keeps the framework's data protection keys in the key store, sealed by the master key, so that every node reads what another has
/// protected. The framework reads and stores synchronously, in the middle of requests: it sees a copy in memory, and
/// <see cref="DataProtectionInitializer"/> moves keys between the copy and the store.
/// </summary>
public sealed class DataProtectionKeys(DataSources sources, MasterKeys masterKeys, TimeProvider clock) : IXmlRepository
{
    private readonly Lock gate = new();
    private Dictionary<string, XElement> copy = new(StringComparer.Ordinal);
    private Dictionary<string, XElement> unsaved = new(StringComparer.Ordinal);

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (gate)
            return [.. copy.Values.Concat(unsaved.Values)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (gate)
            unsaved[friendlyName] = element;
    }

    internal bool HasUnsaved
    {
        get
        {
            lock (gate)
                return unsaved.Count > 0;
        }
    }

    /// <summary>Reads what all nodes have stored.</summary>
    internal Task LoadAsync(CancellationToken cancellationToken) => sources.Keys.QueryAsync(LoadAsync, cancellationToken);

    /// <summary>Lets <paramref name="decide"/> make keys, given all that are stored, while no other node can; stores them.</summary>
    internal async Task ChangeAsync(Action decide, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Keys.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var db = new DbSession(connection, transaction, cancellationToken);
        await db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.data-protection', 0))");
        await LoadAsync(db);
        decide();
        Dictionary<string, XElement> made;
        lock (gate)
            made = new Dictionary<string, XElement>(unsaved, StringComparer.Ordinal);
        foreach (var (name, element) in made)
            await StoreAsync(db, name, element);
        await transaction.CommitAsync(cancellationToken);
        await LoadAsync(cancellationToken);
    }

    private async Task<int> LoadAsync(DbSession db)
    {
        var rows = await db.ListAsync<Row>("select name, master_key, wrapped from keys.data_protection_keys order by created_at");
        var stored = rows.ToDictionary(
            r => r.Name,
            r => XElement.Parse(Encoding.UTF8.GetString(masterKeys.Unwrap(r.MasterKey, Purpose(r.Name), r.Wrapped))),
            StringComparer.Ordinal
        );
        lock (gate)
        {
            copy = stored;
            unsaved = unsaved.Where(e => !stored.ContainsKey(e.Key)).ToDictionary(StringComparer.Ordinal);
        }

        return rows.Count;
    }

    private Task<int> StoreAsync(DbSession db, string name, XElement element) =>
        db.ExecuteAsync(
            """
            insert into keys.data_protection_keys (name, master_key, wrapped, created_at) values (@name, @masterKey, @wrapped, @now)
            on conflict (name) do nothing
            """,
            new
            {
                name,
                masterKey = masterKeys.CurrentId,
                wrapped = masterKeys.Wrap(Purpose(name), Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))),
                now = clock.GetUtcNow(),
            }
        );

    internal static string Purpose(string name) => $"data-protection|{name}";

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public string MasterKey { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];
    }
}
