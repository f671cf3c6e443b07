using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>Takes a hash that another system made, for a user who is brought over from there.</summary>
internal static class ImportedHash
{
    public const string Field = "passwordHash";

    public const string Unsupported = "identity.password-hash-unsupported";
    public const string TooCostly = "identity.password-hash-too-costly";
    public const string WithPassword = "identity.password-hash-with-password";

    public const string Description =
        "Hash of the user's password from another system instead of the password: bcrypt, scrypt or Argon2id as PHC strings, Django's "
        + "pbkdf2_sha256 and pbkdf2_sha1, or version 3 of ASP.NET Core Identity. It is replaced at the first sign-in. Needs users:import.";

    /// <summary>Null without a hash, and with an error for one that would never open anything.</summary>
    public static PasswordHash? Parse(string? hash, string? password, ValidationErrors errors)
    {
        if (hash is null)
            return null;
        if (!string.IsNullOrEmpty(password))
            errors.Add(Field, WithPassword);
        else if (hash.Length == 0)
            errors.Add(Field, ValidationCodes.Required);
        else if (PasswordHasher.CostOf(hash) is not { } cost)
            errors.Add(Field, Unsupported);
        else if (cost.IsTooCostly)
            errors.Add(Field, TooCostly);
        else
            return new PasswordHash(hash);
        return null;
    }
}
