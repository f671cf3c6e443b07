using System.ComponentModel;
using System.Globalization;

namespace Gatehouse.Core.Configuration;

/// <summary>Values of settings as text. Stricter than the framework's binder, which reads the time span "60" as sixty days.</summary>
internal static class SettingsValue
{
    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static bool IsLeaf(Type type) =>
        type.IsArray
        || type.IsEnum
        || type.IsPrimitive
        || type == typeof(string)
        || type == typeof(decimal)
        || type == typeof(TimeSpan)
        || type == typeof(Uri)
        || type == typeof(Guid)
        || Nullable.GetUnderlyingType(type) is not null;

    public static bool TryRead(Type type, string text, out object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        text = text.Trim();
        value = null;
        if (type == typeof(string))
            value = text;
        else if (type == typeof(TimeSpan))
            value = ReadTimeSpan(text);
        else if (type.IsEnum)
            value = ReadEnum(type, text);
        else if (type == typeof(Uri))
            value = Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;
        else
            value = Convert(type, text);
        return value is not null;
    }

    public static string Describe(Type type)
    {
        if (type.IsArray)
            return $"a list, each item {Describe(type.GetElementType()!)}";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(string))
            return "a string";
        if (type == typeof(TimeSpan))
            return "a duration such as 90s, 10m, 1h, 14d or 00:10:00";
        if (type == typeof(Uri))
            return "an absolute URL";
        if (type == typeof(Guid))
            return "a UUID";
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type));
        return type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? "a number" : "a whole number";
    }

    public static string Write(object? value) =>
        value switch
        {
            null => "",
            Array items => string.Join(", ", items.Cast<object>().Select(Write)),
            bool flag => flag ? "true" : "false",
            TimeSpan time => WriteTimeSpan(time),
            IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private static TimeSpan? ReadTimeSpan(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var exact) ? exact : null;

        foreach (var (suffix, unit) in Units)
        {
            if (
                text.EndsWith(suffix, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= TimeSpan.MaxValue / unit
            )
            {
                return unit * count;
            }
        }

        return null;
    }

    private static string WriteTimeSpan(TimeSpan time)
    {
        foreach (var (suffix, unit) in Units.Reverse())
        {
            if (time >= unit && time.Ticks % unit.Ticks == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / unit.Ticks}{suffix}");
        }

        return time.ToString("c", CultureInfo.InvariantCulture);
    }

    // Enum.TryParse would also take numbers and lists of names.
    private static object? ReadEnum(Type type, string text) =>
        Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known
            ? Enum.Parse(type, known)
            : null;

    private static object? Convert(Type type, string text)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return null;
        }
    }
}
