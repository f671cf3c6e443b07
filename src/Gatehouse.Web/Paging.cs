using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using Gatehouse.Core.Results;

namespace Gatehouse.Web;

/// <summary>One page of a list, newest first.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    [Description("Send it as after to get the next page; null on the last page.")]
    public required string? Next { get; init; }
}

/// <summary>
/// Which page of a list is asked for. Lists go by version-7 id, newest first: <c>id &lt; @After … order by id desc limit @Rows</c>. So a
/// page costs the same however deep it lies, and what is added meanwhile moves nothing.
/// </summary>
/// <param name="After">The last id of the page before; above all ids for the first page.</param>
public sealed record PageQuery(int Limit, Guid After)
{
    public const string LimitDescription = "Items per page: 1 to 100, default 50.";
    public const string AfterDescription = "The value of next from the previous page; omit it for the first page.";

    private const int MaxItems = 100;
    private const int Default = 50;
    private const int IdBytes = 16;

    public bool IsFirst => After == Guid.AllBitsSet;

    /// <summary>Rows to read: one more than shown, which tells whether there is a next page.</summary>
    public int Rows => Limit + 1;

    /// <summary>Reads the query's <c>limit</c> and <c>after</c>; null when a error was added.</summary>
    public static PageQuery? Parse(string? limit, string? after, ValidationErrors errors)
    {
        var items = Default;
        if (
            limit is not null
            && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out items) && items is >= 1 and <= MaxItems)
        )
            errors.Add(
                "limit",
                ValidationCodes.OutOfRange,
                new Dictionary<string, object>(StringComparer.Ordinal) { ["min"] = 1, ["max"] = MaxItems }
            );

        var id = Guid.AllBitsSet;
        if (after is not null && !TryReadCursor(after, out id))
            errors.Add("after", ValidationCodes.CursorMalformed);
        return errors.Has("limit") || errors.Has("after") ? null : new PageQuery(items, id);
    }

    /// <summary>The page of the rows that were read for this query.</summary>
    public Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, Guid> id, Func<TRow, TItem> item) =>
        new()
        {
            Items = [.. rows.Take(Limit).Select(item)],
            Next = rows.Count > Limit ? Base64Url.EncodeToString(id(rows[Limit - 1]).ToByteArray(bigEndian: true)) : null,
        };

    private static bool TryReadCursor(string text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        id = default;
        if (text.Length != Base64Url.GetEncodedLength(IdBytes) || !Base64Url.IsValid(text, out var length) || length != IdBytes)
            return false;
        if (!Base64Url.TryDecodeFromChars(text, bytes, out _))
            return false;
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
