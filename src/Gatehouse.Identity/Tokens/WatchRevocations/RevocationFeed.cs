using System.Buffers.Binary;
using System.Buffers.Text;
using Gatehouse.Core.Results;
using Gatehouse.Web;

namespace Gatehouse.Identity.Tokens;

/// <summary>What was revoked while access tokens of it may still be within their time.</summary>
/// <param name="At">By the database, or by this node for what it revoked itself.</param>
internal sealed record Revoked(Guid TenantId, Guid Id, DateTimeOffset At)
{
    public RevokedKind Kind { get; init; }
}

internal enum RevokedKind
{
    /// <summary>A user's session.</summary>
    Session,

    /// <summary>One token of a service account.</summary>
    Token,

    /// <summary>All tokens that a service account was issued until then.</summary>
    Client,

    /// <summary>All tokens of a tenant that were issued until then.</summary>
    Tenant,
}

/// <summary>
/// What streams of revocations read: a chain that grows at its end and that each stream goes along by itself. What all have passed is
/// collected, so a thousand streams hold no more than one.
/// </summary>
internal sealed class RevocationFeed
{
    private Link last = new([], DateTimeOffset.MinValue);

    /// <summary>Where a new stream begins.</summary>
    public Link Last => Volatile.Read(ref last);

    /// <summary>Nothing revoked is a sign of life.</summary>
    /// <param name="known">Up to when everything is told with it.</param>
    public void Append(IReadOnlyList<Revoked> revoked, DateTimeOffset known)
    {
        var added = new Link(revoked, known);
        Interlocked.Exchange(ref last, added).GoOn(added);
    }

    internal sealed class Link(IReadOnlyList<Revoked> revoked, DateTimeOffset known)
    {
        private readonly TaskCompletionSource<Link> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<Revoked> Revoked { get; } = revoked;

        public DateTimeOffset Known { get; } = known;

        public Task<Link> Next => next.Task;

        public void GoOn(Link added) => next.SetResult(added);
    }
}

/// <summary>Up to when a reader knows what was revoked. Any node can go on from it. Pure.</summary>
internal static class RevocationCursor
{
    private const int Length = sizeof(long);

    public static string Of(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for the empty text: from the beginning.</summary>
    public static Outcome<DateTimeOffset?> Parse(string text)
    {
        if (text.Length == 0)
            return (DateTimeOffset?)null;
        Span<byte> bytes = stackalloc byte[Length];
        if (
            Base64Url.IsValid(text, out var length)
            && length == Length
            && Base64Url.TryDecodeFromChars(text, bytes, out _)
            && BinaryPrimitives.ReadInt64BigEndian(bytes) is var milliseconds and >= 0 and < 253_402_300_800_000
        )
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        var errors = new ValidationErrors();
        errors.Add("cursor", ValidationCodes.InvalidText);
        return RequestErrors.InvalidWith(errors);
    }
}
