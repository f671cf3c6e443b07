using System.ComponentModel;
using Gatehouse.Core.Postgres;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Development.Mailbox;

/// <summary>Lists what the development inbox holds, newest first, so that a user or a script can read its code. Not mapped outside
/// development mode.</summary>
internal static class ListMailboxMessages
{
    // As mail programs do it: styles and pictures that lie in the mail, no script, no form, nothing from elsewhere.
    private static readonly ContentPolicy Mail = new(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/inbox/messages",
                async (
                    [Description("Filter by recipient: an e-mail address or a phone number.")] string? to,
                    Handler handler,
                    HttpContext http
                ) => TypedResults.Ok(await handler.HandleAsync(to, http.RequestAborted))
            )
            .WithName(nameof(ListMailboxMessages))
            .ExcludeFromDescription()
            .AllowAnonymous();
        routes
            .MapGet(
                "/inbox/messages/{id:guid}",
                async Task<IResult> (Guid id, Handler handler, HttpContext http) =>
                    await handler.FindHtmlAsync(id, http.RequestAborted) is { } html
                        ? TypedResults.Content(html, "text/html; charset=utf-8")
                        : RequestErrors.NotFound.ToProblem()
            )
            .WithContentPolicy(Mail)
            .ExcludeFromDescription()
            .AllowAnonymous();
        routes
            .MapPages()
            .MapGet(
                "/inbox",
                async (string? to, Handler handler, HttpContext http) =>
                    http.Page<MailboxPage>(
                        new Dictionary<string, object?>(StringComparer.Ordinal)
                        {
                            [nameof(MailboxPage.Messages)] = await handler.HandleAsync(to, http.RequestAborted),
                            [nameof(MailboxPage.To)] = to,
                        }
                    )
            )
            .AllowAnonymous();
    }

    internal sealed class Handler(Database database)
    {
        private const int MaxItems = 100;

        public Task<string?> FindHtmlAsync(Guid id, CancellationToken cancellationToken) =>
            database.QueryAsync(
                db =>
                    db.FirstOrDefaultAsync<string>(
                        "select html from notifications.inbox_messages where id = @id and html <> ''",
                        new { id }
                    ),
                cancellationToken
            );

        public Task<IReadOnlyList<MailboxMessage>> HandleAsync(string? to, CancellationToken cancellationToken) =>
            database.QueryAsync(
                db =>
                    db.ListAsync<MailboxMessage>(
                        """
                        select id, channel, recipient as "To", subject, text, html, sent_at
                          from notifications.inbox_messages
                         where @to::text is null or lower(recipient) = lower(@to::text)
                         order by sent_at desc, id desc
                         limit @most
                        """,
                        new { to = string.IsNullOrWhiteSpace(to) ? null : to.Trim(), most = MaxItems }
                    ),
                cancellationToken
            );
    }
}
