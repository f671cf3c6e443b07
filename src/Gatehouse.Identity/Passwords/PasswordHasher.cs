using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Core.Results;
using Gatehouse.Core.Telemetry;
using Gatehouse.Identity.Passwords.Foreign;

namespace Gatehouse.Identity.Passwords;

/// <summary>What a password is to a hash.</summary>
internal enum PasswordMatch
{
    None,
    Current,

    /// <summary>It made the hash in the form of an earlier version: hash it anew.</summary>
    Former,
}

/// <summary>
/// Hashes passwords with Argon2id (RFC 9106), one lane, 128-bit salt, 256-bit tag, as PHC strings; verifies these and what other systems
/// made (<see cref="ForeignHash"/>). Every call passes the <see cref="HashingQueue"/> under the name of the client that caused it (its
/// address), and may be answered with <c>identity.overloaded</c>.
/// <para>Every failed verification is the same work, memory times passes: that of the dearest hash there may be
/// (<see cref="PasswordCosts"/>). What the stored hash does not take, because it is cheaper, not verifiable or not there at all, is spent
/// besides.</para>
/// </summary>
internal sealed class PasswordHasher
{
    /// <summary>On the span of a hash: KiB of memory times passes, of all that was computed.</summary>
    public const string WorkTag = "gatehouse.hash.work";

    private const int LeastMemoryKiB = 8;

    private readonly HashingQueue gate;
    private readonly PasswordHashingOptions options;
    private readonly ForeignCosts foreignCosts;
    private long dearest;

    public PasswordHasher(HashingQueue gate, PasswordHashingOptions options)
    {
        this.gate = gate;
        this.options = options;
        dearest = (long)options.MemoryKiB * options.Passes;
        Sodium.Start();
        foreignCosts = new ForeignCosts(options.MemoryKiB, () => Hash("", options.MemoryKiB, passes: 1));
    }

    public Task<Outcome<PasswordHash>> HashAsync(AcceptedPassword password, string client, CancellationToken cancellationToken) =>
        RunAsync(client, () => Hash(password.Reveal()), cancellationToken);

    /// <summary>
    /// Whether the password made the hash, in the form of today or else in another: its former one
    /// (<see cref="PasswordInput.RevealFormer"/>), or as it was typed where another system made the hash
    /// (<see cref="PasswordInput.RevealRaw"/>). A password that has another form costs twice as much wherever it fails. A hash of no known
    /// scheme, or of a cost beyond the caps, is never verified.
    /// </summary>
    /// <param name="hash">Null where there is none: no account, or no password.</param>
    /// <param name="mayOpen">False: whatever the password is, the answer is no, and costs what a wrong one does.</param>
    public async Task<Outcome<PasswordMatch>> MatchAsync(
        PasswordHash? hash,
        PasswordInput password,
        string client,
        CancellationToken cancellationToken,
        bool mayOpen = true
    ) => await RunAsync(client, () => Verify(hash?.ToStored(), password, mayOpen), cancellationToken);

    /// <summary>As <see cref="MatchAsync"/>, where the form does not matter.</summary>
    public async Task<Outcome<bool>> VerifyAsync(
        PasswordHash? hash,
        PasswordInput password,
        string client,
        CancellationToken cancellationToken
    ) =>
        await MatchAsync(hash, password, client, cancellationToken) is var match && match.Error is { } busy
            ? busy
            : match.Value != PasswordMatch.None;

    /// <summary>Hashes a password that is in use already with today's settings; null when the machine is too busy for that now.</summary>
    public async Task<PasswordHash?> RehashAsync(PasswordInput verified, string client, CancellationToken cancellationToken) =>
        (await RunAsync(client, () => Hash(verified.Reveal()), cancellationToken)) is { Succeeded: true } hash ? hash.Value : null;

    /// <summary>Hashes of this cost are or may be stored, so failures cost no less from now on.</summary>
    public void Meet(long work)
    {
        work = Math.Min(work, (long)PasswordHashingOptions.MaxMemoryKiB * PasswordHashingOptions.MaxPasses);
        for (var known = Interlocked.Read(ref dearest); work > known; )
        {
            var now = Interlocked.CompareExchange(ref dearest, work, known);
            if (now == known)
                return;
            known = now;
        }
    }

    /// <summary>What a stored hash costs, wherever it comes from; null for one that is never verified.</summary>
    public static HashCost? CostOf(string stored) =>
        ForeignHash.Read(stored) is { } foreign ? new HashCost(foreign, foreign.IsTooCostly)
        : stored.Length < Sodium.HashSize && ReadCost(stored) is { } own ? new HashCost(own, IsBeyondCaps(own))
        : null;

    /// <summary>As <see cref="Meet(long)"/>, of hashes from other systems; a kernel that is new here is measured, in the queue.</summary>
    public Task<Outcome<long>> MeetAsync(HashKernel kernel, long units, string client, CancellationToken cancellationToken) =>
        RunAsync(
            client,
            () =>
            {
                var work = foreignCosts.WorkOf(kernel, units);
                Meet(work);
                return (work, 0L);
            },
            cancellationToken
        );

    public bool NeedsRehash(PasswordHash hash) =>
        ReadCost(hash.ToStored()) is not { } cost || cost.MemoryKiB < options.MemoryKiB || cost.Passes < options.Passes;

    // The dearest step of a request: a trace shows it, the wait for its turn included.
    private async Task<Outcome<T>> RunAsync<T>(string client, Func<(T Result, long Work)> work, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("password.hash");
        var outcome = await gate.RunAsync(client, work, cancellationToken);
        if (outcome.Error is { } error)
            return error;
        span?.SetTag(WorkTag, outcome.Value.Work);
        return outcome.Value.Result;
    }

    private (PasswordHash Hash, long Work) Hash(string password) => Hash(password, options.MemoryKiB, options.Passes);

    private static (PasswordHash Hash, long Work) Hash(string password, long memoryKiB, long passes)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        Span<byte> hash = stackalloc byte[Sodium.HashSize];
        var failed = Sodium.Hash(hash, bytes, (ulong)bytes.Length, (ulong)passes, (nuint)memoryKiB * 1024, Sodium.Argon2Id) != 0;
        CryptographicOperations.ZeroMemory(bytes);
        // libsodium rejects only when it cannot have the memory.
        if (failed)
            throw new InvalidOperationException($"No memory for a password hash ({memoryKiB} KiB).");
        return (new PasswordHash(Encoding.ASCII.GetString(hash[..hash.IndexOf((byte)0)])), memoryKiB * passes);
    }

    private (PasswordMatch Match, long Work) Verify(string? stored, PasswordInput password, bool mayOpen)
    {
        var check = stored is null ? null : Read(stored);
        Meet(check?.Work ?? 0);
        // A form that only other hashes are compared with counts, too: which one is stored must not show.
        var forms = password.RevealRaw() is null ? 1 : 2;
        var spent = 0L;
        if (check is not null)
        {
            spent += check.Work;
            if (check.Matches(password.Reveal()) && mayOpen)
                return (PasswordMatch.Current, spent);
        }

        if (check is not null && (check.IsForeign ? password.RevealRaw() : password.RevealFormer()) is { } other)
        {
            spent += check.Work;
            if (check.Matches(other) && mayOpen)
                return (PasswordMatch.Former, spent);
        }

        return (PasswordMatch.None, spent + Spend(password.Reveal(), (Interlocked.Read(ref dearest) * forms) - spent));
    }

    // A stored hash must not decide how much of the machine a sign-in takes.
    private Check? Read(string stored) =>
        CostOf(stored) switch
        {
            { IsTooCostly: false, Foreign: { } foreign } => new Check(
                foreignCosts.WorkOf(foreign.Kernel, foreign.Units),
                foreign.Matches,
                IsForeign: true
            ),
            { IsTooCostly: false, Own: { } own } => new Check(
                (long)own.MemoryKiB * own.Passes,
                text => Matches(stored, text),
                IsForeign: false
            ),
            _ => null,
        };

    private static bool IsBeyondCaps((uint MemoryKiB, uint Passes) cost) =>
        cost is { MemoryKiB: > PasswordHashingOptions.MaxMemoryKiB } or { Passes: > PasswordHashingOptions.MaxPasses };

    // As many passes as today's memory needs for it, and so never more memory than any other hash. Argon2 takes memory times passes.
    private long Spend(string password, long work)
    {
        if (work < LeastMemoryKiB)
            return 0;
        var passes = (work + options.MemoryKiB - 1) / options.MemoryKiB;
        return Hash(password, Math.Max(work / passes, LeastMemoryKiB), passes).Work;
    }

    private static bool Matches(string phc, string password)
    {
        Span<byte> hash = stackalloc byte[Sodium.HashSize];
        hash.Clear();
        Encoding.ASCII.GetBytes(phc, hash);
        var bytes = Encoding.UTF8.GetBytes(password);
        var matches = Sodium.Verify(hash, bytes, (ulong)bytes.Length) == 0;
        CryptographicOperations.ZeroMemory(bytes);
        return matches;
    }

    // $argon2id$v=19$m=19456,t=2,p=1$salt$tag. Null for what libsodium would turn away without work.
    private static (uint MemoryKiB, uint Passes)? ReadCost(string phc) =>
        phc.Split('$') is ["", "argon2id", "v=19", var cost, var salt, var tag]
        && IsBase64(salt, leastBytes: 8)
        && IsBase64(tag, leastBytes: 16)
        && cost.Split(',') is [['m', '=', .. var memory], ['t', '=', .. var passes], "p=1"]
        && uint.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
        && uint.TryParse(passes, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
        && m >= LeastMemoryKiB
        && t >= 1
            ? (m, t)
            : null;

    // PHC strings carry Base64 without padding.
    private static bool IsBase64(string text, int leastBytes) =>
        Base64.IsValid(text.PadRight((text.Length + 3) / 4 * 4, '='), out var bytes)
        && bytes >= leastBytes
        && !text.Contains('=', StringComparison.Ordinal);

    /// <param name="Work">KiB of memory times passes, or what comes to that.</param>
    private sealed record Check(long Work, Func<string, bool> Matches, bool IsForeign);
}

/// <summary>What a stored hash asks for: one of ours, or of another system.</summary>
internal sealed record HashCost
{
    public HashCost(ForeignHash foreign, bool isTooCostly) => (Foreign, IsTooCostly) = (foreign, isTooCostly);

    public HashCost((uint MemoryKiB, uint Passes) own, bool isTooCostly) => (Own, IsTooCostly) = (own, isTooCostly);

    public ForeignHash? Foreign { get; }

    public (uint MemoryKiB, uint Passes)? Own { get; }

    public bool IsTooCostly { get; }
}
