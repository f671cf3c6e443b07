using System.ComponentModel;

namespace Gatehouse.Organizations.Placement;

/// <summary>An e-mail domain of an organization.</summary>
public sealed record EmailDomainView
{
    [Description("ASCII, in lower case, such as school.example.")]
    public required string Domain { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A registration code of an organization.</summary>
public sealed record RegistrationCodeView
{
    [Description("In lower case; it may be typed in any case.")]
    public required string Code { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A domain or a code as it is stored.</summary>
internal sealed class PlacementRow
{
    public Guid Id { get; init; }

    public string Value { get; init; } = "";

    public Guid OrganizationId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public EmailDomainView Domain() => new() { Domain = Value, CreatedAt = CreatedAt };

    public RegistrationCodeView Code() => new() { Code = Value, CreatedAt = CreatedAt };
}
