using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Exports;

/// <summary>A file of a user's export: the rows that a module holds about the user. A module names each of its files once
/// (<see cref="ExportExtensions.AddExport"/>); nothing else has to know of it.</summary>
public sealed record ExportedRows
{
    private const int FlushAt = 32 * 1024;

    private static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        // Read by people as it is, never as part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Of the file, without its ending. Permanent: programs may look for it.</summary>
    public required string Name { get; init; }

    /// <summary>Key of the sentence that says what is in it.</summary>
    public required string Text { get; init; }

    /// <summary>Reads the rows of <c>@user</c> in <c>@tenant</c>. Each column becomes a member; never a hash, a code, a token or a secret,
    /// nor who somebody else is.</summary>
    public required string Statement { get; init; }

    /// <summary>Columns that are encrypted with the user's key. Bytes of any other column are an error, so none leave by mistake.</summary>
    public IReadOnlyDictionary<string, SealedColumn> Sealed { get; init; } = new Dictionary<string, SealedColumn>(StringComparer.Ordinal);

    /// <summary>Writes the file while it is read: a JSON array with an object for each row.</summary>
    public async Task WriteAsync(DbSession db, Guid tenant, SubjectKey key, Stream file, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(file, Format);
        await using var rows = await db.ReadAsync(Statement, new { tenant, user = key.Subject });
        var columns = Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).ToList();
        var members = columns.ConvertAll(MemberOf);
        json.WriteStartArray();
        while (await rows.ReadAsync(cancellationToken))
        {
            json.WriteStartObject();
            for (var i = 0; i < columns.Count; i++)
            {
                json.WritePropertyName(members[i]);
                Write(json, columns[i], rows.GetValue(i), rows.GetDataTypeName(i), key);
            }

            json.WriteEndObject();
            if (json.BytesPending > FlushAt)
                await json.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);
    }

    private void Write(Utf8JsonWriter json, string column, object value, string type, SubjectKey key)
    {
        switch (value)
        {
            case DBNull:
                json.WriteNullValue();
                break;
            case byte[] box when Sealed.TryGetValue(column, out var opened):
                if (opened.IsJson)
                    json.WriteRawValue(opened.Open(key, box));
                else
                    json.WriteStringValue(opened.Open(key, box));
                break;
            case string text when type is "json" or "jsonb":
                json.WriteRawValue(text);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case Guid id:
                json.WriteStringValue(id);
                break;
            case DateTime at:
                json.WriteStringValue(at);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case short or int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case string[] texts:
                json.WriteStartArray();
                foreach (var text in texts)
                    json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException($"Column {column} of the export {Name} has a type that is not exported: {type}.");
        }
    }

    private static string MemberOf(string column) =>
        string.Concat(column.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}

/// <param name="Open">Decrypts the column's value.</param>
/// <param name="IsJson">Whether that is JSON, which becomes part of the file as it is.</param>
public sealed record SealedColumn(Func<SubjectKey, byte[], string> Open, bool IsJson = false)
{
    public static SealedColumn Of<T>(Func<T, string> text, bool isJson = false)
        where T : class, IEncryptable<T> => new((key, box) => text(T.FromStored(key.Open(T.Context, box))), isJson);
}

public static class ExportExtensions
{
    /// <summary>Lets every user's export have this file.</summary>
    public static IServiceCollection AddExport(this IServiceCollection services, ExportedRows rows) => services.AddSingleton(rows);
}
