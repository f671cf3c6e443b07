using System.ComponentModel;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Encryption;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>A request as it is shown.</summary>
public sealed record RoleRequestView
{
    public sealed record Comment
    {
        [Description("The reviewer.")]
        public required Guid UserId { get; init; }

        public required DateTimeOffset At { get; init; }

        [Description("The state that the request got with it.")]
        public required string State { get; init; }

        public required string Text { get; init; }
    }

    public required Guid Id { get; init; }

    [Description("The user who asked.")]
    public required Guid UserId { get; init; }

    public required Guid RoleId { get; init; }

    [Description("Where the role is to count; null for the whole tenant.")]
    public required Guid? OrganizationId { get; init; }

    [Description("requested, under-review, approved or rejected.")]
    public required string State { get; init; }

    [Description("What the user filled in; empty once the user was erased.")]
    public required IReadOnlyDictionary<string, string> Form { get; init; }

    public required IReadOnlyList<Comment> Comments { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed class RoleRequestViews(SubjectKeys keys, IAccessDirectory directory)
{
    private static readonly RoleRequestContent Erased = new(new Dictionary<string, string>(StringComparer.Ordinal), []);

    /// <summary>What the actor may do, in operations that require no permission.</summary>
    public async ValueTask<UserAccess> AccessAsync(Actor actor, CancellationToken cancellationToken)
    {
        var access = await directory.FindAsync(actor.HomeTenantId ?? actor.Tenant.Id, actor.RequiredUser.Id, cancellationToken);
        return actor.HomeTenantId is null ? access : access.AcrossTenants();
    }

    public async Task<RoleRequestView> ViewAsync(RoleRequestRow row, CancellationToken cancellationToken)
    {
        var key = await keys.FindAsync(row.UserId, cancellationToken);
        var content = key is null ? Erased : key.Open(row.Content);
        return new RoleRequestView
        {
            Id = row.Id,
            UserId = row.UserId,
            RoleId = row.RoleId,
            OrganizationId = row.Where,
            State = row.State,
            Form = content.Form,
            Comments =
            [
                .. content.Comments.Select(c => new RoleRequestView.Comment
                {
                    UserId = c.By,
                    At = c.At,
                    State = c.State,
                    Text = c.Text,
                }),
            ],
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
    }
}
