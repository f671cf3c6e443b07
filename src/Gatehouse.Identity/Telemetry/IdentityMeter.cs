namespace Gatehouse.Identity.Telemetry;

/// <summary>The meter that all areas of this module count with.</summary>
internal static class IdentityMeter
{
    public const string Name = "Gatehouse.Identity";
}
