using System.Globalization;
using System.Text;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>A column of a file; programs know it by its name.</summary>
public sealed record CsvColumn<TItem>(string Name, Func<TItem, string?> Value);

/// <summary>
/// A list of the console as a file for spreadsheets (RFC 4180), written while it is read. Who took it, narrowed to what and how many rows
/// stands in the audit before the last rows leave.
/// </summary>
public sealed record CsvFile<TItem> : IResult
{
    /// <summary>Of the list, and of the file without its ending.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<CsvColumn<TItem>> Columns { get; init; }

    /// <summary>Reads a page of the list, newest first.</summary>
    public required Func<PageInput, Task<Page<TItem>>> Read { get; init; }

    /// <summary>What the list is narrowed to, as the audit may say it: nothing that somebody typed.</summary>
    public required IReadOnlyDictionary<string, string> Filters { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = $"attachment; filename=\"{Name}.csv\"";
        // Without the mark, spreadsheets take the letters for others.
        var text = new StringBuilder("\uFEFF");
        CsvText.AppendRow(text, Columns.Select(column => column.Name));
        var (rows, isWhole) = (0, false);
        try
        {
            for (var asked = new PageInput { Limit = CsvText.RowsAtOnce }; ; )
            {
                var page = await Read(asked);
                foreach (var item in page.Items)
                    CsvText.AppendRow(text, Columns.Select(column => column.Value(item)));
                rows += page.Items.Count;
                isWhole = page.Next is null;
                if (isWhole || rows >= CsvText.MaxRows)
                    break;
                await response.WriteAsync(text.ToString(), httpContext.RequestAborted);
                text.Clear();
                asked = asked with { After = page.Next };
            }
        }
        finally
        {
            await RecordAsync(httpContext, rows, isWhole);
        }

        await response.WriteAsync(text.ToString(), httpContext.RequestAborted);
    }

    // Whoever goes away in the middle has taken what was sent until then.
    private Task<bool> RecordAsync(HttpContext http, int rows, bool isWhole) =>
        http
            .RequestServices.GetRequiredService<Database>()
            .InTransactionAsync(
                "list.export",
                tx =>
                {
                    var record = AuditRecord
                        .Of(http.Actor(), "list.exported")
                        .WithFact("list", Name)
                        .WithFact("rows", rows.ToString(CultureInfo.InvariantCulture))
                        .WithFact("complete", isWhole ? "yes" : "no");
                    tx.Record(Filters.Aggregate(record, (sum, filter) => sum.WithFact(filter.Key, filter.Value)));
                    return Task.FromResult(true);
                },
                CancellationToken.None
            );
}

/// <summary>How rows of a file are written.</summary>
public static class CsvText
{
    /// <summary>Rows of a file; longer lists are narrowed first.</summary>
    public const int MaxRows = 100_000;

    internal const string RowsAtOnce = "100";

    // Spreadsheets execute cells that begin so; some take the wide forms for the narrow ones.
    private const string Formulas = "=+-@\t\r\n＝＋－＠";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static void AppendRow(StringBuilder text, IEnumerable<string?> cells) =>
        text.AppendJoin(',', cells.Select(cell => $"\"{Neutral(cell ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)}\""))
            .Append("\r\n");

    // The apostrophe makes it text. Before a formula may stand blanks, which some readers cut off.
    private static string Neutral(string cell) =>
        cell.TrimStart(' ', '\u00A0') is [var first, ..] && Formulas.Contains(first, StringComparison.Ordinal) ? "'" + cell : cell;
}
