using System.Text;
using System.Xml.Linq;
using Gatehouse.Runtime.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Gatehouse.Runtime.Keys;

/// <summary>
/// Keeps the framework's data protection keys in the key store, sealed by the master key, so that every node reads what another has protected.
/// </summary>
public sealed class ProtectionKeyStore(DataSources sources, MasterKeys masterKeys, TimeProvider clock) : IXmlRepository
{
    // The framework's interface knows no waiting; it asks at its first use and once a day, and stores a key every ninety days.
    public IReadOnlyCollection<XElement> GetAllElements() => sources.Keys.UseAsync(
        async sql => (IReadOnlyCollection<XElement>)
            [.. (await sql.ListAsync<Row>("select name, master_key as MasterKey, wrapped from keys.data_protection_keys order by created_at"))
                .Select(r => XElement.Parse(Encoding.UTF8.GetString(masterKeys.Unwrap(r.MasterKey, Purpose(r.Name), r.Wrapped))))],
        CancellationToken.None).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => sources.Keys.UseAsync(
        sql => sql.ExecuteAsync(
            """
            insert into keys.data_protection_keys (name, master_key, wrapped, created_at) values (@name, @masterKey, @wrapped, @now)
            on conflict (name) do nothing
            """,
            new
            {
                name = friendlyName,
                masterKey = masterKeys.CurrentId,
                wrapped = masterKeys.Wrap(Purpose(friendlyName), Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))),
                now = clock.GetUtcNow(),
            }),
        CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>
    /// Makes the very first key while no other node can: two that made one each would not read each other's forms for a day. Later keys are made two days ahead of
    /// their use.
    /// </summary>
    public async Task BeginAsync(IDataProtectionProvider provider, CancellationToken cancellationToken)
    {
        if (await sources.Keys.UseAsync(sql => sql.SingleAsync<bool>("select exists (select 1 from keys.data_protection_keys)"), cancellationToken)) return;
        await using var connection = await sources.Keys.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await new Sql(connection, transaction, cancellationToken).ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('gatehouse.data-protection', 0))");
        provider.CreateProtector("gatehouse.begin").Protect([]);
    }

    private static string Purpose(string name) => $"data-protection|{name}";

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public string MasterKey { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];
    }
}
