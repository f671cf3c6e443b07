using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Encryption;

/// <summary>Master keys, which encrypt all other keys. They are never stored. If they are lost, all personal data is lost.</summary>
public sealed class KeyOptions : ICheckSettings
{
    /// <summary>
    /// Master keys as <c>id:key</c>, separated by commas: the id is 1 to 32 lower-case letters, digits or hyphens, the key 32 random bytes
    /// in Base64 (<c>openssl rand -base64 32</c>). The first encrypts new keys; the others only decrypt existing keys while they are being
    /// replaced. Required outside development mode, which keeps one in the data folder.
    /// </summary>
    [Secret]
    public string[] Master { get; set; } = [];

    internal IEnumerable<(string Id, byte[] Key)> Parse() =>
        Master.Select(text =>
            TryParse(text, out var id, out var key) ? (id, key) : throw new FormatException("A master key has the form id:key.")
        );

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (Master.Length == 0)
            yield return new ValidationResult(
                "is required: id:key, the key 32 random bytes in Base64 (openssl rand -base64 32)",
                [nameof(Master)]
            );
        else if (!Array.TrueForAll(Master, text => TryParse(text, out _, out _)))
            yield return new ValidationResult("must be id:key pairs separated by commas, each key 32 bytes in Base64", [nameof(Master)]);
        else if (Parse().DistinctBy(k => k.Id).Count() != Master.Length)
            yield return new ValidationResult("must name each id once", [nameof(Master)]);
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out byte[]? key)
    {
        (id, key) = (null, null);
        var parts = text.Split(':');
        var bytes = new byte[MasterKeys.KeySize];
        if (parts.Length != 2 || !IsId(parts[0]))
            return false;
        if (!Convert.TryFromBase64String(parts[1], bytes, out var written) || written != MasterKeys.KeySize)
            return false;
        (id, key) = (parts[0], bytes);
        return true;
    }

    private static bool IsId(string text) =>
        text.Length is >= 1 and <= 32 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
