using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gatehouse.Encryption;
using Npgsql;

namespace Gatehouse.Benchmarks;

/// <summary>How many keys a second <c>gatehouse keys rewrap</c> encrypts with another master key.</summary>
/// <param name="command">Runs a command of the program with further settings.</param>
internal sealed partial class KeyMeasures(
    Func<IReadOnlyDictionary<string, string>, string[], Task<string>> command,
    NpgsqlDataSource keys,
    string masterKey,
    Figures figures,
    bool quick
)
{
    private const int InsertedAtOnce = 10_000;

    public async Task MeasureAsync()
    {
        await InsertAsync(quick ? 20_000 : 200_000);
        var young = "bench:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKeys.KeySize));
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["GATEHOUSE__KEYS__MASTER"] = $"{young},{masterKey}" };
        var said = await command(settings, ["keys", "rewrap"]);
        var perSecond = double.Parse(Rate.Matches(said)[^1].Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        figures.Add(
            "Keys encrypted with another master key",
            Figures.Rate(perSecond),
            "–",
            "–",
            "≥ 5,000/s",
            "an update of every row, in batches of 1,000"
        );
    }

    private async Task InsertAsync(int count)
    {
        var wrapping = new MasterKeys(new KeyOptions { Master = [masterKey] });
        for (var made = 0; made < count; made += InsertedAtOnce)
        {
            var users = Enumerable.Range(0, InsertedAtOnce).Select(_ => Guid.CreateVersion7(TimeProvider.System.GetUtcNow())).ToArray();
            await using var insert = keys.CreateCommand(
                """
                insert into keys.subject_keys (subject_id, tenant_id, master_key, wrapped, created_at, provisional)
                select id, '00000000-0001-7000-8000-000000000001', $3, box, now(), false from unnest($1, $2) as made (id, box)
                """
            );
            insert.Parameters.AddWithValue(users);
            insert.Parameters.AddWithValue(
                users.Select(user => wrapping.Wrap($"subject|{user:N}", RandomNumberGenerator.GetBytes(MasterKeys.KeySize))).ToArray()
            );
            insert.Parameters.AddWithValue(wrapping.CurrentId);
            await insert.ExecuteNonQueryAsync();
        }
    }

    [GeneratedRegex("left, ([0-9,]+)/s", RegexOptions.CultureInvariant)]
    private static partial Regex Rate { get; }
}
