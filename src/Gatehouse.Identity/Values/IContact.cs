namespace Gatehouse.Identity.Values;

/// <summary>An address that finds a user and takes messages, of whichever kind.</summary>
internal interface IContact
{
    /// <summary>The kind of its identifiers and blind indexes.</summary>
    string Kind { get; }

    /// <summary>How messages reach it, as <c>notification.requested.v1</c> names it.</summary>
    string Channel { get; }

    /// <summary>Where messages go.</summary>
    string Delivery { get; }

    /// <summary>The form under which two spellings are one address.</summary>
    string Canonical { get; }

    /// <summary>The part that a password must not contain.</summary>
    string Guessed { get; }

    /// <summary>What logs, audit and other users may see.</summary>
    string Masked { get; }
}
