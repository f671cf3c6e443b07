using System.Text.Json.Nodes;
using Gatehouse.Web.Exports;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>What users asked for, as their exports have it: with the reviewers' comments, without who they are.</summary>
internal static class RoleRequestExport
{
    public static ExportedRows Rows { get; } =
        new()
        {
            Name = "role-requests",
            Text = "page.export.role-requests",
            Statement = """
                select q.id, q.role_id, r.name as role, o.name as organization, q.state, q.content, q.created_at, q.updated_at
                  from organizations.role_requests q
                  left join organizations.roles r on r.tenant_id = q.tenant_id and r.id = q.role_id
                  left join organizations.organizations o on o.tenant_id = q.tenant_id and o.id = q.organization_id
                 where q.tenant_id = @tenant and q.user_id = @user order by q.id
                """,
            Sealed = new Dictionary<string, SealedColumn>(StringComparer.Ordinal)
            {
                ["content"] = SealedColumn.Of<RoleRequestContent>(WithoutReviewers, isJson: true),
            },
        };

    private static string WithoutReviewers(RoleRequestContent content)
    {
        var stored = JsonNode.Parse(content.ToStored())!;
        foreach (var comment in stored["comments"]!.AsArray())
            comment!.AsObject().Remove("by");
        return stored.ToJsonString();
    }
}
