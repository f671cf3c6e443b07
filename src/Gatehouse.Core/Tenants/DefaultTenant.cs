namespace Gatehouse.Core.Tenants;

/// <summary>The tenant that every installation has.</summary>
public static class DefaultTenant
{
    /// <summary>The same in every installation, so that data may move between them: a version-7 id of the first millisecond.</summary>
    public static readonly Guid Id = new("00000000-0001-7000-8000-000000000001");
}
