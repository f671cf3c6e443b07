using System.Globalization;
using System.Text;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>Django's <c>pbkdf2_sha256$iterations$salt$tag</c> and <c>pbkdf2_sha1$…</c>; the salt is text, the tag Base64.</summary>
internal sealed class Django : IForeignScheme
{
    public ForeignHash? Read(string stored) =>
        stored.Split('$') is [var name, var count, { Length: > 0 } salt, var tag]
        && FunctionOf(name) is { } function
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
        && Ascii.IsValid(salt)
        && Base64Text.Read(tag, isPadded: true) is { } bytes
            ? function.Read(iterations, Encoding.ASCII.GetBytes(salt), bytes, $"{name}${count}$")
            : null;

    private static Pbkdf2? FunctionOf(string name) =>
        name switch
        {
            "pbkdf2_sha256" => Pbkdf2.Sha256,
            "pbkdf2_sha1" => Pbkdf2.Sha1,
            _ => null,
        };
}
