using System.ComponentModel;
using Gatehouse.Web;
using Microsoft.AspNetCore.Mvc;

namespace Gatehouse.Audit;

/// <summary>What a list of records is asked for, as the query says it.</summary>
internal sealed record RecordQuery
{
    [FromQuery(Name = "actor")]
    [Description("Only what this user did: an id.")]
    public string? Actor { get; init; }

    [FromQuery(Name = "subject")]
    [Description("Only what happened to this user: an id.")]
    public string? Subject { get; init; }

    [FromQuery(Name = "user")]
    [Description("Only what this user did or what happened to it: an id.")]
    public string? User { get; init; }

    [FromQuery(Name = "action")]
    [Description(
        "Only these actions, such as role.assigned; an area, such as role, stands for all of its actions. At most 50. "
            + "session.refreshed is listed only if it is named."
    )]
    public string[]? Action { get; init; }

    [FromQuery(Name = "result")]
    [Description("Only records with this result: done or refused.")]
    public string? Result { get; init; }

    [FromQuery(Name = "reason")]
    [Description("Only records with this reason, such as identity.invalid-credentials.")]
    public string? Reason { get; init; }

    [FromQuery(Name = "session")]
    [Description("Only what belongs to this session: an id.")]
    public string? Session { get; init; }

    [FromQuery(Name = "network")]
    [Description("Only what came from this network, such as 203.0.113.0/24; an address stands for its network.")]
    public string? Network { get; init; }

    [FromQuery(Name = "organization")]
    [Description("Only what concerns this organization: an id.")]
    public string? Organization { get; init; }

    [FromQuery(Name = "role")]
    [Description("Only what concerns a role of this name, such as tenant-administrator.")]
    public string? Role { get; init; }

    [FromQuery(Name = "from")]
    [Description("Only records of this time (RFC 3339) and later.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("Only records before this time (RFC 3339).")]
    public string? To { get; init; }

    [FromQuery(Name = "id")]
    [Description("Only the record with this id.")]
    public string? Id { get; init; }

    [FromQuery(Name = "limit")]
    [Description(PageQuery.LimitDescription)]
    public string? Limit { get; init; }

    [FromQuery(Name = "after")]
    [Description(PageQuery.AfterDescription)]
    public string? After { get; init; }

    [FromQuery(Name = "sort")]
    [Description("at: the oldest first. Default: -at.")]
    public string? Sort { get; init; }
}
