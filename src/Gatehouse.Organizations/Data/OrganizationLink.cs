namespace Gatehouse.Organizations.Data;

/// <summary>An organization as pages name it.</summary>
public sealed record OrganizationLink(Guid Id)
{
    public required string Name { get; init; }

    public required string Code { get; init; }

    /// <summary>Roles in one that is not active count for nothing.</summary>
    public required bool IsActive { get; init; }

    internal static OrganizationLink Of(OrganizationRow row) =>
        new(row.Id)
        {
            Name = row.Name,
            Code = row.Code,
            IsActive = row.State == OrganizationRow.Active,
        };
}
