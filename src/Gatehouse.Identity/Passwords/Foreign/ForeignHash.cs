namespace Gatehouse.Identity.Passwords.Foreign;

/// <summary>A way in which other systems store passwords. Its hashes are verified, and replaced at the first sign-in.</summary>
internal interface IForeignScheme
{
    /// <summary>Null for what is no well-formed hash of this scheme. It costs nothing.</summary>
    ForeignHash? Read(string stored);
}

/// <summary>The hash of another system, as far as it is needed to verify a password.</summary>
/// <param name="Kernel">What computes it.</param>
/// <param name="Units">How much of that.</param>
/// <param name="CostPrefix">The beginning of the stored text that all hashes of this cost share.</param>
/// <param name="Matches">Whether the text made the hash, compared in fixed time.</param>
internal sealed record ForeignHash(HashKernel Kernel, long Units, string CostPrefix, Func<string, bool> Matches)
{
    private static readonly IForeignScheme[] Schemes = [new Bcrypt(), new AspNetIdentity(), new Django(), new Scrypt()];

    /// <summary>Longer than any hash of these schemes with a sensible salt.</summary>
    public const int MaxLength = 512;

    /// <summary>Whether it asks for more than a sign-in may take of the machine.</summary>
    public bool IsTooCostly { get; init; } = Units > Kernel.MaxUnits;

    /// <summary>All that compute hashes, by name.</summary>
    public static readonly IReadOnlyDictionary<string, HashKernel> Kernels = new[]
    {
        Bcrypt.Kernel,
        Pbkdf2.Sha1.Kernel,
        Pbkdf2.Sha256.Kernel,
        Pbkdf2.Sha512.Kernel,
        Scrypt.Kernel,
    }.ToDictionary(kernel => kernel.Name, StringComparer.Ordinal);

    /// <summary>Null for what no scheme knows.</summary>
    public static ForeignHash? Read(string stored) =>
        stored.Length > MaxLength ? null : Schemes.Select(scheme => scheme.Read(stored)).FirstOrDefault(hash => hash is not null);

    public override string ToString() => "[foreign hash]";
}

/// <summary>The function that a scheme repeats, to which its cost is in proportion.</summary>
/// <param name="MaxUnits">The most that a hash may ask for.</param>
/// <param name="ProbeUnits">What <paramref name="Probe"/> computes, a few milliseconds of it, to measure what a unit costs.</param>
internal sealed record HashKernel(string Name, long MaxUnits, long ProbeUnits, Action Probe);
