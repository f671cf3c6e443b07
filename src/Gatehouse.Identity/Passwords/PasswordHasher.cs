using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Identity.Values;
using Gatehouse.Runtime.Outcomes;
using Gatehouse.Runtime.Telemetry;

namespace Gatehouse.Identity.Passwords;

/// <summary>
/// Hashes and verifies passwords with Argon2id (RFC 9106), one lane, 128-bit salt, 256-bit tag, as PHC strings. Every call passes the
/// <see cref="HashingGate"/> under the name of the client that caused it (its address), and may be answered with <c>identity.busy</c>.
/// </summary>
internal sealed class PasswordHasher
{
    private readonly HashingGate gate;
    private readonly PasswordHashingOptions options;

    public PasswordHasher(HashingGate gate, PasswordHashingOptions options)
    {
        this.gate = gate;
        this.options = options;
        Sodium.Start();
        Decoy = new PasswordHash(string.Create(
            CultureInfo.InvariantCulture, $"$argon2id$v=19$m={options.MemoryKiB},t={options.Passes},p=1${Random64(16)}${Random64(32)}"));
    }

    /// <summary>A hash that no password makes, as dear to verify as a new one: what is verified where there is no account.</summary>
    public PasswordHash Decoy { get; }

    public Task<Outcome<PasswordHash>> HashAsync(AcceptedPassword password, string client, CancellationToken cancellationToken) =>
        RunAsync(client, () => Hash(password.Reveal()), cancellationToken);

    /// <summary>Whether the password made the hash. A hash that is not Argon2id, or costs more than the settings may ask for, is never verified.</summary>
    public Task<Outcome<bool>> VerifyAsync(PasswordHash hash, TypedPassword password, string client, CancellationToken cancellationToken) =>
        RunAsync(client, () => Verify(hash.Reveal(), password.Reveal()), cancellationToken);

    /// <summary>Hashes a password that is in use already with today's settings; null when the machine is too busy for that now.</summary>
    public async Task<PasswordHash?> RehashAsync(TypedPassword verified, string client, CancellationToken cancellationToken) =>
        (await RunAsync(client, () => Hash(verified.Reveal()), cancellationToken)) is { Succeeded: true } hash ? hash.Value : null;

    /// <summary>Whether the hash is cheaper to guess than today's settings make one.</summary>
    public bool NeedsRehash(PasswordHash hash) =>
        ReadCost(hash.Reveal()) is not { } cost || cost.MemoryKiB < options.MemoryKiB || cost.Passes < options.Passes;

    // The dearest step of a request: a trace shows it, the wait for its turn included.
    private async Task<Outcome<T>> RunAsync<T>(string client, Func<T> work, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("password.hash");
        return await gate.RunAsync(client, work, cancellationToken);
    }

    private PasswordHash Hash(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        Span<byte> hash = stackalloc byte[Sodium.HashSize];
        var failed = Sodium.Hash(hash, bytes, (ulong)bytes.Length, (ulong)options.Passes, (nuint)options.MemoryKiB * 1024, Sodium.Argon2Id) != 0;
        CryptographicOperations.ZeroMemory(bytes);
        // libsodium refuses only when it cannot have the memory.
        if (failed) throw new InvalidOperationException($"No memory for a password hash ({options.MemoryKiB} KiB).");
        return new PasswordHash(Encoding.ASCII.GetString(hash[..hash.IndexOf((byte)0)]));
    }

    private static bool Verify(string phc, string password)
    {
        if (phc.Length >= Sodium.HashSize || ReadCost(phc) is not { } cost) return false;
        // An imported hash must not decide how much of the machine a sign-in takes.
        if (cost.MemoryKiB > PasswordHashingOptions.MostMemoryKiB || cost.Passes > PasswordHashingOptions.MostPasses) return false;

        Span<byte> hash = stackalloc byte[Sodium.HashSize];
        hash.Clear();
        Encoding.ASCII.GetBytes(phc, hash);
        var bytes = Encoding.UTF8.GetBytes(password);
        var matches = Sodium.Verify(hash, bytes, (ulong)bytes.Length) == 0;
        CryptographicOperations.ZeroMemory(bytes);
        return matches;
    }

    // PHC strings carry Base64 without padding.
    private static string Random64(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes)).TrimEnd('=');

    // $argon2id$v=19$m=19456,t=2,p=1$salt$tag
    private static (uint MemoryKiB, uint Passes)? ReadCost(string phc) =>
        phc.Split('$') is ["", "argon2id", "v=19", var cost, _, _]
        && cost.Split(',') is [['m', '=', .. var memory], ['t', '=', .. var passes], "p=1"]
        && uint.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
        && uint.TryParse(passes, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
            ? (m, t) : null;
}
