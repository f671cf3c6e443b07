using System.Text;

namespace Gatehouse.Core.Telemetry;

/// <summary>Names by the rules of Prometheus: letters, digits and underscores, the unit spelled out, counters ending in
/// <c>_total</c>.</summary>
internal static class PrometheusName
{
    public static string Of(string name, string unit, string type)
    {
        var result = Sanitize(name);
        var suffix = UnitOf(unit, type);
        if (suffix.Length > 0 && !result.Contains(suffix, StringComparison.Ordinal))
            result = $"{result}_{suffix}";
        if (type == "counter" && !result.EndsWith("_total", StringComparison.Ordinal))
            result += "_total";
        return result;
    }

    // Labels that begin with two underscores belong to Prometheus itself; Sanitize leaves at most one.
    public static string OfLabel(string key) => Sanitize(key);

    private static string Sanitize(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                if (text.Length == 0 && char.IsAsciiDigit(c))
                    text.Append('_');
                text.Append(c);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.Length == 0 ? "_" : text.ToString();
    }

    private static string UnitOf(string unit, string type)
    {
        // Annotations such as {request} say what is counted and are no unit.
        if (unit.Length == 0 || unit.StartsWith('{'))
            return "";
        if (unit == "1")
            return type == "gauge" ? "ratio" : "";
        return unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "min" => "minutes",
            "h" => "hours",
            "d" => "days",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "%" => "percent",
            _ => Sanitize(unit),
        };
    }
}
