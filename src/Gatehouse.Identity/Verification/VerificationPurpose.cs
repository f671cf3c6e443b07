using Gatehouse.Core.Results;

namespace Gatehouse.Identity.Verification;

/// <summary>
/// What codes and links are for, with the terms they have there. A purpose is registered once (<c>AddVerification</c>) and needs no table,
/// rule or purge of its own; a code or link of one purpose is none of another.
/// </summary>
internal abstract class VerificationPurpose
{
    /// <summary>Whether it stands in the database whichever store is chosen: where others were promised a result, the code must be there
    /// after a crash as it was before (record 106).</summary>
    public virtual bool StandsInDatabase => false;

    /// <summary>Stored, and part of what a code's hash is made of: it never changes.</summary>
    public abstract string Name { get; }

    /// <summary>Digits of a code: at least 6 (ASVS 6.5.4).</summary>
    public abstract int CodeDigits { get; }

    /// <summary>The lengths that codes can have, from the usual one on. One unless codes grow.</summary>
    public virtual IReadOnlyList<int> CodeLengths => [CodeDigits];

    /// <summary>How long a code is valid, from the moment it is made; at most 10 minutes (NIST SP 800-63B-4 §3.1.3.2).</summary>
    public abstract TimeSpan CodeLifetime { get; }

    /// <summary>Wrong codes after which the right one is rejected, too.</summary>
    public abstract int Attempts { get; }

    /// <summary>Messages one verification may send.</summary>
    public abstract int MaxSends { get; }

    /// <summary>How long a link is valid, and the verification with it.</summary>
    public abstract TimeSpan Lifetime { get; }

    /// <summary>Whether each message gives a new lifetime; otherwise it ends where the first one said.</summary>
    public virtual bool MessagesProlong => false;

    /// <summary>How long the key must live that seals what the verification knows.</summary>
    public TimeSpan MaxLifetime => MessagesProlong ? 2 * MaxSends * Lifetime : Lifetime;

    /// <summary>No such verification, or its time is over. Said of foreign and made-up ids alike.</summary>
    public abstract Error NotFound { get; }

    /// <summary>Said only to who has the right code or link: it has done its work before.</summary>
    public abstract Error Completed { get; }

    /// <summary>Seconds until another message may be asked for; 0 when there will be none.</summary>
    public int ResendAfter(PendingVerification pending, DateTimeOffset now) =>
        pending.Sends < MaxSends ? (int)Math.Ceiling((pending.ResendAt - now).TotalSeconds) : 0;
}
