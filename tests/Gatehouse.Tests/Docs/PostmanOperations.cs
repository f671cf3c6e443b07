namespace Gatehouse.Tests.Docs;

/// <summary>Operations, of which nobody has any here, and jobs.</summary>
internal static class PostmanOperations
{
    private const string Unknown = "00000000-0000-7000-8000-000000000000";

    public static readonly PostmanStep[] Steps =
    [
        PostmanFlow.Step("GetOperation", 404, " that is none", path: [Unknown]),
        PostmanFlow.Step("CancelOperation", 404, " that is none", path: [Unknown]),
        PostmanFlow.Step("WatchOperation", 404, " that is none", path: [Unknown]),
        // A stream has no end: this one is not begun.
        PostmanFlow.Step("WatchOperations", 400, " from a mark that is none") with
        {
            Before = ["pm.request.headers.upsert({ key: 'Last-Event-ID', value: 'none' });"],
        },
        PostmanFlow.Step("ListJobs", 403, " without the permission") with
        {
            Query = "?state=dead",
        },
        PostmanFlow.Step("GetJob", 403, " without the permission", path: [Unknown]),
        PostmanFlow.Step("RetryJob", 403, " without the permission", path: [Unknown]),
        PostmanFlow.Step("CancelJob", 403, " without the permission", path: [Unknown]),
    ];
}
