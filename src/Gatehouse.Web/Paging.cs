using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>One page of a list; newest first where nothing else is asked for.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Items { get; init; }

    [Description("Send it as after to get the next page; null on the last page.")]
    public required string? Next { get; init; }

    /// <summary>What the console sends as <c>before</c> to get the page before; null on the first page. Not part of the API.</summary>
    [JsonIgnore]
    public string? Previous { get; init; }

    /// <summary>The order it is in; null where the list knows one only. Not part of the API.</summary>
    [JsonIgnore]
    public string? Sort { get; init; }

    [JsonIgnore]
    public PageLinks Links =>
        new()
        {
            Next = Next,
            Previous = Previous,
            Sort = Sort,
        };
}

/// <summary>Where a list goes on from one of its pages.</summary>
public sealed record PageLinks
{
    /// <summary>The cursor of the next page; null on the last one.</summary>
    public required string? Next { get; init; }

    /// <summary>The cursor of the page before; null on the first one.</summary>
    public required string? Previous { get; init; }

    /// <summary>The order of the list, such as <c>-createdAt</c>; null where it knows one only.</summary>
    public string? Sort { get; init; }
}

/// <summary>Which page is asked for, as it was sent.</summary>
public sealed record PageInput
{
    public const string AfterParameter = "after";
    public const string BeforeParameter = "before";
    public const string SortParameter = "sort";

    public static PageInput First { get; } = new();

    public string? Limit { get; init; }

    public string? After { get; init; }

    /// <summary>Only pages of the console go back.</summary>
    public string? Before { get; init; }

    public string? Sort { get; init; }

    /// <summary>The first page in the same order.</summary>
    public PageInput Start => First with { Sort = Sort };

    /// <summary>Which page of a list the address of a page of the console asks for.</summary>
    public static PageInput Of(HttpContext http) =>
        new()
        {
            After = http.Request.Query[AfterParameter].FirstOrDefault(),
            Before = http.Request.Query[BeforeParameter].FirstOrDefault(),
            Sort = http.Request.Query[SortParameter].FirstOrDefault(),
        };
}

/// <summary>
/// Which page of a list is asked for. Lists go by version-7 id, newest first: <c>id &lt; @Cursor … order by id desc limit @Rows</c>; those
/// with a <see cref="Sorting"/> also by a column and the id behind it: <c>(name, id) &gt; (@Key, @Cursor)</c>. So a page costs the same
/// however deep it lies, and what is added meanwhile moves nothing.
/// </summary>
/// <param name="Cursor">The last id of the page before; beyond all ids for the first page. Back: the first of the page after.</param>
public sealed record PageQuery(int Limit, Guid Cursor)
{
    public const string LimitDescription = "Items per page: 1 to 100, default 50.";
    public const string AfterDescription = "The value of next from the previous page; omit it for the first page.";
    public const string SortDescription = "createdAt, or name; with - in front from the last to the first. Default: -createdAt.";

    private const int MaxItems = 100;
    private const int Default = 50;

    public bool IsFirst => Cursor == Guid.AllBitsSet || Cursor == Guid.Empty;

    /// <summary>What the column of the order holds beside <see cref="Cursor"/>; empty where there is none.</summary>
    public string Key { get; private init; } = "";

    /// <summary>Whether the page before the cursor is asked for: its rows are read in the other order.</summary>
    public bool IsBack { get; init; }

    /// <summary>Whether rows are read from the lowest to the highest.</summary>
    public bool IsAscending => IsBack == IsDescending;

    private bool IsDescending { get; init; } = true;

    private SortOrder? Sorted { get; init; }

    /// <summary>Rows to read: one more than shown, which tells whether the list goes on.</summary>
    public int Rows => Limit + 1;

    /// <summary>Reads the query's <c>limit</c> and <c>after</c>; null when a error was added.</summary>
    public static PageQuery? Parse(string? limit, string? after, ValidationErrors errors) =>
        Parse(new PageInput { Limit = limit, After = after }, errors);

    /// <inheritdoc cref="Parse(string?, string?, ValidationErrors)"/>
    public static PageQuery? Parse(PageInput asked, ValidationErrors errors) => Parse(asked, order: null, errors);

    /// <summary>Reads also by what the list is sorted.</summary>
    /// <param name="tenant">Whose list it is.</param>
    public static PageQuery? Parse(PageInput asked, Sorting sorting, Guid tenant, ValidationErrors errors)
    {
        if (sorting.Read(asked.Sort, tenant, errors) is { } order)
            return Parse(asked, order, errors);
        // A cursor belongs to an order.
        Parse(new PageInput { Limit = asked.Limit }, errors);
        return null;
    }

    private static PageQuery? Parse(PageInput asked, SortOrder? order, ValidationErrors errors)
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

        var isDescending = order?.IsDescending ?? true;
        var from = new PageCursor(isDescending ? Guid.AllBitsSet : Guid.Empty, Key: "");
        if ((asked.After ?? asked.Before) is { } cursor)
        {
            if (PageCursor.Read(cursor, order) is { } read)
                from = read;
            else
                errors.Add("after", ValidationCodes.CursorMalformed);
        }

        var isBack = asked.After is null && asked.Before is not null;
        return errors.Has("limit") || errors.Has("after")
            ? null
            : new PageQuery(items, from.Id)
            {
                Key = from.Key,
                IsBack = isBack,
                IsDescending = isDescending,
                Sorted = order,
            };
    }

    /// <summary>The same page of a list that begins with the oldest.</summary>
    public PageQuery FromOldest() => this with { IsDescending = false, Cursor = IsFirst ? Guid.Empty : Cursor };

    /// <summary>The condition of a statement that finds the rows beyond the cursor.</summary>
    /// <param name="column">Of the ids by which the list goes.</param>
    public string Beyond(string column)
    {
        var beyond = IsAscending ? '>' : '<';
        if (Sorted?.Column is not { } by)
            return $"{column} {beyond} @Cursor";
        return IsFirst ? "true" : $"({by.Expression}, {column}) {beyond} (@Key, @Cursor)";
    }

    /// <summary>The end of that statement.</summary>
    public string Order(string column)
    {
        var way = IsAscending ? "asc" : "desc";
        return Sorted?.Column is { } by
            ? $"order by {by.Expression} {way}, {column} {way} limit @Rows"
            : $"order by {column} {way} limit @Rows";
    }

    /// <summary>The page of the rows that were read for this query.</summary>
    /// <param name="stoppedAt">Where a search through a part of the list ended, which goes on there; null where it ended with the
    /// list.</param>
    public Page<TItem> Of<TRow, TItem>(IReadOnlyList<TRow> rows, Func<TRow, Guid> id, Func<TRow, TItem> item, Guid? stoppedAt = null) =>
        Of(rows, id, item, (_, _) => "", stoppedAt);

    /// <inheritdoc cref="Of{TRow, TItem}(IReadOnlyList{TRow}, Func{TRow, Guid}, Func{TRow, TItem}, Guid?)"/>
    /// <param name="key">What the row has in the column of this name, by which the list is sorted.</param>
    public Page<TItem> Of<TRow, TItem>(
        IReadOnlyList<TRow> rows,
        Func<TRow, Guid> id,
        Func<TRow, TItem> item,
        Func<TRow, string, string> key,
        Guid? stoppedAt = null
    )
    {
        string CursorOf(TRow row) => new PageCursor(id(row), Sorted?.Column is { } by ? key(row, by.Name) : "").Write(Sorted);
        var shown = rows.Take(Limit).ToList();
        if (IsBack)
            shown.Reverse();
        var (goesOn, came) = (rows.Count > Limit, !IsFirst && shown.Count > 0);
        var further = stoppedAt is { } stop ? new PageCursor(stop, Key: "").Write(Sorted) : null;
        return new()
        {
            Items = [.. shown.Select(item)],
            Next =
                (IsBack ? came : goesOn) ? CursorOf(shown[^1])
                : IsBack ? null
                : further,
            Previous =
                (IsBack ? goesOn : came) ? CursorOf(shown[0])
                : IsBack ? further
                : null,
            Sort = Sorted?.Name,
        };
    }
}
