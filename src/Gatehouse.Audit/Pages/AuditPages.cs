using System.Globalization;
using Gatehouse.Audit.Data;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>The audit in the console: the list by its filters, one record, and whether the chain is intact.</summary>
internal static class AuditPages
{
    public const string Path = ConsolePaths.Audit;
    public const string VerifyPath = Path + "/verify";
    public const string CsvPath = Path + ".csv";

    public static readonly ConsoleEntry Entry = new()
    {
        Path = Path,
        Text = "page.console.audit",
        Group = ConsoleGroup.System,
        Permission = AuditArea.ReadAudit,
        InWholeTenant = true,
        Order = 1,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (Delegate)ListAsync).RequirePermission(AuditArea.ReadAudit);
        pages.MapGet(CsvPath, ExportAsync).RequirePermission(AuditArea.ReadAudit);
        pages.MapGet(Path + "/{id:guid}", ShowAsync).RequirePermission(AuditArea.ReadAudit);
        pages.MapPost(VerifyPath, (Delegate)VerifyAsync).RequirePermission(AuditArea.ReadAudit);
        // What the address bar asks for after a language was chosen, or the page reloaded.
        pages
            .MapGet(VerifyPath, (HttpContext http) => http.Page<VerifiedPage>(new Dictionary<string, object?>(StringComparer.Ordinal)))
            .RequirePermission(AuditArea.ReadAudit);
    }

    /// <summary>The address of the list, narrowed.</summary>
    public static string List(params (string Name, string Value)[] filters) =>
        Path + QueryString.Create(filters.Select(f => KeyValuePair.Create<string, string?>(f.Name, f.Value)));

    /// <summary>A day as forms write it, which is one of UTC.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static async Task<IResult> ListAsync(ListRecords.Handler records, TimeProvider clock, HttpContext http)
    {
        var listed = await records.HandleAsync(Query(http, clock.GetUtcNow()), PageInput.Of(http), http.Actor(), http.RequestAborted);
        var isBad = listed.Error?.Code == RequestErrors.Invalid.Code;
        // What cannot be read narrows nothing, and the page says so.
        if (isBad)
            listed = await records.HandleAsync(new RecordQuery(), PageInput.First, http.Actor(), http.RequestAborted);
        return listed.ToResult(page =>
            http.Page<AuditPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(AuditPage.Records)] = page,
                    [nameof(AuditPage.IsBad)] = isBad,
                    [nameof(AuditPage.Now)] = clock.GetUtcNow(),
                }
            )
        );
    }

    private static async Task<IResult> ExportAsync(ListRecords.Handler records, TimeProvider clock, HttpContext http)
    {
        // A period that ends now must not move while its pages are read.
        var query = Query(http, clock.GetUtcNow());
        var errors = new ValidationErrors();
        var filter = RecordFilter.Parse(query, errors);
        var sort = PageInput.Of(http).Sort;
        PageQuery.Parse(new PageInput { Sort = sort }, ListRecords.Sorting, http.Actor().Tenant.Id, errors);
        // What cannot be read narrows nothing, and the list says so: a file could not.
        if (errors.Any)
            return http.SeeOther(Path + http.Request.QueryString);
        return new CsvFile<RecordView>
        {
            Name = "audit",
            Columns = RecordColumns.All,
            Read = async asked => (await records.HandleAsync(query, asked with { Sort = sort }, http.Actor(), http.RequestAborted)).Value,
            Filters = filter.Facts(),
        };
    }

    private static RecordQuery Query(HttpContext http, DateTimeOffset now)
    {
        string? Text(string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
        var named = Text("period");
        var period = named is null ? null : Period.Of(named, now);
        return new RecordQuery
        {
            Actor = Text("actor"),
            Subject = Text("subject"),
            User = Text("user"),
            Action = Text("action") is { } action ? [action] : null,
            Result = Text("result"),
            Reason = Text("reason"),
            Session = Text("session"),
            Network = Text("network"),
            Organization = Text("organization"),
            Role = Text("role"),
            // No time is of that name, which is an error as for any other text.
            From = named is not null && period is null ? named : Inner(Midnight(Text("from"), 0), period?.From, isLater: true),
            // The last day is meant to be in it.
            To = Inner(Midnight(Text("to"), 1), period?.To, isLater: false),
        };
    }

    /// <summary>The bound that narrows more; a text that is no time stays, and is an error.</summary>
    private static string? Inner(string? typed, DateTimeOffset? bound, bool isLater)
    {
        if (bound is not { } other)
            return typed;
        if (typed is null)
            return other.ToString("O", CultureInfo.InvariantCulture);
        return DateTimeOffset.TryParse(typed, CultureInfo.InvariantCulture, out var time) && other > time == isLater
            ? other.ToString("O", CultureInfo.InvariantCulture)
            : typed;
    }

    private static string? Midnight(string? day, int later) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date < DateOnly.MaxValue
            ? date.AddDays(later).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00Z"
            : day;

    private static async Task<IResult> ShowAsync(Guid id, GetRecord.Handler handler, HttpContext http) =>
        (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(record =>
            http.Page<RecordPage>(
                new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(RecordPage.Record)] = record,
                    [nameof(RecordPage.Batch)] = record.Batch?.Number,
                    [nameof(RecordPage.SealedAt)] = record.Batch?.SealedAt,
                }
            )
        );

    private static async Task<IResult> VerifyAsync(VerifyAudit.Handler handler, HttpContext http)
    {
        var outcome = await handler.HandleAsync(http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error && error.Code != AuditErrors.VerificationRunning.Code)
            return error.ToProblem();
        var done = outcome.Error is null ? outcome.Value : null;
        return http.Page<VerifiedPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(VerifiedPage.IsRunning)] = done is null,
                [nameof(VerifiedPage.IsIntact)] = done?.Intact,
                [nameof(VerifiedPage.At)] = done?.VerifiedAt,
                [nameof(VerifiedPage.Counts)] = done?.Details is { } details ? new ChainCounts(details) : null,
            }
        );
    }
}

/// <summary>What was verified in the whole installation.</summary>
public sealed record ChainCounts
{
    internal ChainCounts(VerifyAudit.Details details) =>
        (Records, Batches, Unsealed, Errors) = (details.Records, details.Batches, details.Unsealed, details.Errors);

    public long Records { get; }

    public long Batches { get; }

    /// <summary>Records that wait for the next seal.</summary>
    public long Unsealed { get; }

    /// <summary>In English, as the command prints them.</summary>
    public IReadOnlyList<string> Errors { get; }
}
