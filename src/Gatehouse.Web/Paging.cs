using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>One page of a list, newest first.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    [Description("Send it as after to get the next page; null on the last page.")]
    public required string? Next { get; init; }

    /// <summary>What the console sends as <c>before</c> to get the page before; null on the first page. Not part of the API.</summary>
    [JsonIgnore]
    public string? Previous { get; init; }

    [JsonIgnore]
    public PageLinks Links => new() { Next = Next, Previous = Previous };
}

/// <summary>Where a list goes on from one of its pages.</summary>
public sealed record PageLinks
{
    /// <summary>The cursor of the next page; null on the last one.</summary>
    public required string? Next { get; init; }

    /// <summary>The cursor of the page before; null on the first one.</summary>
    public required string? Previous { get; init; }
}

/// <summary>Which page is asked for, as it was sent.</summary>
public sealed record PageInput
{
    public const string AfterParameter = "after";
    public const string BeforeParameter = "before";

    public static PageInput First { get; } = new();

    public string? Limit { get; init; }

    public string? After { get; init; }

    /// <summary>Only pages of the console go back.</summary>
    public string? Before { get; init; }

    /// <summary>Which page of a list the address of a page of the console asks for.</summary>
    public static PageInput Of(HttpContext http) =>
        new()
        {
            After = http.Request.Query[AfterParameter].FirstOrDefault(),
            Before = http.Request.Query[BeforeParameter].FirstOrDefault(),
        };
}

/// <summary>
/// Which page of a list is asked for. Lists go by version-7 id, newest first: <c>id &lt; @Cursor … order by id desc limit @Rows</c>. So a
/// page costs the same however deep it lies, and what is added meanwhile moves nothing.
/// </summary>
/// <param name="Cursor">The last id of the page before; above all ids for the first page. Back: the first of the page after.</param>
public sealed record PageQuery(int Limit, Guid Cursor)
{
    public const string LimitDescription = "Items per page: 1 to 100, default 50.";
    public const string AfterDescription = "The value of next from the previous page; omit it for the first page.";

    private const int MaxItems = 100;
    private const int Default = 50;
    private const int IdBytes = 16;

    public bool IsFirst => Cursor == Guid.AllBitsSet || Cursor == Guid.Empty;

    /// <summary>Whether the page before the cursor is asked for: its rows are read in the other order.</summary>
    public bool IsBack { get; init; }

    private bool IsOldestFirst { get; init; }

    private bool IsAscending => IsBack != IsOldestFirst;

    /// <summary>Rows to read: one more than shown, which tells whether the list goes on.</summary>
    public int Rows => Limit + 1;

    /// <summary>Reads the query's <c>limit</c> and <c>after</c>; null when a error was added.</summary>
    public static PageQuery? Parse(string? limit, string? after, ValidationErrors errors) =>
        Parse(new PageInput { Limit = limit, After = after }, errors);

    /// <inheritdoc cref="Parse(string?, string?, ValidationErrors)"/>
    public static PageQuery? Parse(PageInput asked, ValidationErrors errors)
    {
        var items = Default;
        if (
            asked.Limit is not null
            && !(int.TryParse(asked.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out items) && items is >= 1 and <= MaxItems)
        )
            errors.Add(
                "limit",
                ValidationCodes.OutOfRange,
                new Dictionary<string, object>(StringComparer.Ordinal) { ["min"] = 1, ["max"] = MaxItems }
            );

        var id = Guid.AllBitsSet;
        if ((asked.After ?? asked.Before) is { } cursor && !TryReadCursor(cursor, out id))
            errors.Add("after", ValidationCodes.CursorMalformed);
        var isBack = asked.After is null && asked.Before is not null;
        return errors.Has("limit") || errors.Has("after") ? null : new PageQuery(items, id) { IsBack = isBack };
    }

    /// <summary>The same page of a list that begins with the oldest.</summary>
    public PageQuery FromOldest() => this with { IsOldestFirst = true, Cursor = IsFirst ? Guid.Empty : Cursor };

    /// <summary>The condition of a statement that finds the rows beyond the cursor.</summary>
    /// <param name="column">Of the ids by which the list goes.</param>
    public string Beyond(string column) => $"{column} {(IsAscending ? '>' : '<')} @Cursor";

    /// <summary>The end of that statement.</summary>
    public string Order(string column) => $"order by {column} {(IsAscending ? "asc" : "desc")} limit @Rows";

    /// <summary>The page of the rows that were read for this query.</summary>
    /// <param name="stoppedAt">Where a search through a part of the list ended, which goes on there; null where it ended with the
    /// list.</param>
    public Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, Guid> id, Func<TRow, TItem> item, Guid? stoppedAt = null)
    {
        var shown = rows.Take(Limit).ToList();
        if (IsBack)
            shown.Reverse();
        var (goesOn, came) = (rows.Count > Limit, !IsFirst && shown.Count > 0);
        var further = stoppedAt is { } stop ? CursorOf(stop) : null;
        return new()
        {
            Items = [.. shown.Select(item)],
            Next =
                (IsBack ? came : goesOn) ? CursorOf(id(shown[^1]))
                : IsBack ? null
                : further,
            Previous =
                (IsBack ? goesOn : came) ? CursorOf(id(shown[0]))
                : IsBack ? further
                : null,
        };
    }

    private static string CursorOf(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

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
