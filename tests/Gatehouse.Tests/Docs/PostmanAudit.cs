using static Gatehouse.Tests.Docs.PostmanFlow;

namespace Gatehouse.Tests.Docs;

/// <summary>The operations on the audit log, as a user without roles meets them.</summary>
internal static class PostmanAudit
{
    public static PostmanStep[] Steps =>
        [
            Step("ListRecords", 403, " without the permission", query: "?action=role&from=2026-11-21T08:00:00Z&limit=20"),
            Step("GetRecord", 403, " without the permission", path: ["{{userId}}"]),
            Step("GetFigures", 403, " without the permission"),
            Step("VerifyAudit", 403, " without the permission"),
        ];
}
