using System.ComponentModel;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gatehouse.Organizations.Structure;

/// <summary>An organization as it is shown.</summary>
public sealed record OrganizationView
{
    public required Guid Id { get; init; }

    [Description("Unique in the tenant; permanent.")]
    public required string Code { get; init; }

    public required string Name { get; init; }

    [Description("Empty if there is none.")]
    public required string Description { get; init; }

    [Description("active or inactive. Roles in an inactive organization count for nothing.")]
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class OrganizationViews
{
    public static OrganizationView View(this OrganizationRow row) =>
        new()
        {
            Id = row.Id,
            Code = row.Code,
            Name = row.Name,
            Description = row.Description,
            State = row.State,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };

    /// <summary>The version as it stands in <c>ETag</c>.</summary>
    public static string Tag(this OrganizationRow row) => EntityTags.Quoted(row.Version);

    public static JsonHttpResult<OrganizationView> Tagged(
        this HttpContext http,
        OrganizationRow row,
        int status = StatusCodes.Status200OK
    ) => http.Tagged(row.View(), row.Tag(), status);
}
