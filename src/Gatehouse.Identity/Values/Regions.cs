using System.Globalization;
using PhoneNumbers;

namespace Gatehouse.Identity.Values;

/// <summary>The countries and territories that numbers can be written in the national way of.</summary>
internal static class Regions
{
    private static readonly HashSet<string> Known = [.. PhoneNumberUtil.GetInstance().GetSupportedRegions()];

    public static bool IsKnown(string region) => Known.Contains(region);
}
