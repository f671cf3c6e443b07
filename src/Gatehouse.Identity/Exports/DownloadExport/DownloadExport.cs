using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Exports;

/// <summary>
/// Gives a user the own export. Whoever has only got hold of a session gets nothing: the proof must be fresh here, too. The first download
/// is told to the owner, each stands in the audit.
/// <para>Publishes <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class DownloadExport
{
    private const string FileName = "my-data.zip";
    private const string ContentType = "application/zip";

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/me/export/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(FileOf)
            )
            .WithName(nameof(DownloadExport))
            .WithSummary("Download my data")
            .WithDescription("A ZIP of JSON files and a README.txt. It can be downloaded for 24 hours.")
            .Produces<byte[]>(StatusCodes.Status200OK, ContentType)
            .ProducesProblems(403, 404)
            .RequireSignIn()
            .LimitBy(ExportsArea.ExportLimit)
            .RequireFresh();

    public static IResult FileOf(byte[] content) => TypedResults.File(content, ContentType, FileName);

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, AccountNotice notice)
    {
        public async Task<Outcome<byte[]>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            // Without a key the token outlived the account by a moment.
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return ExportsErrors.NotFound;
            var content = await database.InTransactionAsync("export.download", tx => TakeAsync(tx, id, key, actor), cancellationToken);
            return content is null ? ExportsErrors.NotFound : key.OpenBytes(StoredExport.Context, content);
        }

        private async Task<byte[]?> TakeAsync(Transaction tx, Guid id, SubjectKey key, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, key.Subject) is not { Row.IsLockedOut: false } user)
                return null;
            var export = await StoredExport.FindAsync(tx, actor.Tenant.Id, key.Subject, tx.Now);
            if (export is not { ReadyAt: not null } || export.Id != id)
                return null;
            var content = await tx.SingleAsync<byte[]>(
                """
                update identity.exports set downloaded_at = coalesce(downloaded_at, @Now)
                 where tenant_id = @TenantId and user_id = @Subject returning content
                """,
                new
                {
                    tx.Now,
                    user.Row.TenantId,
                    key.Subject,
                }
            );
            tx.Record((AuditRecord.Of(actor, "export.downloaded") with { Subject = key.Subject }).WithFact("operation", $"{id}"));
            if (export.DownloadedAt is null)
                notice.RequestOf(tx, user, key, ExportsArea.NoticeTemplate, "page.export.notice-downloaded", actor.Device);
            await user.SaveAsync(tx);
            return content;
        }
    }
}
